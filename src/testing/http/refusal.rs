//! Refusals of the stand-in's own, which no server of Ory's would send.

use std::fmt::Display;

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

/// The refusal of something that the servers have and the stand-in has not.
pub(crate) fn not_served(what: impl Display) -> Reply {
    refuse(StatusCode::NOT_IMPLEMENTED, format!("the stand-in does not serve {what}"))
}
