//! The start of a flow.

use crate::testing::kratos::call::Call;
use crate::testing::kratos::refusal::Outcome;
use crate::testing::kratos::returns;
use crate::testing::model::{Flow, FlowKind};
use crate::testing::random;
use crate::testing::state::State;

/// A new flow without a form, which the caller still has to keep.
pub(super) fn new_flow(state: &State, call: &Call, kind: FlowKind) -> Outcome<Flow> {
    let return_to = returns::requested(state, call)?;
    let request_url = format!("{}{}", state.url, call.target);
    let mut flow = Flow::new(&state.clock, kind, request_url, return_to);
    flow.is_browser = !is_native(call);
    flow.csrf = flow.is_browser.then(|| call.csrf.clone());
    if !flow.is_browser && call.parameter("return_session_token_exchange_code") == Some("true") {
        flow.exchange_code = Some(random::alphanumeric(64));
    }
    Ok(flow)
}

/// Whether this is a request of a native app.
pub(crate) fn is_native(call: &Call) -> bool {
    call.segments.last().is_some_and(|last| last == "api")
}
