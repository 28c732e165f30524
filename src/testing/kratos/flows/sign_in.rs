//! The end of every flow that signs somebody in.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::testing::error::Error;
use crate::testing::http::Reply;
use crate::testing::kratos::call::{Call, renew_csrf};
use crate::testing::kratos::refusal::{Outcome, Refusal};
use crate::testing::kratos::{caller, returns, sessions};
use crate::testing::model::{Flow, Session};
use crate::testing::random;
use crate::testing::state::State;

/// Signs an identity in that proved with `method` who it is: again or with a second factor in the session that the caller
/// has, or else in a new one.
pub(super) fn log_in(state: &mut State, call: &Call, flow: &Flow, identity: Uuid, method: &'static str) -> Outcome {
    let active = state.identities.get(identity).is_some_and(|identity| identity.is_active());
    if !active {
        return Err(Error::unauthorized("identity is disabled").details(json!({"identity_id": identity})).into());
    }
    let own = caller::session(state, call).filter(|own| (flow.refresh || flow.aal2) && own.identity == identity);
    let is_new = own.is_none();
    let session = match own {
        Some(own) => state.sessions.refresh(&state.clock, own.id, caller::device(call, Uuid::nil()), method),
        None => Some(begin(state, call, identity, method)),
    };
    let session = session.ok_or_else(Error::not_found)?;
    state.flows.pass(flow.id, method);
    let needs_more = caller::check_second_factor(state, &session).is_err();
    if !flow.is_browser {
        let mut shown = sessions::json::full(&session, state);
        if needs_more {
            shown["identity"] = Value::Null;
        }
        return Ok(Reply::ok(&json!({"session_token": session.token, "session": shown, "continue_with": null})));
    }
    let with_cookies = |reply: Reply| {
        let reply = if is_new { renew_csrf(state, reply) } else { reply };
        caller::set_cookie(state, reply, &session)
    };
    if needs_more {
        let url = caller::second_factor_url(state, flow.return_to.as_deref());
        return Ok(with_cookies(go_to(call, &url)));
    }
    let url = returns::after(state, flow);
    if !call.wants_json() {
        return Ok(with_cookies(returns::see_other(call, &url)));
    }
    let next = json!([{"action": "redirect_browser_to", "redirect_browser_to": url}]);
    let body = json!({"session": sessions::json::full(&session, state), "continue_with": next});
    Ok(with_cookies(Reply::ok(&body)))
}

/// Begins a session on the device of the caller.
pub(super) fn begin(state: &mut State, call: &Call, identity: Uuid, method: &'static str) -> Session {
    let device = caller::device(call, random::uuid());
    state.sessions.begin(&state.clock, identity, device, method)
}

/// Sends a browser to a URL, even from a script.
fn go_to(call: &Call, url: &str) -> Reply {
    if !call.wants_json() {
        return returns::see_other(call, url);
    }
    let reason = format!("In order to complete this flow please redirect the browser to: {url}");
    Error::new(StatusCode::UNPROCESSABLE_ENTITY, "browser location change required")
        .id("browser_location_change_required")
        .reason(reason)
        .beside("redirect_browser_to", url)
        .into()
}

/// The error for a caller who is not signed in, without its reason.
pub(super) fn no_session() -> Error {
    Error::new(StatusCode::UNAUTHORIZED, "request does not have a valid authentication session").id("session_inactive")
}

/// Refuses a caller who is signed in already. A browser that wants a page goes to this URL.
pub(super) fn already(message: &str, what: &str, hint: &str, to: String) -> Refusal {
    let reason = format!("A valid session was detected and thus {what} is not possible.{hint}");
    let error = Error::new(StatusCode::BAD_REQUEST, message).id("session_already_available").reason(reason);
    Refusal::or_page(error, to)
}
