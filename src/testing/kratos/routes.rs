//! The routes of Kratos, and the headers that all its replies have.

use http::{Method, header};

use super::{courier, flows, identities, schemas, sessions};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::FlowKind;
use crate::testing::state::State;
use crate::testing::unserved;

pub(crate) fn respond(state: &mut State, request: &Request) -> Reply {
    let mut reply = route(state, request).unwrap_or_else(|refusal| refusal);
    if request.method == Method::GET {
        reply = reply.header(header::CACHE_CONTROL, "private, no-cache, no-store, must-revalidate");
    }
    if request.segments.first().is_some_and(|first| first != "admin") {
        reply = reply.header(header::VARY, "Cookie");
    }
    reply
}

fn route(state: &mut State, request: &Request) -> HandlerResult {
    match (request.method.as_str(), request.path().as_slice()) {
        ("GET", ["self-service", "login", "api"]) => flows::login::start(state, request),
        ("GET", ["self-service", "registration", "api"]) => flows::registration::start(state, request),
        ("GET", ["self-service", "settings", "api"]) => flows::settings::start(state, request),
        ("GET", ["self-service", "login", "flows"]) => flows::get(state, request, FlowKind::Login),
        ("GET", ["self-service", "registration", "flows"]) => flows::get(state, request, FlowKind::Registration),
        ("GET", ["self-service", "settings", "flows"]) => flows::settings::get(state, request),
        ("POST", ["self-service", "login"]) => flows::login::submit(state, request),
        ("POST", ["self-service", "registration"]) => flows::registration::submit(state, request),
        ("POST", ["self-service", "settings"]) => flows::settings::submit(state, request),
        ("DELETE", ["self-service", "logout", "api"]) => sessions::own::log_out(state, request),
        ("GET", ["sessions", "whoami"]) => sessions::own::whoami(state, request),
        ("GET", ["sessions"]) => sessions::own::list(state, request),
        ("DELETE", ["sessions"]) => sessions::own::revoke_others(state, request),
        ("DELETE", ["sessions", id]) => sessions::own::revoke(state, request, id),
        ("GET", ["schemas"]) => Ok(schemas::list(&state.identities.schema, request)),
        ("GET", ["schemas", id]) => schemas::get(&state.identities.schema, id),
        ("GET", ["admin", "identities"]) => identities::list(state, request),
        ("POST", ["admin", "identities"]) => identities::create(state, request),
        ("GET", ["admin", "identities", id]) => identities::get(state, request, id),
        ("PUT", ["admin", "identities", id]) => identities::update(state, request, id),
        ("PATCH", ["admin", "identities", id]) => identities::patch(state, request, id),
        ("DELETE", ["admin", "identities", id]) => identities::delete(state, id),
        ("GET", ["admin", "identities", id, "sessions"]) => sessions::admin::list(state, request, id),
        ("DELETE", ["admin", "identities", id, "sessions"]) => sessions::admin::delete(state, id),
        ("GET", ["admin", "courier", "messages"]) => courier::list(request),
        _ => Err(unserved::refuse_known(request).unwrap_or_else(Reply::no_route)),
    }
}
