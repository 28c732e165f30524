//! Login with a password.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::reply::{refuse, refuse_with};
use super::{messages, nodes, reply, start, submission};
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::{body, caller, sessions};
use crate::testing::model::{Flow, FlowKind, Message, Node, Session};
use crate::testing::random;
use crate::testing::schema::Schema;
use crate::testing::state::State;

pub(crate) fn start(state: &mut State, request: &Request) -> HandlerResult {
    let aal2 = requests_aal2(request)?;
    let refresh = request.parameter("refresh") == Some("true");
    let has_session = caller::session(state, request).is_some();
    check_session(has_session, refresh, aal2)?;
    let form = form(&state.identities.schema, refresh);
    let mut flow = start::new_flow(state, request, FlowKind::Login, form);
    flow.refresh = refresh && has_session;
    flow.aal2 = aal2;
    if aal2 {
        // No identity of a stand-in has a second factor.
        flow.form.nodes = None;
        flow.add_message(Message::info(1_010_004, "Please complete the second authentication challenge."));
    } else if flow.refresh {
        flow.add_message(Message::info(1_010_003, "Please confirm this action by verifying that it is you."));
    }
    Ok(reply::show(state, flow))
}

fn requests_aal2(request: &Request) -> HandlerResult<bool> {
    match request.parameter("aal").unwrap_or_default() {
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

/// Refuses a second factor without a session, and another login with one.
fn check_session(has_session: bool, refresh: bool, aal2: bool) -> HandlerResult<()> {
    if aal2 && !has_session {
        let message = "aal2 and aal3 can only be requested if a session exists already";
        let error = Error::new(StatusCode::UNAUTHORIZED, message).id("session_aal1_required");
        return Err(error.reason("You can not requested a higher AAL (AAL2/AAL3) without an active session.").into());
    }
    if has_session && !refresh && !aal2 {
        let reason =
            "A valid session was detected and thus login is not possible. Did you forget to set `?refresh=true`?";
        let error = Error::new(StatusCode::BAD_REQUEST, "you are already logged in").id("session_already_available");
        return Err(error.reason(reason).into());
    }
    Ok(())
}

fn form(schema: &Schema, refresh: bool) -> Vec<Node> {
    let label = if refresh { (1_010_001, "Sign in") } else { (1_010_022, "Sign in with password") };
    vec![
        nodes::csrf_token(),
        nodes::identifier(schema, (!refresh).then_some("username")),
        nodes::password("current-password"),
        nodes::submit("password", Message::info(label.0, label.1)),
    ]
}

pub(crate) fn submit(state: &mut State, request: &Request) -> HandlerResult {
    let mut flow = submission::find(state, request, FlowKind::Login)?;
    let body = submission::open(state, request, &mut flow)?;
    if body["method"] != "password" || flow.aal2 {
        let text = "Could not find a strategy to log you in with. Did you fill out the form correctly?";
        return Err(refuse_with(state, flow, Message::error(4_010_002, text)));
    }
    let (identifier, password) = (body::text(&body, "identifier"), body::text(&body, "password"));
    flow.form.set_value("identifier", Value::String(identifier.clone()));
    for (name, group, value) in [("identifier", "default", &identifier), ("password", "password", &password)] {
        if value.is_empty() {
            flow.form.add_message(group, name, messages::missing(name));
        }
    }
    if identifier.is_empty() || password.is_empty() {
        return Err(refuse(state, flow));
    }
    let found = state.identities.by_identifier(&identifier).filter(|found| found.has_password(&password));
    let Some((id, active)) = found.map(|found| (found.id, found.is_active())) else {
        let text = "The provided credentials are invalid, check for spelling mistakes in your password or username, \
                    email address, or phone number.";
        return Err(refuse_with(state, flow, Message::error(4_000_006, text)));
    };
    if !active {
        return Err(Error::unauthorized("identity is disabled").details(json!({"identity_id": id})).into());
    }
    let session = sign_in(state, request, &flow, id).ok_or_else(Error::not_found)?;
    state.flows.pass(flow.id);
    Ok(Reply::ok(&json!({
        "session_token": session.token,
        "session": sessions::json::full(&session, state),
        "continue_with": null,
    })))
}

/// Refreshes the caller's session if the flow is there for it, and begins a new one otherwise.
fn sign_in(state: &mut State, request: &Request, flow: &Flow, identity: Uuid) -> Option<Session> {
    let own = caller::session(state, request).filter(|session| flow.refresh && session.identity == identity);
    match own {
        Some(own) => state.sessions.refresh(&state.clock, own.id, caller::device(request, Uuid::nil())),
        None => Some(state.sessions.begin(&state.clock, identity, caller::device(request, random::uuid()))),
    }
}
