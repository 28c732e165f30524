//! Replies that show a flow. Each also keeps the flow as it was shown.

use http::StatusCode;
use serde_json::{Value, json};

use super::{json, nodes};
use crate::testing::http::Reply;
use crate::testing::kratos::call::Call;
use crate::testing::kratos::returns;
use crate::testing::model::{Flow, FlowKind, Message};
use crate::testing::state::State;

/// A new flow, or one that goes on.
pub(super) fn show(state: &mut State, call: &Call, flow: Flow) -> Reply {
    go_on(state, call, flow, StatusCode::OK, &[])
}

/// The key with which a server shows what an application passes to its hooks.
pub(super) fn payload(body: &Value) -> (&'static str, Value) {
    let payload = body.get("transient_payload").filter(|payload| payload.is_object());
    ("transient_payload", payload.cloned().unwrap_or_else(|| json!({})))
}

/// A refusal. The form says why, and holds the CSRF token behind another mask.
pub(super) fn refuse(state: &mut State, call: &Call, mut flow: Flow) -> Reply {
    flow.form.upsert(nodes::csrf_token(&flow));
    if flow.kind == FlowKind::Registration && wants_page(call, &flow) {
        // The server has another redirect here than everywhere else.
        let page = returns::page_of(state, flow.kind, flow.id);
        state.flows.insert(flow);
        return Reply::redirect(StatusCode::FOUND, page);
    }
    go_on(state, call, flow, StatusCode::BAD_REQUEST, &[])
}

fn wants_page(call: &Call, flow: &Flow) -> bool {
    flow.is_browser && !call.wants_json()
}

/// A refusal with a message above the form.
pub(super) fn refuse_with(state: &mut State, call: &Call, mut flow: Flow, message: Message) -> Reply {
    flow.add_message(message);
    refuse(state, call, flow)
}

/// A flow that goes on after a submitted form, with more keys than it has when it is fetched. A browser that wants pages is
/// sent to the flow's.
pub(super) fn go_on(state: &mut State, call: &Call, flow: Flow, status: StatusCode, more: &[(&str, Value)]) -> Reply {
    let reply = if wants_page(call, &flow) {
        returns::see_other(call, &returns::page_of(state, flow.kind, flow.id))
    } else {
        let mut body = json::flow(&flow, state);
        for (key, value) in more {
            body[*key] = value.clone();
        }
        Reply::json(status, &body)
    };
    state.flows.insert(flow);
    reply
}
