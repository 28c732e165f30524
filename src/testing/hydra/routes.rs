//! The routes of Hydra, and the headers that all its replies have.

use http::{Method, StatusCode, header};
use serde_json::json;

use super::{
    authorize, clients, credentials, device, discovery, introspect, issuers, keys, logout, registration, requests,
    sessions, tokens,
};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::state::State;
use crate::testing::{operation, unserved};

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
        return reply.default_header(header::CACHE_CONTROL, "private, no-cache, no-store, must-revalidate");
    }
    reply
}

fn route(state: &mut State, request: &Request) -> HandlerResult {
    let path = request.target.split('?').next().unwrap_or_default();
    if path.contains("//") {
        return Ok(Reply::redirect(StatusCode::TEMPORARY_REDIRECT, without_double_slashes(path)));
    }
    match request.path().as_slice() {
        ["admin", "clients", rest @ ..] => client_route(state, request, rest),
        ["admin", "keys", rest @ ..] => key_route(state, request, rest),
        ["admin", "trust", "grants", "jwt-bearer", "issuers", rest @ ..] => issuer_route(state, request, rest),
        ["admin", "oauth2", rest @ ..] => admin_route(state, request, rest),
        ["oauth2", rest @ ..] => oauth2_route(state, request, rest),
        rest => public_route(state, request, rest),
    }
}

/// The path to which Go's router redirects.
fn without_double_slashes(path: &str) -> String {
    let mut clean = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !clean.ends_with('/') {
            clean.push(character);
        }
    }
    clean
}

fn client_route(state: &mut State, request: &Request, path: &[&str]) -> HandlerResult {
    match (request.method.as_str(), path) {
        ("GET", []) => clients::list(state, request),
        ("POST", []) => clients::create(state, request),
        ("GET", [id]) => clients::get(state, id),
        ("PUT", [id]) => clients::update(state, request, id),
        ("PATCH", [id]) => clients::patch(state, request, id),
        ("DELETE", [id]) => clients::delete(state, id),
        ("PUT", [id, "lifespans"]) => clients::set_lifespans(state, request, id),
        ("POST", [id, "secrets", "rotate"]) => clients::rotate_secret(state, id),
        ("DELETE", [id, "secrets", "rotate"]) => clients::delete_old_secrets(state, id),
        _ => Err(unknown(request)),
    }
}

fn key_route(state: &mut State, request: &Request, path: &[&str]) -> HandlerResult {
    match (request.method.as_str(), path) {
        ("POST", [set]) => keys::create(state, request, set),
        ("GET", [set]) => keys::get_set(state, set),
        ("PUT", [set]) => keys::replace_set(state, request, set),
        ("DELETE", [set]) => keys::delete_set(state, set),
        ("GET", [set, kid]) => keys::get(state, set, kid),
        ("PUT", [set, _]) => keys::update(state, request, set),
        ("DELETE", [set, kid]) => keys::delete(state, set, kid),
        _ => Err(unknown(request)),
    }
}

fn issuer_route(state: &mut State, request: &Request, path: &[&str]) -> HandlerResult {
    match (request.method.as_str(), path) {
        ("GET", []) => issuers::list(state, request),
        ("POST", []) => issuers::create(state, request),
        ("GET", [id]) => issuers::get(state, id),
        ("DELETE", [id]) => issuers::delete(state, id),
        _ => Err(unknown(request)),
    }
}

fn admin_route(state: &mut State, request: &Request, path: &[&str]) -> HandlerResult {
    match (request.method.as_str(), path) {
        ("GET", ["auth", "requests", "login"]) => requests::get_login(state, request),
        ("PUT", ["auth", "requests", "login", "accept"]) => requests::accept_login(state, request),
        ("PUT", ["auth", "requests", "login", "reject"]) => requests::reject_login(state, request),
        ("GET", ["auth", "requests", "consent"]) => requests::get_consent(state, request),
        ("PUT", ["auth", "requests", "consent", "accept"]) => requests::accept_consent(state, request),
        ("PUT", ["auth", "requests", "consent", "reject"]) => requests::reject_consent(state, request),
        ("GET", ["auth", "requests", "logout"]) => logout::get(state, request),
        ("PUT", ["auth", "requests", "logout", "accept"]) => logout::accept(state, request),
        ("PUT", ["auth", "requests", "logout", "reject"]) => logout::reject(state, request),
        ("PUT", ["auth", "requests", "device", "accept"]) => device::accept(state, request),
        ("GET", ["auth", "sessions", "consent"]) => sessions::list_consents(state, request),
        ("DELETE", ["auth", "sessions", "consent"]) => sessions::revoke_consents(state, request),
        ("DELETE", ["auth", "sessions", "login"]) => sessions::revoke_logins(state, request),
        ("POST", ["introspect"]) => Ok(introspect::introspect(state, request)),
        ("DELETE", ["tokens"]) => introspect::delete(state, request),
        _ => Err(unknown(request)),
    }
}

fn oauth2_route(state: &mut State, request: &Request, path: &[&str]) -> HandlerResult {
    match (request.method.as_str(), path) {
        ("GET", ["auth"]) => Ok(authorize::authorize(state, request)),
        ("POST", ["token"]) => Ok(tokens::issue(state, request)),
        ("POST", ["revoke"]) => Ok(introspect::revoke(state, request)),
        ("GET", ["sessions", "logout"]) => Ok(logout::visit(state, request)),
        ("POST", ["device", "auth"]) => Ok(device::start(state, request)),
        ("GET", ["device", "verify"]) => device::verify(state, request),
        ("POST", ["register"]) => registration::create(state, request),
        ("GET", ["register", id]) => registration::get(state, request, id),
        ("PUT", ["register", id]) => registration::update(state, request, id),
        ("DELETE", ["register", id]) => registration::delete(state, request, id),
        _ => Err(unknown(request)),
    }
}

fn public_route(state: &mut State, request: &Request, path: &[&str]) -> HandlerResult {
    match (request.method.as_str(), path) {
        ("GET", [".well-known", "openid-configuration"]) => Ok(discovery::configuration(state)),
        ("GET", [".well-known", "jwks.json"]) => Ok(discovery::keys(state)),
        ("GET" | "POST", ["userinfo"]) => introspect::user_info(state, request),
        ("POST", ["credentials"]) => credentials::create(state, request),
        _ => Err(unknown(request)),
    }
}

fn unknown(request: &Request) -> Reply {
    // Administrators learn which methods there are; the routes for GET end in a page for everything else.
    let is_admin = request.segments.first().is_some_and(|first| first == "admin");
    let allowed =
        if is_admin && request.method != Method::GET { operation::allowed_methods(&request.segments) } else { None };
    if let Some(allowed) = allowed {
        return Reply::no_method(&allowed);
    }
    unserved::refuse_known(request).unwrap_or_else(|| {
        let reason = "The requested route does not exist. Make sure you are using the right path, domain, and port.";
        let body = json!({"error": {"code": 404, "message": "Not Found", "reason": reason}});
        Reply::json(StatusCode::NOT_FOUND, &body)
    })
}
