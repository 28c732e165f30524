//! Settings of native apps: profile and password.

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use super::error::Error;
use super::flows::{self, Flow, Kind};
use super::identity::Identity;
use super::sessions::{self, Session};
use super::ui;
use crate::testing::http::{Answer, Reply, Request};
use crate::testing::state::State;

/// For so long after a sign-in, password and address may change.
const PRIVILEGED: TimeDelta = TimeDelta::minutes(15);

pub(super) fn start(state: &mut State, request: &Request) -> Answer {
    let session = sessions::caller(state, request).ok_or_else(|| {
        Error::new(StatusCode::UNAUTHORIZED, "request does not have a valid authentication session")
            .id("session_inactive")
            .reason("This endpoint can only be accessed with a valid session. Please log in and try again.")
    })?;
    let mut flow = Flow::new(state, request, Kind::Settings, Vec::new());
    flow.identity = Some(session.identity);
    flow.nodes = Some(form(state, session.identity));
    Ok(flow.show(state, StatusCode::OK))
}

/// The form as the identity is now.
fn form(state: &State, identity: Uuid) -> Vec<Value> {
    let save = || ui::message(1_070_003, "info", "Save");
    let mut nodes = vec![ui::csrf_token()];
    nodes.extend(ui::traits(&state.schema, "profile"));
    nodes.extend([ui::submit("profile", save()), ui::password("new-password"), ui::submit("password", save())]);
    if let Some(identity) = state.identities.get(&identity) {
        ui::set_traits(&mut nodes, &state.schema, &identity.traits);
    }
    nodes
}

fn signed_in(state: &State, request: &Request) -> Result<Session, Reply> {
    let missing = || Error::unauthorized("A valid Ory Session Cookie or Ory Session Token is missing.");
    Ok(sessions::caller(state, request).ok_or_else(missing)?)
}

pub(super) fn get(state: &State, request: &Request) -> Answer {
    let session = signed_in(state, request)?;
    let reply = flows::get(state, request, Kind::Settings)?;
    let id = request.query("id").and_then(|id| id.parse::<Uuid>().ok());
    let owner = id.and_then(|id| state.flows.get(&id)).and_then(|flow| flow.identity);
    if owner != Some(session.identity) {
        let reason = "The request was made for another identity and has been blocked for security reasons.";
        return Err(Error::forbidden(reason).id("security_identity_mismatch").into());
    }
    Ok(reply)
}

pub(super) fn submit(state: &mut State, request: &Request) -> Answer {
    let mut flow = flows::submitted(state, request, Kind::Settings)?;
    let session = signed_in(state, request)?;
    if flow.identity != Some(session.identity) {
        let reason = "The request was initiated by someone else and has been blocked for security reasons. Please go \
                      back and try again.";
        return Err(Error::forbidden(reason).id("security_identity_mismatch").into());
    }
    let body = flows::opened(state, request, &mut flow)?;
    match body["method"].as_str().unwrap_or_default() {
        "profile" => profile(state, flow, &session, body["traits"].clone()),
        "password" => password(state, flow, &session, &body),
        _ => {
            let text = "Could not find a strategy to update your settings. Did you fill out the form correctly?";
            Err(flow.refuse_with(state, ui::message(4_010_004, "error", text)))
        }
    }
}

fn profile(state: &mut State, mut flow: Flow, session: &Session, mut traits: Value) -> Answer {
    let violations = state.schema.violations(&traits);
    if !violations.is_empty() {
        // The form shows what was sent, and nothing else.
        ui::forget_traits(flow.nodes(), &state.schema);
        ui::set_traits(flow.nodes(), &state.schema, &traits);
        ui::say_violations(flow.nodes(), "profile", &violations);
        return Err(flow.refuse(state));
    }
    state.schema.complete(&mut traits);
    let before = state.identities.get(&session.identity).map(|identity| identity.identifiers(state));
    if before != Some(state.schema.marked(Identity::IDENTIFIER, &traits)) {
        privileged(state, &flow, session)?;
    }
    if Identity::is_taken(state, &traits, Some(session.identity)) {
        return Err(flow.refuse_with(state, ui::taken()));
    }
    change(state, session, |identity, state| {
        identity.set_traits(state, traits);
        // As the server does: this time is gone after a change by the person.
        identity.state_changed_at = None;
    });
    Ok(saved(state, flow, session))
}

fn password(state: &mut State, mut flow: Flow, session: &Session, body: &Value) -> Answer {
    privileged(state, &flow, session)?;
    let Some(password) = flow.password(body) else { return Err(flow.refuse(state)) };
    change(state, session, |identity, state| {
        identity.set_password(password);
        identity.updated_at = state.now();
    });
    Ok(saved(state, flow, session))
}

fn change(state: &mut State, session: &Session, change: impl FnOnce(&mut Identity, &State)) {
    if let Some(mut identity) = state.identities.remove(&session.identity) {
        change(&mut identity, state);
        state.identities.insert(identity.id, identity);
    }
}

fn saved(state: &mut State, mut flow: Flow, session: &Session) -> Reply {
    flow.nodes = Some(form(state, session.identity));
    flow.messages.push(ui::message(1_050_001, "success", "Your changes have been saved!"));
    flow.saved = true;
    flow.show(state, StatusCode::OK)
}

fn privileged(state: &State, flow: &Flow, session: &Session) -> Result<(), Reply> {
    if state.now() <= State::after(session.authenticated_at, PRIVILEGED) {
        return Ok(());
    }
    let mut url = format!("{}/self-service/login/browser?", state.url);
    let back = format!("{}/self-service/settings?flow={}", state.url, flow.id);
    let mut query = String::new();
    crate::call::append_pair(&mut query, "refresh", "true");
    crate::call::append_pair(&mut query, "return_to", &back);
    url.push_str(&query);
    let reason = "The login session is too old and thus not allowed to update these fields. Please re-authenticate.";
    Err(Error::forbidden(reason).id("session_refresh_required").beside("redirect_browser_to", url).into())
}
