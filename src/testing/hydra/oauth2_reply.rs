//! Replies of the OAuth2 endpoints, which no cache may keep.

use http::{HeaderName, StatusCode, header};
use serde_json::{Value, json};

use crate::testing::http::Reply;

const MALFORMED: &str = "The request is missing a required parameter, includes an invalid parameter value, includes a \
                         parameter more than once, or is otherwise malformed.";

pub(super) fn json(status: StatusCode, body: &Value) -> Reply {
    uncached(cacheable_json(status, body))
}

/// The reply of a successful introspection, the only one without the headers against caching.
pub(super) fn cacheable_json(status: StatusCode, body: &Value) -> Reply {
    Reply::text(status, "application/json;charset=UTF-8", body.to_string())
}

pub(super) fn empty() -> Reply {
    uncached(Reply::empty(StatusCode::OK))
}

fn uncached(reply: Reply) -> Reply {
    reply.header(header::CACHE_CONTROL, "no-store").header(HeaderName::from_static("pragma"), "no-cache")
}

pub(super) fn refuse(status: StatusCode, error: &str, description: &str) -> Reply {
    json(status, &json!({"error": error, "error_description": description}))
}

pub(super) fn malformed(why: &str) -> Reply {
    refuse(StatusCode::BAD_REQUEST, "invalid_request", &format!("{MALFORMED} {why}"))
}
