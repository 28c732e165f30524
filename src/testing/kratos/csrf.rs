//! CSRF tokens: a browser has one in a cookie, and its forms hold it behind a mask that differs each time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header;
use serde_json::{Value, json};

use super::call::Call;
use crate::testing::error::Error;
use crate::testing::random;

const LENGTH: usize = 32;

/// What the server says to whoever does not look like a script in a browser.
const HINT: &str = "We detected a regular browser or server-side call. To debug browser calls check your Browser's Network \
                    Tab to see what cookies are included or excluded. If you are calling from a server ensure that the \
                    appropriate cookies are being forwarded and that the SDK method is called correctly.";

const NO_COOKIE: &str = "The HTTP Cookie Header is empty or not set.";

/// A new token.
pub(super) fn token() -> String {
    STANDARD.encode(random::bytes::<LENGTH>())
}

pub(super) fn is_token(text: &str) -> bool {
    STANDARD.decode(text).is_ok_and(|token| token.len() == LENGTH)
}

/// The token as a form holds it.
pub(super) fn mask(token: &str) -> String {
    let Ok(token) = STANDARD.decode(token) else { return String::new() };
    let mask = random::bytes::<LENGTH>();
    let masked = token.iter().zip(mask).map(|(byte, mask)| byte ^ mask);
    STANDARD.encode(mask.into_iter().chain(masked).collect::<Vec<u8>>())
}

/// Whether a form holds this token, masked or not.
fn is_masked(token: &str, text: &str) -> bool {
    let (Ok(token), Ok(bytes)) = (STANDARD.decode(token), STANDARD.decode(text)) else { return false };
    let Some((mask, masked)) = bytes.split_at_checked(LENGTH) else { return false };
    if masked.is_empty() { bytes == token } else { masked.iter().zip(mask).map(|(byte, mask)| byte ^ mask).eq(token) }
}

/// Refuses a submitted form without the token of the browser that sends it.
pub(super) fn check(call: &Call, body: &Value) -> Result<(), Error> {
    check_cookie(call)?;
    let sent = body["csrf_token"].as_str().filter(|sent| !sent.is_empty()).or_else(|| call.header("x-csrf-token"));
    match sent {
        None => Err(refusal(
            "The anti-CSRF cookie was found but the CSRF token was not included in the HTTP request body (csrf_token) \
             nor in the HTTP Header (X-CSRF-Token).",
            None,
        )),
        Some(sent) if is_masked(&call.csrf, sent) => Ok(()),
        Some(_) => Err(mismatch()),
    }
}

/// Refuses a browser that has not the token with which a flow was started.
pub(super) fn check_owner(call: &Call, token: Option<&str>) -> Result<(), Error> {
    match token {
        Some(token) if !call.has_cookie() || call.csrf != token => {
            check_cookie(call)?;
            Err(mismatch())
        }
        _ => Ok(()),
    }
}

fn check_cookie(call: &Call) -> Result<(), Error> {
    if !call.headers.contains_key(header::COOKIE) {
        return Err(refusal(HINT, Some(NO_COOKIE)));
    }
    if !call.has_cookie() {
        let reason = "The HTTP Cookie Header was set but did not include the anti-CSRF cookie.";
        return Err(refusal(HINT, Some(reason)));
    }
    Ok(())
}

fn mismatch() -> Error {
    let reason = "The HTTP Cookie Header was set and a CSRF token was sent but they do not match. We recommend deleting \
                  all cookies for this domain and retrying the flow.";
    refusal(HINT, Some(reason))
}

/// What any request gets that changes something in the name of a browser and has no token.
pub(super) fn no_token() -> Error {
    refusal(HINT, Some(NO_COOKIE))
}

fn refusal(hint: &str, reject_reason: Option<&str>) -> Error {
    let mut details = json!({"docs": "https://www.ory.sh/kratos/docs/debug/csrf", "hint": hint});
    if let Some(reason) = reject_reason {
        details["reject_reason"] = json!(reason);
    }
    let message = "the request was rejected to protect you from Cross-Site-Request-Forgery";
    Error::new(http::StatusCode::FORBIDDEN, message)
        .id("security_csrf_violation")
        .reason(
            "Please retry the flow and optionally clear your cookies. The request was rejected to protect you from \
             Cross-Site-Request-Forgery (CSRF) which could cause account takeover, leaking personal information, and \
             other serious security issues.",
        )
        .details(details)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_holds_the_token_behind_a_mask() {
        let (token, other) = (token(), token());
        assert!(is_token(&token) && token != other);
        let masked = mask(&token);
        assert!(masked != mask(&token), "the mask differs each time");
        assert!(is_masked(&token, &masked) && is_masked(&token, &token));
        for wrong in [other.as_str(), &mask(&other), "wrong", "", "AAAA"] {
            assert!(!is_masked(&token, wrong), "{wrong}");
        }
    }
}
