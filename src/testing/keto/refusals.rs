//! What Keto refuses, in its words.

use http::StatusCode;

use crate::testing::error::Error;
use crate::testing::http::Reply;

/// The text of a 404.
pub(super) const NOT_FOUND: &str = "The requested resource could not be found";

/// A 400 with this message.
pub(super) fn bad_request(message: impl Into<String>) -> Reply {
    Error::new(StatusCode::BAD_REQUEST, message).into()
}

/// A 400 with the usual message.
pub(super) fn malformed(reason: Option<&str>) -> Reply {
    match reason {
        Some(reason) => Error::bad_request(reason).into(),
        None => bad_request("The request was malformed or contained invalid parameters"),
    }
}

/// A 404 for a namespace that is not configured.
pub(super) fn unknown_namespace(name: &str) -> Reply {
    let reason = format!("Unknown namespace with name \"{name}\".");
    Error::new(StatusCode::NOT_FOUND, NOT_FOUND).reason(reason).into()
}
