//! Who sends a request, and from which device.

use http::header;
use uuid::Uuid;

use crate::testing::http::Request;
use crate::testing::model::{Device, Session};
use crate::testing::state::State;

/// The active session of the caller. `X-Session-Token` wins over a bearer token.
pub(super) fn session(state: &State, request: &Request) -> Option<Session> {
    let token = match request.header("x-session-token") {
        Some(token) => token,
        None => request.header(header::AUTHORIZATION)?.strip_prefix("Bearer ")?,
    };
    state.active_session(token).cloned()
}

pub(super) fn device(request: &Request, id: Uuid) -> Device {
    Device { id, address: request.peer, user_agent: request.header(header::USER_AGENT).map(str::to_owned) }
}
