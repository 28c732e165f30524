//! Errors as Keto writes them.

use http::StatusCode;
use serde_json::{Value, json};

use crate::testing::http::Reply;

/// A 400 with this message.
pub(super) fn bad_request(message: impl Into<String>) -> Reply {
    reply(StatusCode::BAD_REQUEST, None, &message.into())
}

/// A 400 with this reason.
pub(super) fn malformed(reason: Option<&str>) -> Reply {
    reply(StatusCode::BAD_REQUEST, reason, "The request was malformed or contained invalid parameters")
}

/// A 404 for a namespace that is not configured.
pub(super) fn unknown_namespace(name: &str) -> Reply {
    let reason = format!("Unknown namespace with name \"{name}\".");
    reply(StatusCode::NOT_FOUND, Some(&reason), NOT_FOUND)
}

/// The text of a 404.
pub(super) const NOT_FOUND: &str = "The requested resource could not be found";

fn reply(status: StatusCode, reason: Option<&str>, message: &str) -> Reply {
    let mut error = json!({"code": status.as_u16(), "status": status.canonical_reason(), "message": message});
    if let Some(reason) = reason {
        error["reason"] = Value::from(reason);
    }
    Reply::json(status, &json!({ "error": error }))
}
