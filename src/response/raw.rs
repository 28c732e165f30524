//! A response as the server sent it.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// The status, headers and whole body of a response.
#[derive(Clone)]
pub(crate) struct RawResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl RawResponse {
    /// The body without the byte order mark that some gateways put before it.
    pub(crate) fn text(&self) -> &[u8] {
        without_mark(&self.body)
    }

    /// A description of the body if a server or gateway compressed it. It is not decompressed.
    pub(super) fn compressed(&self) -> Option<&'static str> {
        is_compressed(&self.headers).then_some("a compressed body, which was not asked for")
    }

    /// A description of the body if it does not come from Ory.
    pub(crate) fn foreign(&self) -> Option<&'static str> {
        if let Some(what) = self.compressed() {
            return Some(what);
        }
        let is_markup = self.text().trim_ascii_start().starts_with(b"<");
        is_markup.then_some("HTML, as from a proxy or a wrong port")
    }
}

/// A body without the byte order mark that some gateways put before it.
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// Whether a server or gateway says that it compressed the body.
pub(crate) fn is_compressed(headers: &HeaderMap) -> bool {
    let encoding = headers.get(http::header::CONTENT_ENCODING).map(http::HeaderValue::as_bytes);
    encoding.is_some_and(|encoding| !encoding.is_empty() && !encoding.eq_ignore_ascii_case(b"identity"))
}

/// The id of the request at a gateway.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let names = ["x-request-id", "ory-request-id", "x-amzn-requestid", "cf-ray"];
    names.iter().find_map(|name| std::str::from_utf8(headers.get(*name)?.as_bytes()).ok().filter(|id| !id.is_empty()))
}
