//! Header values as text.

use std::borrow::Cow;

use http::header::AsHeaderName;
use http::{HeaderMap, HeaderValue};

/// The first value of a header. Headers may contain bytes beyond ASCII, and one such byte must not cost the rest: what is
/// not UTF-8 becomes U+FFFD.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<Cow<'_, str>> {
    headers.get(name).map(value_text)
}

/// A header value. What is not UTF-8 becomes U+FFFD.
pub(crate) fn value_text(value: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}
