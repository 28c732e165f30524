//! The routes of Hydra, and the headers that all its replies have.

use http::{Method, StatusCode, header};
use serde_json::json;

use super::{clients, discovery, tokens};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::state::State;
use crate::testing::unserved;

/// Whether a path belongs to Hydra. All other paths belong to Kratos.
pub(crate) fn owns(path: &[&str]) -> bool {
    match path {
        ["admin", first, ..] => ["clients", "keys", "oauth2", "trust"].contains(first),
        [".well-known", "ory" | "change-password", ..] => false,
        [first, ..] => ["oauth2", ".well-known", "userinfo", "credentials"].contains(first),
        [] => false,
    }
}

pub(crate) fn respond(state: &mut State, request: &Request) -> Reply {
    let reply = route(state, request).unwrap_or_else(|refusal| refusal);
    if request.method == Method::GET {
        return reply.header(header::CACHE_CONTROL, "private, no-cache, no-store, must-revalidate");
    }
    reply
}

fn route(state: &mut State, request: &Request) -> HandlerResult {
    match (request.method.as_str(), request.path().as_slice()) {
        ("GET", ["admin", "clients"]) => clients::list(state, request),
        ("POST", ["admin", "clients"]) => clients::create(state, request),
        ("GET", ["admin", "clients", id]) => clients::get(state, id),
        ("PUT", ["admin", "clients", id]) => clients::update(state, request, id),
        ("PATCH", ["admin", "clients", id]) => clients::patch(state, request, id),
        ("DELETE", ["admin", "clients", id]) => clients::delete(state, id),
        ("POST", ["oauth2", "token"]) => tokens::issue(state, request),
        ("POST", ["oauth2", "revoke"]) => tokens::revoke(state, request),
        ("POST", ["admin", "oauth2", "introspect"]) => tokens::introspect(state, request),
        ("GET", [".well-known", "openid-configuration"]) => Ok(discovery::configuration(state)),
        ("GET", [".well-known", "jwks.json"]) => Ok(discovery::keys(state)),
        _ => Err(unserved::refuse_known(request).unwrap_or_else(unknown)),
    }
}

fn unknown() -> Reply {
    let reason = "The requested route does not exist. Make sure you are using the right path, domain, and port.";
    let body = json!({"error": {"code": 404, "message": "Not Found", "reason": reason}});
    Reply::json(StatusCode::NOT_FOUND, &body)
}
