//! Responses to the calls.

use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

/// A response without a body.
pub(super) fn empty(status: StatusCode) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = status;
    response
}

/// A response that is JSON. What cannot be written becomes a 500, which the servers take for a failure.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response<String> {
    let Ok(body) = serde_json::to_string(body) else { return empty(StatusCode::INTERNAL_SERVER_ERROR) };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
