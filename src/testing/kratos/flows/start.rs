//! The start of a flow.

use crate::testing::http::Request;
use crate::testing::model::{Flow, FlowKind, Node};
use crate::testing::state::State;

/// A new flow with this form, which the caller still has to keep.
pub(super) fn new_flow(state: &State, request: &Request, kind: FlowKind, nodes: Vec<Node>) -> Flow {
    let request_url = format!("{}{}", state.url, request.target);
    let return_to = request.parameter("return_to").map(str::to_owned);
    Flow::new(&state.clock, kind, request_url, return_to, nodes)
}
