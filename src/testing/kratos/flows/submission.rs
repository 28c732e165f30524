//! What every submitted form goes through, whichever kind of flow it belongs to.

use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use super::{messages, reply};
use crate::testing::clock::rfc3339;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::body;
use crate::testing::model::{Flow, FlowKind, Password};
use crate::testing::state::State;

/// The flow that the parameter `flow` names.
pub(super) fn find(state: &State, request: &Request, kind: FlowKind) -> HandlerResult<Flow> {
    let id = request.parameter("flow").and_then(|id| id.parse::<Uuid>().ok());
    let id = id.ok_or_else(|| Error::bad_request("The flow query parameter is missing or malformed."))?;
    Ok(state.flows.get(id, kind).cloned().ok_or_else(|| match kind {
        FlowKind::Login | FlowKind::Registration => Error::not_found(),
        FlowKind::Settings => Error::new(StatusCode::NOT_FOUND, "The requested resource could not be found")
            .reason("The settings request could not be found. Please restart the flow."),
    })?)
}

/// The body, and the flow without the messages of the last submission.
///
/// Refuses an expired flow, a request of a browser, and a body that is not a JSON object.
pub(super) fn open(state: &mut State, request: &Request, flow: &mut Flow) -> HandlerResult<Value> {
    if flow.is_expired(&state.clock) {
        return Err(expired(state, flow));
    }
    flow.form.clear_messages();
    for (header, origin) in [("Cookie", "by a Browser"), ("Origin", "as part of an AJAX request in a Browser")] {
        if request.headers.contains_key(header) {
            let text = format!(
                "The HTTP Request Header included the \"{header}\" key, indicating that this request was made \
                 {origin}. The flow however was initiated as an API request. To prevent potential misuse and mitigate \
                 several attack vectors including CSRF, the request has been blocked. Please consult the \
                 documentation."
            );
            return Err(reply::refuse_with(state, flow.clone(), messages::generic(&text)));
        }
    }
    body::decode_object(request)
}

/// The refusal of an expired flow, which names a new flow to go on with.
fn expired(state: &mut State, old: &Flow) -> Reply {
    let mut new = old.renewed(&state.clock);
    let since = new.issued_at - old.expires_at;
    let minutes = since.num_milliseconds() as f64 / 60_000.0;
    new.form.messages = vec![messages::expired(old, minutes)];
    let reason = format!("The self-service flow expired {minutes:.2} minutes ago, initialize a new one.");
    let error = Error::new(StatusCode::GONE, "self-service flow expired")
        .id("self_service_flow_expired")
        .reason(reason)
        .beside("expired_at", rfc3339(old.expires_at))
        .beside("since", since.num_nanoseconds())
        .beside("use_flow_id", new.id.to_string());
    state.flows.insert(new);
    error.into()
}

/// The new password of a body. If it is missing or too short, the form of the flow says so.
pub(super) fn new_password(flow: &mut Flow, body: &Value) -> Option<String> {
    let password = body::text(body, "password");
    let length = password.chars().count();
    let message = match length {
        0 => messages::missing("password"),
        _ if length < Password::MIN_LENGTH => messages::password_too_short(length, Password::MIN_LENGTH),
        _ => return Some(password),
    };
    flow.form.add_message("password", "password", message);
    None
}
