//! The caller's own sessions.

use http::{HeaderName, StatusCode};
use serde_json::json;

use super::{json, list};
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::{body, caller};
use crate::testing::model::Session;
use crate::testing::state::State;

const CACHE_FOR: HeaderName = HeaderName::from_static("ory-session-cache-for");

pub(crate) fn whoami(state: &State, request: &Request) -> HandlerResult {
    let Some(session) = caller::session(state, request) else {
        let refusal: Reply = Error::unauthorized("No valid session credentials found in the request.").into();
        let is_cacheable = state.cacheable_sessions.is_some() && caller::is_anonymous(request);
        return Err(if is_cacheable { refusal.header(CACHE_FOR, "60") } else { refusal });
    };
    caller::check_second_factor(state, &session)?;
    let owner = HeaderName::from_static("x-kratos-authenticated-identity-id");
    let identity = session.identity.to_string();
    if let Some(error) = caller::cookie_fault(request) {
        return Err(Reply::from(error).header(owner, identity));
    }
    let mut body = json::full(&session, state);
    let template = request.parameter("tokenize_as").filter(|template| !template.is_empty());
    if let Some(template) = template {
        let missing = || Error::bad_request(format!("The tokenizer template {template:?} is not configured."));
        let token = state.tokenizer.token(&state.clock, &state.url, &session, template);
        body["tokenized"] = token.ok_or_else(missing)?.into();
    }
    let mut reply = Reply::ok(&body).header(owner, identity);
    if let Some(age) = state.cacheable_sessions.filter(|_| template.is_none()) {
        let left = (session.expires_at - state.clock.now()).as_seconds_f64().min(age.as_secs_f64());
        reply = reply.header(CACHE_FOR, format!("{left:.0}"));
    }
    Ok(caller::renew_cookie(state, request, reply, &session))
}

fn signed_in(state: &State, request: &Request) -> HandlerResult<Session> {
    Ok(caller::session(state, request).ok_or_else(|| Error::unauthorized("No valid session cookie found."))?)
}

/// The active sessions of the caller, without the one that the request carries.
pub(crate) fn list(state: &State, request: &Request) -> HandlerResult {
    let own = signed_in(state, request)?;
    caller::check_second_factor(state, &own)?;
    let all = state.sessions.of(own.identity);
    let others = all.filter(|session| session.id != own.id && session.is_active(&state.clock));
    Ok(list::reply(state, request, others.collect()))
}

pub(crate) fn revoke(state: &mut State, request: &Request, id: &str) -> HandlerResult {
    let own = signed_in(state, request)?;
    let id = body::uuid(id)?;
    if id == own.id {
        return Err(Error::new(StatusCode::BAD_REQUEST, "cannot revoke current session").into());
    }
    if state.sessions.get(id).is_some_and(|session| session.identity == own.identity) {
        state.sessions.revoke(id);
    }
    Ok(Reply::text(StatusCode::NO_CONTENT, "application/json; charset=utf-8", ""))
}

pub(crate) fn revoke_others(state: &mut State, request: &Request) -> HandlerResult {
    let own = signed_in(state, request)?;
    Ok(Reply::ok(&json!({"count": state.sessions.revoke_others(&own)})))
}

/// The session of a native app that signed in with a third party. A stand-in has none, so no code leads to a session.
pub(crate) fn exchange(request: &Request) -> HandlerResult {
    let is_missing = |name: &str| request.parameter(name).is_none_or(str::is_empty);
    if is_missing("init_code") || is_missing("return_to_code") {
        return Err(Error::bad_request("\"init_code\" and \"return_to_code\" query params must be set").into());
    }
    let error = Error::new(StatusCode::NOT_FOUND, "The requested resource could not be found");
    Err(error.reason("no session yet for this \"code\"").into())
}
