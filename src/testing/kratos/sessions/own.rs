//! The caller's own sessions.

use http::{HeaderName, StatusCode};
use serde_json::json;

use super::{json, list};
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::{body, caller};
use crate::testing::model::Session;
use crate::testing::state::State;

pub(crate) fn whoami(state: &State, request: &Request) -> HandlerResult {
    let missing = || Error::unauthorized("No valid session credentials found in the request.");
    let session = caller::session(state, request).ok_or_else(missing)?;
    let name = HeaderName::from_static("x-kratos-authenticated-identity-id");
    Ok(Reply::ok(&json::full(&session, state)).header(name, session.identity.to_string()))
}

fn signed_in(state: &State, request: &Request) -> HandlerResult<Session> {
    Ok(caller::session(state, request).ok_or_else(|| Error::unauthorized("No valid session cookie found."))?)
}

/// The active sessions of the caller, without the one that the request carries.
pub(crate) fn list(state: &State, request: &Request) -> HandlerResult {
    let own = signed_in(state, request)?;
    let all = state.sessions.newest_first(own.identity);
    let others = all.filter(|session| session.id != own.id && session.is_active(&state.clock));
    Ok(list::reply(state, request, others.collect()))
}

pub(crate) fn revoke(state: &mut State, request: &Request, id: &str) -> HandlerResult {
    let own = signed_in(state, request)?;
    let id = body::uuid(id)?;
    if id == own.id {
        return Err(Error::new(StatusCode::BAD_REQUEST, "cannot revoke current session").into());
    }
    state.sessions.revoke(id, own.identity);
    Ok(Reply::text(StatusCode::NO_CONTENT, "application/json; charset=utf-8", ""))
}

pub(crate) fn revoke_others(state: &mut State, request: &Request) -> HandlerResult {
    let own = signed_in(state, request)?;
    Ok(Reply::ok(&json!({"count": state.sessions.revoke_others(&own)})))
}

pub(crate) fn log_out(state: &mut State, request: &Request) -> HandlerResult {
    if request.body.is_empty() {
        let reason = "Unable to decode HTTP Request Body because its HTTP Header \"Content-Length\" is zero.";
        return Err(Error::bad_request(reason).into());
    }
    let body = body::decode_object(request)?;
    if !state.sessions.revoke_token(body["session_token"].as_str().unwrap_or_default()) {
        let reason = "The provided Ory Session Token could not be found, is invalid, or otherwise malformed.";
        return Err(Error::forbidden(reason).into());
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
