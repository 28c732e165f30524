//! What Kratos hands to the template of a web hook.

use serde_json::{Value, json};

use super::{flows, identities, sessions};
use crate::testing::model::{Flow, FlowKind, Identity, Session};
use crate::testing::state::State;

/// The context after a flow of this kind, for a native app.
pub(crate) fn context(state: &State, kind: FlowKind, identity: &Identity, session: Option<&Session>) -> Value {
    let request_url = format!("{}/self-service/{}/api", state.url, kind.name());
    let mut flow = Flow::new(&state.clock, kind, request_url, None);
    flow.identity = Some(identity.id);
    let mut body = flows::flow_json(&flow, state);
    body["transient_payload"] = json!({});
    let mut context = json!({
        "flow": body,
        "identity": identities::json::public(identity, &state.url),
        "request_cookies": {},
        "request_headers": {
            "Accept": ["application/json"],
            "Content-Type": ["application/json"],
            "User-Agent": ["stand-in"],
        },
        "request_method": "POST",
        "request_url": format!("{}/self-service/{}?flow={}", state.url, kind.name(), flow.id),
    });
    // Only these flows have one.
    if let Some(session) = session.filter(|_| matches!(kind, FlowKind::Login | FlowKind::Settings)) {
        context["session"] = sessions::json::full(session, state);
    }
    context
}
