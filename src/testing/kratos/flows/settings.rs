//! Settings: the profile, the password and second factors.

use http::StatusCode;
use serde_json::{Value, json};

use super::reply::{refuse, refuse_with};
use super::{codes, fetch, forms, json, messages, nodes, reply, sign_in, start, submission};
use crate::testing::clock::{after, rfc3339};
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply};
use crate::testing::kratos::call::Call;
use crate::testing::kratos::refusal::{Outcome, Refusal};
use crate::testing::kratos::{caller, returns};
use crate::testing::model::{Flow, FlowKind, LookupSecrets, Message, PRIVILEGED, Session};
use crate::testing::state::State;

pub(crate) fn start(state: &mut State, call: &Call) -> Outcome {
    let session = caller::session(state, call).ok_or_else(|| nobody(state, call))?;
    check_second_factor(state, &session)?;
    let mut flow = start::new_flow(state, call, FlowKind::Settings)?;
    flow.identity = Some(session.identity);
    forms::fill(state, &mut flow);
    Ok(reply::show(state, call, flow))
}

/// Refuses whoever is not signed in. A browser signs in and comes back.
fn nobody(state: &State, call: &Call) -> Refusal {
    let error = sign_in::no_session();
    if start::is_native(call) {
        let reason = "This endpoint can only be accessed with a valid session. Please log in and try again.";
        return error.reason(reason).into();
    }
    let error = error.reason("No active session was found in this request.").beside("CredentialsMissing", false);
    Refusal::or_page(error, format!("{}/self-service/login/browser", state.url))
}

fn check_second_factor(state: &State, session: &Session) -> Outcome<()> {
    let url = caller::second_factor_url(state, None);
    caller::check_second_factor(state, session).map_err(|error| Refusal::or_page(error, url))
}

/// The flow of the settings that follow a recovery, kept for the person to go on with.
pub(super) fn after_recovery(state: &mut State, call: &Call, recovery: &Flow, session: &Session) -> uuid::Uuid {
    let request_url = format!("{}{}", state.url, call.target);
    let mut flow = Flow::new(&state.clock, FlowKind::Settings, request_url, recovery.return_to.clone());
    flow.is_browser = recovery.is_browser;
    flow.csrf = recovery.csrf.clone();
    flow.identity = Some(session.identity);
    forms::fill(state, &mut flow);
    let until = after(session.authenticated_at, PRIVILEGED);
    let text = format!(
        "You successfully recovered your account. Please change your password or set up an alternative login method \
         (e.g. social sign in) within the next {:.2} minutes.",
        PRIVILEGED.num_seconds() as f64 / 60.0
    );
    let context = json!({
        "privilegedSessionExpiresAt": rfc3339(until),
        "privileged_session_expires_at": rfc3339(until),
        "privileged_session_expires_at_unix": until.timestamp(),
    });
    flow.form.messages = vec![Message::success(1_060_001, text).context(context)];
    let id = flow.id;
    state.flows.insert(flow);
    id
}

fn signed_in(state: &State, call: &Call) -> Result<Session, Error> {
    let missing = || Error::unauthorized("A valid Ory Session Cookie or Ory Session Token is missing.");
    let session = caller::session(state, call).ok_or_else(missing)?;
    caller::check_second_factor(state, &session)?;
    Ok(session)
}

pub(crate) fn get(state: &State, call: &Call) -> HandlerResult {
    let session = signed_in(state, call)?;
    let flow = fetch::find(state, call, FlowKind::Settings)?;
    if flow.identity != Some(session.identity) {
        let reason = "The request was made for another identity and has been blocked for security reasons.";
        return Err(Error::forbidden(reason).id("security_identity_mismatch").into());
    }
    Ok(Reply::ok(&json::flow(flow, state)))
}

/// A browser comes back from a login that a change wanted. What it submitted then is not kept, so it does so again.
pub(crate) fn come_back(state: &State, call: &Call) -> Outcome {
    let flow = submission::find(state, call, FlowKind::Settings)?;
    Ok(returns::see_other(call, &returns::page_of(state, FlowKind::Settings, flow.id)))
}

pub(crate) fn submit(state: &mut State, call: &Call) -> Outcome {
    let mut flow = submission::find(state, call, FlowKind::Settings)?;
    let session = signed_in(state, call)?;
    if flow.identity != Some(session.identity) {
        let reason = "The request was initiated by someone else and has been blocked for security reasons. Please go \
                      back and try again.";
        return Err(Error::forbidden(reason).id("security_identity_mismatch").into());
    }
    let body = submission::open(state, call, &mut flow)?;
    submission::check_method(&body)?;
    let has = |name: &str| body[name] == true;
    match body["method"].as_str().unwrap_or_default() {
        "profile" => profile(state, call, flow, &session, body["traits"].clone()),
        "password" => password(state, call, flow, &session, &body),
        "totp" | "" if has("totp_unlink") => unlink_totp(state, call, flow, &session),
        "totp" => link_totp(state, call, flow, &session, &body),
        "lookup_secret" | "" if has("lookup_secret_regenerate") => make_secrets(state, call, flow, &session, &body),
        "lookup_secret" | "" if has("lookup_secret_reveal") => show_secrets(state, call, flow, &session, &body),
        "lookup_secret" | "" if has("lookup_secret_confirm") => keep_secrets(state, call, flow, &session),
        "lookup_secret" | "" if has("lookup_secret_disable") => drop_secrets(state, call, flow, &session),
        _ => {
            let text = "Could not find a strategy to update your settings. Did you fill out the form correctly?";
            Err(refuse_with(state, call, flow, Message::error(4_010_004, text)).into())
        }
    }
}

fn profile(state: &mut State, call: &Call, mut flow: Flow, session: &Session, mut traits: Value) -> Outcome {
    let schema = &state.identities.schema;
    let violations = schema.violations(&traits);
    if !violations.is_empty() {
        // The form shows the traits that were sent, and no others.
        nodes::clear_traits(&mut flow.form, schema);
        nodes::set_traits(&mut flow.form, schema, &traits);
        messages::add_violations(&mut flow.form, "profile", &violations);
        return Err(refuse(state, call, flow).into());
    }
    schema.complete(&mut traits);
    let before = state.identities.get(session.identity).map(|identity| schema.identifiers(&identity.traits));
    if before != Some(schema.identifiers(&traits)) {
        check_privileged(state, &flow, session)?;
    }
    if state.identities.is_taken(&traits, Some(session.identity)) {
        return Err(refuse_with(state, call, flow, messages::taken()).into());
    }
    state.identities.change(session.identity, |identity, schema| {
        identity.set_traits(&state.clock, schema, traits);
        // The server drops this time when people change their own traits.
        identity.state_changed_at = None;
    });
    Ok(saved(state, call, flow, session))
}

fn password(state: &mut State, call: &Call, mut flow: Flow, session: &Session, body: &Value) -> Outcome {
    check_privileged(state, &flow, session)?;
    let Some(password) = submission::new_password(&mut flow, body) else {
        return Err(refuse(state, call, flow).into());
    };
    state.identities.change(session.identity, |identity, _| {
        identity.set_password(password);
        identity.updated_at = state.clock.now();
    });
    Ok(saved(state, call, flow, session))
}

fn link_totp(state: &mut State, call: &Call, mut flow: Flow, session: &Session, body: &Value) -> Outcome {
    check_privileged(state, &flow, session)?;
    let Some(code) = submission::required(&mut flow, body, "totp", "totp_code") else {
        return Err(refuse(state, call, flow).into());
    };
    let now = state.clock.now();
    let Some(mut totp) = flow.totp.clone().filter(|totp| totp.accepts(&code, now)) else {
        flow.form.add_message("totp", "totp_code", messages::wrong_totp());
        return Err(refuse(state, call, flow).into());
    };
    totp.created_at = now;
    state.identities.change(session.identity, |identity, _| {
        identity.totp = Some(totp);
        identity.updated_at = now;
    });
    state.sessions.add_proof(&state.clock, session.id, "totp");
    Ok(saved(state, call, flow, session))
}

fn unlink_totp(state: &mut State, call: &Call, flow: Flow, session: &Session) -> Outcome {
    check_privileged(state, &flow, session)?;
    state.identities.change(session.identity, |identity, _| {
        identity.totp = None;
        identity.updated_at = state.clock.now();
    });
    Ok(saved(state, call, flow, session))
}

/// Shows new lookup secrets, which are kept once the person confirms them.
fn make_secrets(state: &mut State, call: &Call, mut flow: Flow, session: &Session, body: &Value) -> Outcome {
    check_privileged(state, &flow, session)?;
    let secrets = LookupSecrets::generate();
    let shown: Vec<Message> = secrets.iter().map(|secret| lookup_message(secret)).collect();
    flow.lookup_secrets = Some(secrets);
    remove_lookup(&mut flow);
    flow.form.upsert(nodes::lookup_secrets(&shown));
    let label = Message::info(1_050_011, "Confirm backup recovery codes");
    flow.form.upsert(nodes::button("lookup_secret", "lookup_secret_confirm", "true", label));
    flow.saved = false;
    Ok(reply::go_on(state, call, flow, StatusCode::OK, &[reply::payload(body)]))
}

fn show_secrets(state: &mut State, call: &Call, mut flow: Flow, session: &Session, body: &Value) -> Outcome {
    check_privileged(state, &flow, session)?;
    let secrets = state.identities.get(session.identity).and_then(|identity| identity.lookup_secrets.as_ref());
    let Some(secrets) = secrets else {
        let message = messages::generic("Can not reveal lookup codes because you have none.");
        return Err(refuse_with(state, call, flow, message).into());
    };
    let shown = secrets.codes.iter().map(|(secret, used_at)| match used_at {
        None => lookup_message(secret),
        Some(at) => Message::info(1_050_014, format!("Secret was used at {}", at.format("%F %T %z UTC")))
            .context(json!({"used_at": rfc3339(*at), "used_at_unix": at.timestamp()})),
    });
    let shown: Vec<Message> = shown.collect();
    remove_lookup(&mut flow);
    flow.form.upsert(nodes::lookup_secrets(&shown));
    flow.form.upsert(forms::disable_lookup());
    flow.form.upsert(forms::regenerate_lookup());
    flow.saved = false;
    Ok(reply::go_on(state, call, flow, StatusCode::OK, &[reply::payload(body)]))
}

fn lookup_message(secret: &str) -> Message {
    Message::info(1_050_009, secret).context(json!({"secret": secret}))
}

fn remove_lookup(flow: &mut Flow) {
    for name in ["codes", "confirm", "reveal", "disable", "regenerate"] {
        flow.form.remove(&format!("lookup_secret_{name}"));
    }
}

fn keep_secrets(state: &mut State, call: &Call, mut flow: Flow, session: &Session) -> Outcome {
    check_privileged(state, &flow, session)?;
    let Some(secrets) = flow.lookup_secrets.take() else {
        let message = messages::generic("You must (re-)generate recovery backup codes before you can save them.");
        return Err(refuse_with(state, call, flow, message).into());
    };
    let now = state.clock.now();
    state.identities.change(session.identity, |identity, _| {
        identity.lookup_secrets = Some(LookupSecrets::new(secrets, now));
        identity.updated_at = now;
    });
    state.sessions.add_proof(&state.clock, session.id, "lookup_secret");
    Ok(saved(state, call, flow, session))
}

fn drop_secrets(state: &mut State, call: &Call, flow: Flow, session: &Session) -> Outcome {
    check_privileged(state, &flow, session)?;
    state.identities.change(session.identity, |identity, _| {
        identity.lookup_secrets = None;
        identity.updated_at = state.clock.now();
    });
    Ok(saved(state, call, flow, session))
}

fn saved(state: &mut State, call: &Call, mut flow: Flow, session: &Session) -> Reply {
    codes::verify_new_address(state, call, session.identity, flow.is_browser);
    forms::fill(state, &mut flow);
    flow.add_message(Message::success(1_050_001, "Your changes have been saved!"));
    flow.saved = true;
    if !flow.is_browser {
        return reply::show(state, call, flow);
    }
    let url = flow.return_to.clone().unwrap_or_else(|| returns::page_of(state, FlowKind::Settings, flow.id));
    let reply = if call.wants_json() {
        let next = json!([{"action": "redirect_browser_to", "redirect_browser_to": url}]);
        reply::go_on(state, call, flow, StatusCode::OK, &[("continue_with", next)])
    } else {
        state.flows.insert(flow);
        returns::see_other(call, &url)
    };
    caller::set_cookie(state, reply, session)
}

/// Refuses a session that was not refreshed lately, and names the URL that refreshes it.
fn check_privileged(state: &State, flow: &Flow, session: &Session) -> Outcome<()> {
    if session.is_privileged(&state.clock) {
        return Ok(());
    }
    let back = format!("{}/self-service/settings?flow={}", state.url, flow.id);
    let mut query = String::new();
    crate::wire::form::append_pair(&mut query, "refresh", "true");
    crate::wire::form::append_pair(&mut query, "return_to", &back);
    let url = format!("{}/self-service/login/browser?{query}", state.url);
    let reason = "The login session is too old and thus not allowed to update these fields. Please re-authenticate.";
    let error = Error::forbidden(reason).id("session_refresh_required").beside("redirect_browser_to", url.as_str());
    Err(if flow.is_browser { Refusal::or_page(error, url) } else { Reply::from(error).into() })
}
