//! Refusals of the stand-in's own, which no server of Ory's would send.

use http::StatusCode;
use serde_json::json;

use super::reply::Reply;

/// A refusal in the shape of Ory's errors. Its message says that it comes from the stand-in.
pub(crate) fn refuse(status: StatusCode, reason: impl Into<String>) -> Reply {
    let error = json!({
        "code": status.as_u16(),
        "status": status.canonical_reason(),
        "message": "The stand-in refused the request",
        "reason": reason.into(),
    });
    Reply::text(status, "application/json", json!({ "error": error }).to_string())
}
