//! Sign-in of native apps, with a password.

use http::StatusCode;
use serde_json::{Value, json};

use super::error::Error;
use super::flows::{self, Flow, Kind};
use super::identity::Identity;
use super::sessions;
use super::ui;
use crate::testing::http::{Answer, Reply, Request};
use crate::testing::state::State;

pub(super) fn start(state: &mut State, request: &Request) -> Answer {
    let aal2 = match request.query("aal").unwrap_or_default() {
        "" | "aal1" => false,
        "aal2" => true,
        other => {
            let reason = format!(
                "Unable to parse AuthenticationMethod Assurance Level (AAL): expected one of [aal1, aal2] but got \
                 {other}"
            );
            return Err(Error::bad_request(reason).into());
        }
    };
    let refresh = request.query("refresh") == Some("true");
    let has_session = sessions::caller(state, request).is_some();
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
    let label = if refresh { (1_010_001, "Sign in") } else { (1_010_022, "Sign in with password") };
    let nodes = vec![
        ui::csrf_token(),
        ui::identifier(&state.schema, (!refresh).then_some("username")),
        ui::password("current-password"),
        ui::submit("password", ui::message(label.0, "info", label.1)),
    ];
    let mut flow = Flow::new(state, request, Kind::Login, nodes);
    flow.refresh = refresh && has_session;
    flow.aal2 = aal2;
    if aal2 {
        // Nobody here has a second factor.
        flow.nodes = None;
        flow.messages.push(ui::message(1_010_004, "info", "Please complete the second authentication challenge."));
    } else if flow.refresh {
        flow.messages.push(ui::message(1_010_003, "info", "Please confirm this action by verifying that it is you."));
    }
    Ok(flow.show(state, StatusCode::OK))
}

pub(super) fn submit(state: &mut State, request: &Request) -> Answer {
    let mut flow = flows::submitted(state, request, Kind::Login)?;
    let body = flows::opened(state, request, &mut flow)?;
    if body["method"] != "password" || flow.aal2 {
        let text = "Could not find a strategy to log you in with. Did you fill out the form correctly?";
        return Err(flow.refuse_with(state, ui::message(4_010_002, "error", text)));
    }
    let (identifier, password) = (flows::text(&body, "identifier"), flows::text(&body, "password"));
    ui::set_value(flow.nodes(), "identifier", Value::String(identifier.clone()));
    for (name, group, value) in [("identifier", "default", &identifier), ("password", "password", &password)] {
        if value.is_empty() {
            ui::say_at(flow.nodes(), group, name, ui::missing(name));
        }
    }
    if identifier.is_empty() || password.is_empty() {
        return Err(flow.refuse(state));
    }
    let found = Identity::by_identifier(state, &identifier).filter(|found| found.has_password(&password));
    let Some((id, active)) = found.map(|found| (found.id, found.is_active())) else {
        let text = "The provided credentials are invalid, check for spelling mistakes in your password or username, \
                    email address, or phone number.";
        return Err(flow.refuse_with(state, ui::message(4_000_006, "error", text)));
    };
    if !active {
        let error = Error::unauthorized("identity is disabled").details(json!({"identity_id": id}));
        return Err(error.into());
    }
    let caller = sessions::caller(state, request).filter(|session| flow.refresh && session.identity == id);
    let session = match caller.map(|session| session.id) {
        Some(session) => sessions::refresh(state, request, session),
        None => Some(sessions::begin(state, request, id)),
    };
    let session = session.ok_or_else(Error::not_found)?;
    // Otherwise the flow stays as it was, with what it said last.
    if let Some(kept) = state.flows.get_mut(&flow.id) {
        kept.passed = true;
    }
    Ok(Reply::ok(&json!({
        "session_token": session.token,
        "session": session.body(state),
        "continue_with": null,
    })))
}
