//! Login: with a password, with a mailed code, or with a second factor.

use http::StatusCode;
use serde_json::{Value, json};

use super::reply::{refuse, refuse_with};
use super::{codes, forms, messages, nodes, reply, second_factor, sign_in, start, submission};
use crate::testing::error::Error;
use crate::testing::http::not_served;
use crate::testing::kratos::call::Call;
use crate::testing::kratos::refusal::Outcome;
use crate::testing::kratos::{body, caller, returns};
use crate::testing::model::{Entered, Flow, FlowKind, Message, Node, Session, Step};
use crate::testing::state::State;

/// What the server adds for whoever is signed in.
const HINT: &str = " Did you forget to set `?refresh=true`?";

pub(crate) fn start(state: &mut State, call: &Call) -> Outcome {
    let aal2 = requests_aal2(call)?;
    let refresh = call.parameter("refresh") == Some("true");
    check_challenge(call)?;
    let mut flow = start::new_flow(state, call, FlowKind::Login)?;
    let own = caller::session(state, call);
    check_session(own.as_ref(), refresh, aal2, || returns::after(state, &flow))?;
    flow.refresh = refresh && own.is_some();
    flow.aal2 = aal2;
    flow.identity = own.map(|own| own.identity).filter(|_| aal2);
    forms::fill(state, &mut flow);
    Ok(reply::show(state, call, flow))
}

fn requests_aal2(call: &Call) -> Outcome<bool> {
    match call.parameter("aal").unwrap_or_default() {
        "" | "aal1" => Ok(false),
        "aal2" => Ok(true),
        other => {
            let reason = format!(
                "Unable to parse AuthenticationMethod Assurance Level (AAL): expected one of [aal1, aal2] but got \
                 {other}"
            );
            Err(Error::bad_request(reason).into())
        }
    }
}

/// Refuses to go on with a login of OAuth2, for which this Kratos is not configured.
pub(super) fn check_challenge(call: &Call) -> Outcome<()> {
    if call.parameter("login_challenge").is_none_or(str::is_empty) {
        return Ok(());
    }
    let reason = "refusing to parse login_challenge query parameter because oauth2_provider.url is invalid or unset";
    let error = Error::new(StatusCode::INTERNAL_SERVER_ERROR, "Invalid configuration").id("invalid_configuration");
    Err(error.reason(reason).into())
}

/// Refuses a second factor without a session, and another login with one. A browser then goes where `to` says.
fn check_session(own: Option<&Session>, refresh: bool, aal2: bool, to: impl FnOnce() -> String) -> Outcome<()> {
    match own {
        None if aal2 => {
            let message = "aal2 and aal3 can only be requested if a session exists already";
            let error = Error::new(StatusCode::UNAUTHORIZED, message).id("session_aal1_required");
            let reason = "You can not requested a higher AAL (AAL2/AAL3) without an active session.";
            Err(error.reason(reason).into())
        }
        own if is_signed_in(own, refresh, aal2) => {
            Err(sign_in::already("you are already logged in", "login", HINT, to()))
        }
        _ => Ok(()),
    }
}

/// Whether there is a session that has all that the login is for.
fn is_signed_in(own: Option<&Session>, refresh: bool, aal2: bool) -> bool {
    own.is_some_and(|own| !refresh && (!aal2 || own.is_aal2()))
}

pub(crate) fn submit(state: &mut State, call: &Call) -> Outcome {
    let mut flow = submission::find(state, call, FlowKind::Login)?;
    let own = caller::session(state, call);
    if !flow.is_expired(&state.clock) {
        let is_json = call.wants_json() || !flow.is_browser;
        if is_json && is_signed_in(own.as_ref(), flow.refresh, flow.aal2) {
            flow.form.clear_messages();
            let text = format!("A valid session was detected and thus login is not possible.{HINT}");
            // The server says it in the form, and has an error for it only where a flow starts.
            return Err(refuse_with(state, call, flow, messages::generic(&text)).into());
        }
        check_session(own.as_ref(), flow.refresh, flow.aal2, || returns::home(state))?;
    }
    let body = submission::open(state, call, &mut flow)?;
    submission::check_method(&body)?;
    match (body["method"].as_str().unwrap_or_default(), own) {
        ("totp", Some(own)) if flow.aal2 => second_factor::totp(state, call, flow, &body, &own),
        ("lookup_secret", Some(own)) if flow.aal2 => second_factor::lookup_secret(state, call, flow, &body, &own),
        ("password", _) if !flow.aal2 => by_password(state, call, flow, &body),
        ("code", _) if !flow.aal2 => by_code(state, call, flow, &body),
        _ => {
            let text = "Could not find a strategy to log you in with. Did you fill out the form correctly?";
            Err(refuse_with(state, call, flow, Message::error(4_010_002, text)).into())
        }
    }
}

fn by_password(state: &mut State, call: &Call, mut flow: Flow, body: &Value) -> Outcome {
    flow.form.set_value("identifier", json!(body::text(body, "identifier")));
    let identifier = submission::required(&mut flow, body, "default", "identifier");
    let password = submission::required(&mut flow, body, "password", "password");
    let (Some(identifier), Some(password)) = (identifier, password) else {
        return Err(refuse(state, call, flow).into());
    };
    let found = state.identities.by_identifier(&identifier);
    match found.map(|found| (found.id, found.has_password(&password))) {
        Some((id, Some(true))) => sign_in::log_in(state, call, &flow, id, "password"),
        Some((_, None)) => Err(not_served("passwords with a hash of this kind: it verifies bcrypt and PBKDF2").into()),
        _ => Err(refuse_with(state, call, flow, messages::wrong_credentials()).into()),
    }
}

fn by_code(state: &mut State, call: &Call, mut flow: Flow, body: &Value) -> Outcome {
    let resends = !body::text(body, "resend").is_empty();
    if flow.step == Step::SentEmail && !resends {
        return enter_code(state, call, flow, body);
    }
    flow.form.set_value("identifier", json!(body::text(body, "identifier")));
    let Some(identifier) = submission::required(&mut flow, body, "default", "identifier") else {
        return Err(refuse(state, call, flow).into());
    };
    let found = state.identities.by_identifier(&identifier).map(|found| found.id);
    let Some(id) = found else {
        let text = "This account does not exist or has not setup sign in with code.";
        return Err(refuse_with(state, call, flow, Message::error(4_000_035, text)).into());
    };
    codes::mail_code(state, &flow, Some(id), &identifier.trim().to_lowercase());
    show_code_sent(&mut flow, &identifier);
    let more = [reply::payload(body)];
    Ok(reply::go_on(state, call, flow, StatusCode::BAD_REQUEST, &more))
}

/// Shows the form that asks for the code. The identifier stays in it, out of sight.
fn show_code_sent(flow: &mut Flow, identifier: &str) {
    flow.step = Step::SentEmail;
    flow.active = Some("code");
    let known = flow.form.node("identifier").cloned();
    let known = known.unwrap_or_else(|| Node::new("default", "identifier", "hidden"));
    let mut inputs = vec![Node { kind: "hidden", value: Some(json!(identifier)), ..known }];
    inputs.extend(code_inputs());
    flow.form.nodes = Some(inputs);
    if flow.is_browser {
        flow.form.upsert(nodes::csrf_token(flow));
    }
    let text = "A code was sent to the address you provided. If you didn't receive it, please check the spelling of the \
                address and try again.";
    flow.form.messages = vec![Message::info(1_010_014, text)];
}

fn code_inputs() -> [Node; 4] {
    [
        nodes::hidden_method("code"),
        nodes::text("code", "code", Message::info(1_070_013, "Login code")),
        nodes::submit("code", nodes::continue_label()),
        nodes::button("code", "resend", "code", nodes::resend_label()),
    ]
}

fn enter_code(state: &mut State, call: &Call, mut flow: Flow, body: &Value) -> Outcome {
    let identifier = flow.form.node("identifier").and_then(|node| node.value.clone()).unwrap_or_default();
    flow.form.upsert(Node { value: Some(identifier), ..Node::new("default", "identifier", "hidden") });
    let Some(code) = submission::required(&mut flow, body, "code", "code") else {
        return Err(refuse(state, call, flow).into());
    };
    match state.codes.enter(&state.clock, flow.id, &code) {
        Entered::Accepted(code) => {
            let identity = code.identity.ok_or_else(Error::not_found)?;
            if let Some(address) = code.address {
                state.identities.change(identity, |identity, _| identity.verify(&state.clock, &address));
            }
            sign_in::log_in(state, call, &flow, identity, "code")
        }
        Entered::Used | Entered::Wrong => {
            let text = "The login code is invalid or has already been used. Please try again.";
            Err(refuse_with(state, call, flow, Message::error(4_010_008, text)).into())
        }
    }
}

/// Where a browser signs in.
pub(super) fn url(state: &State) -> String {
    returns::page(state, FlowKind::Login)
}
