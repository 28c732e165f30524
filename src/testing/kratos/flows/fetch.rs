//! `GET /self-service/…/flows`.

use http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::json;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{Flow, FlowKind};
use crate::testing::state::State;

pub(crate) fn get(state: &State, request: &Request, kind: FlowKind) -> HandlerResult {
    let flow = find(state, request, kind)?;
    Ok(Reply::ok(&json::flow(flow, state)))
}

/// The flow that the parameter `id` names, unless it is expired.
pub(super) fn find<'a>(state: &'a State, request: &Request, kind: FlowKind) -> HandlerResult<&'a Flow> {
    let id = request.parameter("id").and_then(|id| id.parse::<Uuid>().ok());
    let flow = id.and_then(|id| state.flows.get(id, kind)).ok_or_else(Error::not_found)?;
    if flow.is_expired(&state.clock) { Err(expired(state, kind).into()) } else { Ok(flow) }
}

fn expired(state: &State, kind: FlowKind) -> Error {
    let name = kind.name();
    let message = "The requested resource is no longer available because it has expired or is otherwise invalid.";
    let reason =
        format!("The {name} flow has expired. Call the {name} flow init API endpoint to initialize a new {name} flow.");
    let error = Error::new(StatusCode::GONE, message)
        .reason(reason)
        .details(json!({"api": format!("{}/self-service/{name}/api", state.url)}));
    if kind == FlowKind::Settings { error } else { error.id("self_service_flow_expired") }
}
