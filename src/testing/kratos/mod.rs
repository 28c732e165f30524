//! Kratos: which path is which operation, and how it refuses.

pub(super) mod flows;
pub(super) mod identity;
pub(super) mod sessions;

mod admin;
mod error;
mod login;
mod registration;
mod settings;
mod ui;

use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::http::{Answer, Reply, Request};
use super::page::{self, Numbered};
use super::state::State;
use error::Error;
use flows::Kind;

pub(super) fn answer(state: &mut State, request: &Request) -> Reply {
    let mut reply = route(state, request).unwrap_or_else(|refusal| refusal);
    if request.method == Method::GET {
        reply = reply.header(header::CACHE_CONTROL, "private, no-cache, no-store, must-revalidate");
    }
    if request.segments.first().is_some_and(|first| first != "admin") {
        reply = reply.header(header::VARY, "Cookie");
    }
    reply
}

fn route(state: &mut State, request: &Request) -> Answer {
    match (request.method.as_str(), request.path().as_slice()) {
        ("GET", ["self-service", "login", "api"]) => login::start(state, request),
        ("GET", ["self-service", "registration", "api"]) => registration::start(state, request),
        ("GET", ["self-service", "settings", "api"]) => settings::start(state, request),
        ("GET", ["self-service", "login", "flows"]) => flows::get(state, request, Kind::Login),
        ("GET", ["self-service", "registration", "flows"]) => flows::get(state, request, Kind::Registration),
        ("GET", ["self-service", "settings", "flows"]) => settings::get(state, request),
        ("POST", ["self-service", "login"]) => login::submit(state, request),
        ("POST", ["self-service", "registration"]) => registration::submit(state, request),
        ("POST", ["self-service", "settings"]) => settings::submit(state, request),
        ("DELETE", ["self-service", "logout", "api"]) => sessions::log_out(state, request),
        ("GET", ["sessions", "whoami"]) => sessions::whoami(state, request),
        ("GET", ["sessions"]) => sessions::list_own(state, request),
        ("DELETE", ["sessions"]) => sessions::revoke_others(state, request),
        ("DELETE", ["sessions", id]) => sessions::revoke(state, request, id),
        ("GET", ["schemas"]) => Ok(schemas(state, request)),
        ("GET", ["schemas", id]) => schema(state, id),
        ("GET", ["admin", "identities"]) => admin::list(state, request),
        ("POST", ["admin", "identities"]) => admin::create(state, request),
        ("GET", ["admin", "identities", id]) => admin::get(state, request, id),
        ("PUT", ["admin", "identities", id]) => admin::update(state, request, id),
        ("PATCH", ["admin", "identities", id]) => admin::patch(state, request, id),
        ("DELETE", ["admin", "identities", id]) => admin::delete(state, id),
        ("GET", ["admin", "identities", id, "sessions"]) => sessions::list_of(state, request, id),
        ("DELETE", ["admin", "identities", id, "sessions"]) => sessions::delete_of(state, id),
        ("GET", ["admin", "courier", "messages"]) => messages(request),
        _ => Err(Reply::text(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", "404 page not found\n")
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")),
    }
}

fn schemas(state: &State, request: &Request) -> Reply {
    let page = Numbered::read(request, 1);
    let all = vec![json!({"id": "default", "schema": state.schema.document})];
    let items = page.items(all, page.page);
    Reply::ok(&Value::Array(items))
        .header(header::LINK, page.links(request, true))
        .header(http::HeaderName::from_static("x-total-count"), "1")
}

fn schema(state: &State, id: &str) -> Answer {
    if id == "default" {
        return Ok(Reply::ok(&state.schema.document));
    }
    let error = Error::new(StatusCode::NOT_FOUND, "The requested resource could not be found");
    Err(error.reason(format!("Identity schema `{id}` could not be found.")).into())
}

/// No message is ever sent, so the list is empty.
fn messages(request: &Request) -> Answer {
    let size = page::size(request, "page_size", 10, 500).map_err(|why| Error::bad_request(why.0))?;
    Ok(Reply::ok(&json!([])).header(header::LINK, page::token_links(request, size, "first", None)))
}
