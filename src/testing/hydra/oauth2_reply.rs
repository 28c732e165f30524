//! Replies of the OAuth2 endpoints, which no cache may keep.

use http::{HeaderName, StatusCode, header};
use serde_json::{Value, json};

use crate::testing::http::Reply;

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

pub(super) fn uncached(reply: Reply) -> Reply {
    reply.header(header::CACHE_CONTROL, "no-store").header(HeaderName::from_static("pragma"), "no-cache")
}

pub(super) fn refuse(status: StatusCode, error: &str, description: &str) -> Reply {
    json(status, &json!({"error": error, "error_description": description}))
}
