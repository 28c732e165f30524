//! Header values as text.

use std::borrow::Cow;

use http::header::{AsHeaderName, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

/// The first value of a header. Headers may contain bytes beyond ASCII, and one such byte must not cost the rest: what is
/// not UTF-8 becomes U+FFFD.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<Cow<'_, str>> {
    headers.get(name).map(value_text)
}

/// The media type of a body, without its parameters. Empty if there is none.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = text(headers, CONTENT_TYPE).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_owned()
}

/// A header value. What is not UTF-8 becomes U+FFFD.
pub(crate) fn value_text(value: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}
