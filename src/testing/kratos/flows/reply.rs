//! Replies that show a flow. Each also keeps the flow as it was shown.

use http::StatusCode;

use super::json;
use crate::testing::http::Reply;
use crate::testing::model::{Flow, Message};
use crate::testing::state::State;

pub(super) fn show(state: &mut State, flow: Flow) -> Reply {
    show_with(state, flow, StatusCode::OK)
}

/// A refusal. The form says why.
pub(super) fn refuse(state: &mut State, flow: Flow) -> Reply {
    show_with(state, flow, StatusCode::BAD_REQUEST)
}

/// A refusal with a message above the form.
pub(super) fn refuse_with(state: &mut State, mut flow: Flow, message: Message) -> Reply {
    flow.add_message(message);
    refuse(state, flow)
}

fn show_with(state: &mut State, flow: Flow, status: StatusCode) -> Reply {
    let reply = Reply::json(status, &json::flow(&flow, state));
    state.flows.insert(flow);
    reply
}
