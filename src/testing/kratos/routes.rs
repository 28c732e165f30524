//! The routes of Kratos, and the headers that all its replies have.

use http::{Method, header};

use super::call::Call;
use super::refusal::Outcome;
use super::{courier, csrf, flows, identities, page_errors, recovery, schemas, sessions, well_known};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::FlowKind;
use crate::testing::state::State;
use crate::testing::unserved;

pub(crate) fn respond(state: &mut State, request: &Request) -> Reply {
    let is_admin = request.segments.first().is_some_and(|first| first == "admin");
    let mut reply = if is_admin {
        administer(state, request).unwrap_or_else(|refusal| refusal)
    } else {
        let call = Call::new(state, request);
        let reply = match browse(state, &call) {
            Some(Ok(reply)) => reply,
            Some(Err(refusal)) => refusal.into_reply(state, &call, flows::is_native(&call)),
            None => serve(state, &call).unwrap_or_else(|refusal| refusal),
        };
        call.with_csrf_cookie(state, reply).header(header::VARY, "Cookie")
    };
    if request.method == Method::GET {
        reply = reply.header(header::CACHE_CONTROL, "private, no-cache, no-store, must-revalidate");
    }
    reply
}

/// Routes whose refusals a browser sees on a page.
fn browse(state: &mut State, call: &Call) -> Option<Outcome> {
    let reply = match (call.method.as_str(), call.path().as_slice()) {
        ("GET", ["self-service", "login", "api" | "browser"]) => flows::login::start(state, call),
        ("GET", ["self-service", "registration", "api" | "browser"]) => flows::registration::start(state, call),
        ("GET", ["self-service", "settings", "api" | "browser"]) => flows::settings::start(state, call),
        ("GET", ["self-service", "recovery", "api" | "browser"]) => flows::recovery::start(state, call),
        ("GET", ["self-service", "verification", "api" | "browser"]) => flows::verification::start(state, call),
        ("POST", ["self-service", "login"]) => flows::login::submit(state, call),
        ("POST", ["self-service", "registration"]) => flows::registration::submit(state, call),
        ("POST", ["self-service", "settings"]) => flows::settings::submit(state, call),
        ("GET", ["self-service", "settings"]) => flows::settings::come_back(state, call),
        ("GET" | "POST", ["self-service", "recovery"]) => flows::recovery::submit(state, call),
        ("GET" | "POST", ["self-service", "verification"]) => flows::verification::submit(state, call),
        ("GET", ["self-service", "logout", "browser"]) => flows::logout::create(state, call),
        ("GET", ["self-service", "logout"]) => flows::logout::submit(state, call),
        _ => return None,
    };
    Some(reply)
}

/// All other public routes.
fn serve(state: &mut State, call: &Call) -> HandlerResult {
    match (call.method.as_str(), call.path().as_slice()) {
        ("GET", ["self-service", "login", "flows"]) => flows::get(state, call, FlowKind::Login),
        ("GET", ["self-service", "registration", "flows"]) => flows::get(state, call, FlowKind::Registration),
        ("GET", ["self-service", "settings", "flows"]) => flows::settings::get(state, call),
        ("GET", ["self-service", "recovery", "flows"]) => flows::get(state, call, FlowKind::Recovery),
        ("GET", ["self-service", "verification", "flows"]) => flows::get(state, call, FlowKind::Verification),
        ("GET", ["self-service", "errors"]) => page_errors::get(state, call),
        ("DELETE", ["self-service", "logout", "api"]) => flows::logout::native(state, call),
        ("GET", ["sessions", "whoami"]) => sessions::own::whoami(state, call),
        ("GET", ["sessions", "token-exchange"]) => sessions::own::exchange(call),
        ("GET", ["sessions"]) => sessions::own::list(state, call),
        ("DELETE", ["sessions"]) => sessions::own::revoke_others(state, call),
        ("DELETE", ["sessions", id]) => sessions::own::revoke(state, call, id),
        ("GET", ["schemas"]) => Ok(schemas::list(&state.identities.schema, call)),
        ("GET", ["schemas", id]) => schemas::get(&state.identities.schema, id),
        ("GET", [".well-known", "ory", "webauthn.js"]) => Ok(well_known::webauthn_script()),
        ("GET", [".well-known", "change-password"]) => Ok(well_known::change_password(state, call)),
        _ => Err(no_route(state, call)),
    }
}

fn no_route(state: &State, call: &Call) -> Reply {
    if let Some(refusal) = unserved::refuse_known(call).filter(|_| !is_elsewhere(call)) {
        return refusal;
    }
    match call.method.as_str() {
        "GET" | "HEAD" | "OPTIONS" => Reply::no_route(),
        // As with the server, whatever changes something must come with a CSRF token, even where there is no route.
        _ => call.set_csrf_cookie(state, csrf::no_token().into()),
    }
}

/// Whether a request is for an operation that no self-hosted server of release 26.2 has, so that none knows the route.
fn is_elsewhere(request: &Request) -> bool {
    matches!(
        request.path().as_slice(),
        ["self-service", "fed-cm", "parameters" | "token"]
            | ["self-service", "login", "test"]
            | ["admin", "test-login-flows"]
    )
}

fn administer(state: &mut State, request: &Request) -> HandlerResult {
    let path = request.path();
    if path.last() == Some(&"") {
        return Err(Reply::no_route());
    }
    match (request.method.as_str(), path.get(1..).unwrap_or_default()) {
        ("GET", ["identities"]) => identities::list(state, request),
        ("POST", ["identities"]) => identities::create(state, request),
        ("PATCH", ["identities"]) => identities::create_many(state, request),
        ("GET", ["identities", "by", "external", id]) => identities::get_by_external_id(state, request, id),
        ("GET", ["identities", id]) => identities::get(state, request, id),
        ("PUT", ["identities", id]) => identities::update(state, request, id),
        ("PATCH", ["identities", id]) => identities::patch(state, request, id),
        ("DELETE", ["identities", id]) => identities::delete(state, id),
        ("DELETE", ["identities", id, "credentials", kind]) => identities::delete_credential(state, request, id, kind),
        ("GET", ["identities", id, "sessions"]) => sessions::admin::list_of(state, request, id),
        ("DELETE", ["identities", id, "sessions"]) => sessions::admin::delete(state, id),
        ("GET", ["sessions"]) => sessions::admin::list(state, request),
        ("POST", ["sessions"]) => sessions::manage::manage(state, request),
        ("GET", ["sessions", id]) => sessions::admin::get(state, request, id),
        ("DELETE", ["sessions", id]) => sessions::admin::disable(state, id),
        ("PATCH", ["sessions", id, "extend"]) => sessions::admin::extend(state, id),
        ("POST", ["recovery", "code"]) => recovery::code(state, request),
        ("POST", ["recovery", "link"]) => recovery::link(state, request),
        ("GET", ["courier", "messages"]) => courier::list(state, request),
        ("GET", ["courier", "messages", id]) => courier::get(state, id),
        _ if is_elsewhere(request) => Err(Reply::no_route()),
        _ => Err(unserved::refuse_known(request).unwrap_or_else(Reply::no_route)),
    }
}
