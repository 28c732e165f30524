//! A reply, and the shape of every handler's result.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

use super::html::escape_html;
use super::sent_body::SentBody;

/// What a handler returns. Both sides are replies, so that a handler can refuse early with `?`.
pub(crate) type HandlerResult<T = Reply> = Result<T, Reply>;

/// A reply. It leaves out headers with illegal values.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    body: String,
}

impl Reply {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn text(status: StatusCode, content_type: &str, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::empty(status).header(header::CONTENT_TYPE, content_type) }
    }

    /// What Go's router says of a path that it does not have.
    pub(crate) fn no_route() -> Self {
        Self::of_router(StatusCode::NOT_FOUND, "404 page not found\n")
    }

    /// What Go's router says of a path that it has with these methods only.
    pub(crate) fn no_method(allowed: &str) -> Self {
        Self::of_router(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed\n").header(header::ALLOW, allowed)
    }

    fn of_router(status: StatusCode, text: &str) -> Self {
        Self::text(status, "text/plain; charset=utf-8", text).header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
    }

    /// A success, with the content type of all servers.
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", body.to_string())
    }

    pub(crate) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// A redirect, as Go writes it for GET: with a link to follow by hand.
    pub(crate) fn redirect_with_link(status: StatusCode, url: &str) -> Self {
        let reason = status.canonical_reason().unwrap_or_default();
        let link = format!("<a href=\"{}\">{reason}</a>.\n\n", escape_html(url));
        Self::text(status, "text/html; charset=utf-8", link).header(header::LOCATION, url)
    }

    /// A redirect, as Go writes it for a method other than GET: without a body.
    pub(crate) fn redirect(status: StatusCode, url: impl Into<String>) -> Self {
        Self::empty(status).header(header::LOCATION, url)
    }

    /// Adds a header, and keeps others of this name.
    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a header, unless there is one of this name.
    pub(crate) fn default_header(self, name: HeaderName, value: impl Into<String>) -> Self {
        if self.headers.iter().any(|(known, _)| *known == name) { self } else { self.header(name, value) }
    }

    pub(super) fn header_values(&self, name: HeaderName) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Status and body, for whoever calls a handler without a connection.
    #[cfg(any(fuzzing, test))]
    pub(crate) fn read(&self) -> (u16, Value) {
        (self.status.as_u16(), serde_json::from_str(&self.body).unwrap_or_default())
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Replaces the body and its type.
    pub(crate) fn with_body(mut self, content_type: &str, body: impl Into<String>) -> Self {
        self.headers.retain(|(name, _)| name != header::CONTENT_TYPE);
        self.body = body.into();
        self.header(header::CONTENT_TYPE, content_type)
    }

    pub(crate) fn into_response(self) -> http::Response<SentBody> {
        self.respond(SentBody::whole)
    }

    /// A response that breaks off half way through its body.
    pub(crate) fn into_cut_response(self) -> http::Response<SentBody> {
        self.respond(|body| SentBody::cut(&body))
    }

    fn respond(self, body: impl FnOnce(Bytes) -> SentBody) -> http::Response<SentBody> {
        let mut response = http::Response::new(body(Bytes::from(self.body)));
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}
