//! Responses that are about one person.

use std::time::Duration;

use http::{HeaderValue, Response, StatusCode, header};
use serde_json::Value;

use crate::privacy::Location;

/// How long a browser waits before another try if nobody says.
pub(super) const DEFAULT_WAIT: Duration = Duration::from_secs(5);

/// An HTML page for one person. Nobody may keep it, or show it inside another page, where a person could be made to click
/// what they do not see (RFC 9700, section 4.16).
pub(super) fn page(status: StatusCode, html: String) -> Response<String> {
    let mut response = Response::new(html);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Not `form-action` too: browsers would apply it to the redirect that follows a form, and stop the way to Ory.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("frame-ancestors 'none'"));
    // The flow or challenge in the URL must not reach other sites. Not `no-referrer`: with it, browsers post forms with the
    // origin `null`, as those of another site.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// JSON for a program. Nobody may keep it.
pub(super) fn json(status: StatusCode, body: &Value) -> Response<String> {
    let mut response = Response::new(body.to_string());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Sends a browser to another page by GET, also after a POST. `None` if the text is no URL.
pub(super) fn see_other(to: &Location) -> Option<Response<String>> {
    // A text with characters that a header cannot have may be a URL that was not encoded.
    let value = to.to_header_value().ok().or_else(|| Location::from(to.parse().ok()?).to_header_value().ok())?;
    Some(redirect(value))
}

/// Like [`see_other`], with the value of the `Location` header.
pub(super) fn redirect(location: HeaderValue) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A text as a sentence: it begins with a capital letter and ends with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The value of `Retry-After`: whole seconds, rounded up, since earlier is too early.
pub(super) fn retry_after(wait: Duration) -> HeaderValue {
    HeaderValue::from(wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)))
}
