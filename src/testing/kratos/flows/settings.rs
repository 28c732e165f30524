//! Settings: the profile and the password.

use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use super::reply::{refuse, refuse_with};
use super::{fetch, json, messages, nodes, reply, start, submission};
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::caller;
use crate::testing::model::{Flow, FlowKind, Form, Message, Session};
use crate::testing::state::State;

pub(crate) fn start(state: &mut State, request: &Request) -> HandlerResult {
    let session = caller::session(state, request).ok_or_else(|| {
        Error::new(StatusCode::UNAUTHORIZED, "request does not have a valid authentication session")
            .id("session_inactive")
            .reason("This endpoint can only be accessed with a valid session. Please log in and try again.")
    })?;
    let mut flow = start::new_flow(state, request, FlowKind::Settings, Vec::new());
    flow.identity = Some(session.identity);
    flow.form = form(state, session.identity);
    Ok(reply::show(state, flow))
}

/// The form, filled in with the current traits.
fn form(state: &State, identity: Uuid) -> Form {
    let schema = &state.identities.schema;
    let save = || Message::info(1_070_003, "Save");
    let mut inputs = vec![nodes::csrf_token()];
    inputs.extend(nodes::traits(schema, "profile"));
    inputs.extend([
        nodes::submit("profile", save()),
        nodes::password("new-password"),
        nodes::submit("password", save()),
    ]);
    let mut form = Form::new(inputs);
    if let Some(identity) = state.identities.get(identity) {
        nodes::set_traits(&mut form, schema, &identity.traits);
    }
    form
}

fn signed_in(state: &State, request: &Request) -> HandlerResult<Session> {
    let missing = || Error::unauthorized("A valid Ory Session Cookie or Ory Session Token is missing.");
    Ok(caller::session(state, request).ok_or_else(missing)?)
}

pub(crate) fn get(state: &State, request: &Request) -> HandlerResult {
    let session = signed_in(state, request)?;
    let flow = fetch::find(state, request, FlowKind::Settings)?;
    if flow.identity != Some(session.identity) {
        let reason = "The request was made for another identity and has been blocked for security reasons.";
        return Err(Error::forbidden(reason).id("security_identity_mismatch").into());
    }
    Ok(Reply::ok(&json::flow(flow, state)))
}

pub(crate) fn submit(state: &mut State, request: &Request) -> HandlerResult {
    let mut flow = submission::find(state, request, FlowKind::Settings)?;
    let session = signed_in(state, request)?;
    if flow.identity != Some(session.identity) {
        let reason = "The request was initiated by someone else and has been blocked for security reasons. Please go \
                      back and try again.";
        return Err(Error::forbidden(reason).id("security_identity_mismatch").into());
    }
    let body = submission::open(state, request, &mut flow)?;
    match body["method"].as_str().unwrap_or_default() {
        "profile" => save_profile(state, flow, &session, body["traits"].clone()),
        "password" => save_password(state, flow, &session, &body),
        _ => {
            let text = "Could not find a strategy to update your settings. Did you fill out the form correctly?";
            Err(refuse_with(state, flow, Message::error(4_010_004, text)))
        }
    }
}

fn save_profile(state: &mut State, mut flow: Flow, session: &Session, mut traits: Value) -> HandlerResult {
    let schema = &state.identities.schema;
    let violations = schema.violations(&traits);
    if !violations.is_empty() {
        // The form shows the traits that were sent, and no others.
        nodes::clear_traits(&mut flow.form, schema);
        nodes::set_traits(&mut flow.form, schema, &traits);
        messages::add_violations(&mut flow.form, "profile", &violations);
        return Err(refuse(state, flow));
    }
    schema.complete(&mut traits);
    let before = state.identities.get(session.identity).map(|identity| identity.identifiers(schema));
    if before != Some(schema.identifiers(&traits)) {
        check_privileged(state, &flow, session)?;
    }
    if state.identities.is_taken(&traits, Some(session.identity)) {
        return Err(refuse_with(state, flow, messages::taken()));
    }
    state.identities.change(session.identity, |identity, schema| {
        identity.set_traits(&state.clock, schema, traits);
        // The server drops this time when people change their own traits.
        identity.state_changed_at = None;
    });
    Ok(saved(state, flow, session))
}

fn save_password(state: &mut State, mut flow: Flow, session: &Session, body: &Value) -> HandlerResult {
    check_privileged(state, &flow, session)?;
    let Some(password) = submission::new_password(&mut flow, body) else { return Err(refuse(state, flow)) };
    state.identities.change(session.identity, |identity, _| {
        identity.set_password(password);
        identity.updated_at = state.clock.now();
    });
    Ok(saved(state, flow, session))
}

fn saved(state: &mut State, mut flow: Flow, session: &Session) -> Reply {
    flow.form.nodes = form(state, session.identity).nodes;
    flow.add_message(Message::success(1_050_001, "Your changes have been saved!"));
    flow.saved = true;
    reply::show(state, flow)
}

/// Refuses a session that was not refreshed lately, and names the URL that refreshes it.
fn check_privileged(state: &State, flow: &Flow, session: &Session) -> HandlerResult<()> {
    if session.is_privileged(&state.clock) {
        return Ok(());
    }
    let back = format!("{}/self-service/settings?flow={}", state.url, flow.id);
    let mut query = String::new();
    crate::wire::form::append_pair(&mut query, "refresh", "true");
    crate::wire::form::append_pair(&mut query, "return_to", &back);
    let url = format!("{}/self-service/login/browser?{query}", state.url);
    let reason = "The login session is too old and thus not allowed to update these fields. Please re-authenticate.";
    Err(Error::forbidden(reason).id("session_refresh_required").beside("redirect_browser_to", url).into())
}
