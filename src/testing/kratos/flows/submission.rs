//! What every submitted form goes through, whichever kind of flow it belongs to.

use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use super::{expired, input, messages, reply};
use crate::testing::error::Error;
use crate::testing::http::{Reply, not_served};
use crate::testing::kratos::call::Call;
use crate::testing::kratos::refusal::Outcome;
use crate::testing::kratos::{body, csrf};
use crate::testing::model::{Flow, FlowKind, Password};
use crate::testing::state::State;

/// Methods of Kratos that need more than this server.
const UNSERVED: [&str; 5] = ["oidc", "saml", "webauthn", "passkey", "deviceauthn"];

/// The flow that the parameter `flow` names.
pub(super) fn find(state: &State, call: &Call, kind: FlowKind) -> Outcome<Flow> {
    let id = call.parameter("flow").and_then(|id| id.parse::<Uuid>().ok());
    let id = id.ok_or_else(|| Error::bad_request("The flow query parameter is missing or malformed."))?;
    Ok(state.flows.get(id, kind).cloned().ok_or_else(|| match kind {
        FlowKind::Login | FlowKind::Registration => Error::not_found(),
        FlowKind::Settings | FlowKind::Recovery | FlowKind::Verification => {
            Error::new(StatusCode::NOT_FOUND, "The requested resource could not be found")
                .reason(format!("The {} request could not be found. Please restart the flow.", kind.name()))
        }
    })?)
}

/// The body, and the flow without the messages of the last submission.
///
/// Refuses an expired flow, a form of a browser without its CSRF token, a browser in a native flow, and a body that is
/// no object.
pub(super) fn open(state: &mut State, call: &Call, flow: &mut Flow) -> Outcome<Value> {
    if flow.is_expired(&state.clock) {
        return Err(expired::refuse(state, call, flow));
    }
    flow.form.clear_messages();
    if flow.is_browser {
        let body = input::read(call, &state.identities.schema)?;
        // An administrator's recovery flow has no browser yet.
        if flow.csrf.is_some() {
            csrf::check(call, &body)?;
        }
        return Ok(body);
    }
    for (header, origin) in [("Cookie", "by a Browser"), ("Origin", "as part of an AJAX request in a Browser")] {
        if call.headers.contains_key(header) {
            let text = format!(
                "The HTTP Request Header included the \"{header}\" key, indicating that this request was made \
                 {origin}. The flow however was initiated as an API request. To prevent potential misuse and mitigate \
                 several attack vectors including CSRF, the request has been blocked. Please consult the \
                 documentation."
            );
            return Err(reply::refuse_with(state, call, flow.clone(), messages::generic(&text)).into());
        }
    }
    Ok(input::read(call, &state.identities.schema).map_err(Reply::from)?)
}

/// Refuses a method that a stand-in does not have, though the server may.
pub(super) fn check_method(body: &Value) -> Result<(), Reply> {
    let method = match body["method"].as_str().unwrap_or_default() {
        // The button for a third party has no method.
        "" if body["provider"].is_string() => "oidc",
        method => method,
    };
    if !UNSERVED.contains(&method) {
        return Ok(());
    }
    Err(not_served(format_args!("the method {method}: test this with a real server")))
}

/// A text of a body. If it is missing or empty, the form says so.
pub(super) fn required(flow: &mut Flow, body: &Value, group: &'static str, name: &str) -> Option<String> {
    let text = body::text(body, name);
    if text.is_empty() {
        flow.form.add_message(group, name, messages::missing(name));
    }
    Some(text).filter(|text| !text.is_empty())
}

/// The new password of a body. If it is missing or too short, the form of the flow says so.
pub(super) fn new_password(flow: &mut Flow, body: &Value) -> Option<String> {
    let password = required(flow, body, "password", "password")?;
    let length = password.chars().count();
    if length < Password::MIN_LENGTH {
        let message = messages::password_too_short(length, Password::MIN_LENGTH);
        flow.form.add_message("password", "password", message);
        return None;
    }
    Some(password)
}
