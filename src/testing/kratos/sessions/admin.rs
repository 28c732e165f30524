//! Sessions, for administrators.

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use http::{StatusCode, header};
use serde_json::Value;
use uuid::Uuid;

use super::{json, list};
use crate::testing::clock::rfc3339;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::body;
use crate::testing::model::Session;
use crate::testing::page;
use crate::testing::state::State;

/// The sessions of an identity.
pub(crate) fn list_of(state: &State, request: &Request, id: &str) -> HandlerResult {
    let identity = body::uuid(id)?;
    let wanted = active(request)?;
    let all = state.sessions.of(identity);
    let all = all.filter(|session| wanted.is_none_or(|active| session.is_active(&state.clock) == active));
    Ok(list::reply(state, request, all.collect()))
}

/// The parameter `active`, as Go reads it.
fn active(request: &Request) -> Result<Option<bool>, Error> {
    match request.parameter("active") {
        None | Some("") => Ok(None),
        Some("1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(Some(true)),
        Some("0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(Some(false)),
        Some(_) => Err(Error::new(StatusCode::BAD_REQUEST, "could not parse parameter active")),
    }
}

/// All sessions.
pub(crate) fn list(state: &State, request: &Request) -> HandlerResult {
    let wanted = active(request)?;
    let expand: Vec<&str> = request.parameters("expand").collect();
    let unread = || Error::new(StatusCode::BAD_REQUEST, "could not parse parameter page_size");
    let size = page::size(request, "page_size", 250, 1000).map_err(|_| unread())?;
    let token = request.parameter("page_token").filter(|token| !token.is_empty());
    let after = token.map(|token| read_token(token).ok_or_else(|| bad_token(token))).transpose()?;
    let mut rest = state.sessions.newest_first().skip_while(|session| after.is_some_and(|id| session.id != id));
    if after.is_some() {
        rest.next();
    }
    let rest = rest.filter(|session| wanted.is_none_or(|active| session.is_active(&state.clock) == active));
    let mut items: Vec<&Session> = rest.take(size.saturating_add(1)).collect();
    let has_more = items.len() > size;
    items.truncate(size);
    let next = items.last().filter(|_| has_more).map(|last| write_token(last));
    let first = request.parameter("page_token").filter(|token| !token.is_empty()).map(str::to_owned);
    let first = first.unwrap_or_else(|| URL_SAFE_NO_PAD.encode("id=/created_at=9999-12-31 23:59:59"));
    let items: Value = items.into_iter().map(|item| json::administered(item, state, &expand)).collect();
    let links = page::token_links(request, size, &first, next.as_deref());
    Ok(Reply::ok(&items).header(header::LINK, links))
}

/// A page token names the last session of its page.
fn write_token(session: &Session) -> String {
    URL_SAFE_NO_PAD.encode(format!("id={}/created_at={}", session.id, rfc3339(session.issued_at)))
}

fn read_token(token: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(token.trim_end_matches('=')).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("id=")?.split('/').next()?.parse().ok()
}

/// As with the server, the refusal depends on what is wrong with the token.
fn bad_token(token: &str) -> Error {
    if URL_SAFE.decode(token).is_err() && token.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_') {
        return Error::new(StatusCode::BAD_REQUEST, "could not parse parameter page_size");
    }
    Error::bad_request("The page token is invalid, do not craft your own page tokens")
}

pub(crate) fn get(state: &State, request: &Request, id: &str) -> HandlerResult {
    let expand: Vec<&str> = request.parameters("expand").collect();
    let session = state.sessions.get(body::uuid(id)?).ok_or_else(Error::not_found)?;
    Ok(Reply::ok(&json::single(session, state, &expand)))
}

pub(crate) fn extend(state: &mut State, id: &str) -> HandlerResult {
    let id = body::uuid(id)?;
    state.sessions.extend(&state.clock, id).ok_or_else(Error::not_found)?;
    let session = state.sessions.get(id).ok_or_else(Error::not_found)?;
    Ok(Reply::ok(&json::single(session, state, &["identity"])))
}

/// Revokes a session. As with the server, one that does not exist is no error.
pub(crate) fn disable(state: &mut State, id: &str) -> HandlerResult {
    state.sessions.revoke(body::uuid(id)?);
    Ok(Reply::text(StatusCode::NO_CONTENT, "application/json; charset=utf-8", ""))
}

/// Deletes all sessions of an identity.
pub(crate) fn delete(state: &mut State, id: &str) -> HandlerResult {
    if state.sessions.remove_of(body::uuid(id)?) {
        Ok(Reply::empty(StatusCode::NO_CONTENT))
    } else {
        Err(Error::not_found().into())
    }
}
