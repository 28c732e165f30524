//! `GET /self-service/…/flows`.

use http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::json;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply};
use crate::testing::kratos::call::Call;
use crate::testing::kratos::csrf;
use crate::testing::model::{Flow, FlowKind};
use crate::testing::state::State;

/// A flow, for the browser that started it or for whoever knows the id of a native one.
pub(crate) fn get(state: &State, call: &Call, kind: FlowKind) -> HandlerResult {
    let flow = known(state, call, kind)?;
    csrf::check_owner(call, flow.csrf.as_deref())?;
    let flow = alive(state, flow)?;
    Ok(Reply::ok(&json::flow(flow, state)))
}

/// The flow that the parameter `id` names, unless it is expired.
pub(super) fn find<'a>(state: &'a State, call: &Call, kind: FlowKind) -> HandlerResult<&'a Flow> {
    alive(state, known(state, call, kind)?)
}

fn known<'a>(state: &'a State, call: &Call, kind: FlowKind) -> HandlerResult<&'a Flow> {
    let id = call.parameter("id").and_then(|id| id.parse::<Uuid>().ok());
    Ok(id.and_then(|id| state.flows.get(id, kind)).ok_or_else(Error::not_found)?)
}

fn alive<'a>(state: &State, flow: &'a Flow) -> HandlerResult<&'a Flow> {
    if flow.is_expired(&state.clock) { Err(expired(state, flow).into()) } else { Ok(flow) }
}

fn expired(state: &State, flow: &Flow) -> Error {
    let name = flow.kind.name();
    if flow.kind == FlowKind::Recovery && !flow.is_browser {
        let minutes = (state.clock.now() - flow.expires_at).num_milliseconds() as f64 / 60_000.0;
        return Error::new(StatusCode::GONE, "self-service flow expired")
            .id("self_service_flow_expired")
            .reason(format!("The self-service flow expired {minutes:.2} minutes ago, initialize a new one."))
            .details(json!({"api": format!("{}/self-service/{name}/api", state.url)}));
    }
    let message = "The requested resource is no longer available because it has expired or is otherwise invalid.";
    let error = Error::new(StatusCode::GONE, message);
    let error = if flow.is_browser {
        let reason = format!(
            "The {name} flow has expired. Redirect the user to the {name} flow init endpoint to initialize a new {name} \
             flow."
        );
        let start = format!("{}/self-service/{name}/browser", state.url);
        let return_to = flow.return_to.as_deref().unwrap_or_default();
        error.reason(reason).details(json!({"redirect_to": start, "return_to": return_to}))
    } else {
        let reason = format!(
            "The {name} flow has expired. Call the {name} flow init API endpoint to initialize a new {name} flow."
        );
        error.reason(reason).details(json!({"api": format!("{}/self-service/{name}/api", state.url)}))
    };
    match flow.kind {
        FlowKind::Login | FlowKind::Registration => error.id("self_service_flow_expired"),
        FlowKind::Settings | FlowKind::Recovery | FlowKind::Verification => error,
    }
}
