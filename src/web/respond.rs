//! Responses that are about one person.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use crate::privacy::Location;

/// An HTML page with this status. Nobody may keep it.
pub(super) fn html(status: StatusCode, html: String, headers: HeaderMap) -> Response<String> {
    let mut response = Response::new(html);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Sends a browser to another page by GET, also after a POST. `None` if the text is no URL.
pub(super) fn see_other(to: &Location) -> Option<Response<String>> {
    // A text with characters that a header cannot have may be a URL that was not encoded.
    let value = to.to_header_value().ok().or_else(|| Location::from(to.parse().ok()?).to_header_value().ok())?;
    let mut response = Response::new(String::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, value);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}

/// The value of `Retry-After`: whole seconds, rounded up, since earlier is too early.
pub(super) fn retry_after(wait: Duration) -> HeaderValue {
    HeaderValue::from(wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)))
}
