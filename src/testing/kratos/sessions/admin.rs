//! The sessions of an identity, for administrators.

use http::StatusCode;

use super::list;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::body;
use crate::testing::state::State;

pub(crate) fn list(state: &State, request: &Request, id: &str) -> HandlerResult {
    let identity = body::uuid(id)?;
    let wanted = match request.parameter("active") {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return Err(Error::new(StatusCode::BAD_REQUEST, "could not parse parameter active").into()),
    };
    let all = state.sessions.newest_first(identity);
    let all = all.filter(|session| wanted.is_none_or(|active| session.is_active(&state.clock) == active));
    Ok(list::reply(state, request, all.collect()))
}

pub(crate) fn delete(state: &mut State, id: &str) -> HandlerResult {
    if state.sessions.remove_of(body::uuid(id)?) {
        Ok(Reply::empty(StatusCode::NO_CONTENT))
    } else {
        Err(Error::not_found().into())
    }
}
