//! Who sends a request, and from which device.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use http::{StatusCode, header};
use uuid::Uuid;

use crate::testing::error::Error;
use crate::testing::http::{Reply, Request};
use crate::testing::model::{Device, Session};
use crate::testing::state::State;

/// The name of the cookie with a browser's session.
pub(crate) const SESSION_COOKIE: &str = "ory_kratos_session";

/// The active session of the caller.
pub(super) fn session(state: &State, request: &Request) -> Option<Session> {
    state.active_session(&token(request)?).cloned()
}

/// `X-Session-Token` wins over the cookie, and the cookie over a bearer token.
fn token(request: &Request) -> Option<String> {
    if let Some(token) = request.header("x-session-token") {
        return Some(token.to_owned());
    }
    let bearer = || request.header(header::AUTHORIZATION)?.strip_prefix("Bearer ").map(str::to_owned);
    cookie(request).map(|(token, _)| token).or_else(bearer)
}

/// Whether the request carries nothing that could be a session.
pub(super) fn is_anonymous(request: &Request) -> bool {
    token(request).is_none()
}

/// The token in the session cookie, and until when the cookie is valid.
fn cookie(request: &Request) -> Option<(String, String)> {
    let text = URL_SAFE.decode(request.cookie(SESSION_COOKIE)?).ok()?;
    let (until, token) = std::str::from_utf8(&text).ok()?.split_once('|')?;
    Some((token.to_owned(), until.to_owned()))
}

/// Why the session cookie cannot be read, if it cannot.
pub(super) fn cookie_fault(request: &Request) -> Option<Error> {
    let text = request.cookie(SESSION_COOKIE)?;
    URL_SAFE.decode(text).err()?;
    let message = format!("securecookie: base64 decode failed - caused by: {}", base64_fault(text));
    Some(Error::new(StatusCode::INTERNAL_SERVER_ERROR, message))
}

/// What Go says of text that is not base64.
pub(super) fn base64_fault(text: &str) -> String {
    let strange = text.find(|c: char| !c.is_ascii_alphanumeric() && !"+/-_=".contains(c));
    format!("illegal base64 data at input byte {}", strange.unwrap_or(text.len() / 4 * 4))
}

/// The cookie for a session.
pub(crate) fn cookie_value(session: &Session) -> String {
    URL_SAFE.encode(format!("{}|{}", session.expires_at.timestamp_micros(), session.token))
}

/// Gives a browser the cookie for a session.
pub(super) fn set_cookie(state: &State, reply: Reply, session: &Session) -> Reply {
    let seconds = (session.expires_at - state.clock.now()).num_seconds();
    reply.set_cookie(SESSION_COOKIE, &cookie_value(session), Some(seconds))
}

/// Gives the cookie again if the session was extended since.
pub(super) fn renew_cookie(state: &State, request: &Request, reply: Reply, session: &Session) -> Reply {
    match cookie(request) {
        Some((token, until))
            if token == session.token && until != session.expires_at.timestamp_micros().to_string() =>
        {
            set_cookie(state, reply, session)
        }
        _ => reply,
    }
}

pub(super) fn delete_cookie(reply: Reply) -> Reply {
    reply.delete_cookie(SESSION_COOKIE)
}

pub(super) fn device(request: &Request, id: Uuid) -> Device {
    Device { id, address: request.peer, user_agent: request.header(header::USER_AGENT).map(str::to_owned) }
}

/// Refuses a session without the second factor that its owner has.
pub(super) fn check_second_factor(state: &State, session: &Session) -> Result<(), Error> {
    let has_other = state.identities.get(session.identity).is_some_and(|owner| owner.has_second_factor());
    if session.is_aal2() || !has_other {
        return Ok(());
    }
    let url = second_factor_url(state, None);
    let message = "Session does not fulfill the requested Authenticator Assurance Level";
    Err(Error::new(StatusCode::FORBIDDEN, message)
        .id("session_aal2_required")
        .reason(
            "An active session was found but it does not fulfill the requested Authenticator Assurance Level. Please \
             verify yourself with a second factor to resolve this issue.",
        )
        .details(serde_json::json!({"redirect_browser_to": url}))
        .beside("redirect_browser_to", url))
}

/// Where a browser enters its second factor.
pub(super) fn second_factor_url(state: &State, return_to: Option<&str>) -> String {
    let mut query = String::new();
    crate::wire::form::append_pair(&mut query, "aal", "aal2");
    if let Some(url) = return_to {
        crate::wire::form::append_pair(&mut query, "return_to", url);
    }
    format!("{}/self-service/login/browser?{query}", state.url)
}
