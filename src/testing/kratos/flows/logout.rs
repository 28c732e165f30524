//! Logout: of a native app by its token, of a browser by a URL that only it knows.

use http::StatusCode;
use serde_json::json;

use super::{login, sign_in};
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::call::{Call, renew_csrf};
use crate::testing::kratos::refusal::{Outcome, Refusal};
use crate::testing::kratos::{body, caller, returns};
use crate::testing::model::Session;
use crate::testing::state::State;

pub(crate) fn native(state: &mut State, request: &Request) -> HandlerResult {
    body::check_not_empty(request)?;
    let body = body::decode_object(request)?;
    if !state.sessions.revoke_token(body["session_token"].as_str().unwrap_or_default()) {
        let reason = "The provided Ory Session Token could not be found, is invalid, or otherwise malformed.";
        return Err(Error::forbidden(reason).into());
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn nobody() -> Error {
    sign_in::no_session().reason("No active session was found in this request.")
}

/// The URL that ends the session of the browser.
pub(crate) fn create(state: &State, call: &Call) -> Outcome {
    let session = caller::session(state, call).ok_or_else(nobody)?;
    let mut query = String::new();
    if let Some(url) = returns::requested(state, call)? {
        crate::wire::form::append_pair(&mut query, "return_to", &url);
    }
    crate::wire::form::append_pair(&mut query, "token", &session.logout_token);
    let url = format!("{}/self-service/logout?{query}", state.url);
    Ok(Reply::ok(&json!({"logout_url": url, "logout_token": session.logout_token})))
}

pub(crate) fn submit(state: &mut State, call: &Call) -> Outcome {
    let session = own(state, call)?;
    let Some(token) = call.parameter("token").filter(|token| !token.is_empty()) else {
        return Err(Error::bad_request("Please include a token in the URL query.").into());
    };
    if token != session.logout_token {
        let reason = "Unable to log out because the logout token in the URL query does not match the session cookie.";
        return Err(Error::forbidden(reason).into());
    }
    let return_to = returns::requested(state, call)?;
    state.sessions.revoke(session.id);
    let reply = if call.wants_json() {
        Reply::empty(StatusCode::NO_CONTENT)
    } else {
        returns::see_other(call, &return_to.unwrap_or_else(|| login::url(state)))
    };
    Ok(renew_csrf(state, caller::delete_cookie(reply)))
}

/// The session to end. A browser that has none is where it wants to be.
fn own(state: &State, call: &Call) -> Outcome<Session> {
    caller::session(state, call).ok_or_else(|| Refusal::or_page(nobody(), login::url(state)))
}
