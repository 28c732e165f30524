//! The error type.

use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::body::ErrorBody;
use super::kind::ErrorKind;
use crate::contract::Area;
use crate::cursor::Cursor;

/// Why a call failed: one type for all operations.
///
/// ```
/// # fn example(error: ory_sdk::Error) {
/// if error.is_not_found() {
///     println!("there is no such identity");
/// } else {
///     // One line: operation, status, id and reason. Never a header or a body.
///     eprintln!("{error}");
/// }
/// # }
/// ```
///
/// `Display` and `Debug` show the operation, status, id and reason. They contain no credential, but the reason of a server
/// may repeat what a user typed: for a log without personal data, use [`log_safe`](Self::log_safe). Headers and body may
/// contain secrets, so only their methods return them.
///
/// [`next_step`](Self::next_step) says what a 4xx or 5xx asks you to do, and the guide
/// [errors and next steps](crate::docs::errors) shows it at work.
///
/// # Faults and what they become
///
/// The contract decides which operations are repeated: [`Repeat`](crate::contract::Repeat).
///
/// | fault | [`kind`] | and | repeated |
/// | --- | --- | --- | --- |
/// | nobody listens, unknown host, TLS fails | `Transport` | [`is_connect`] | always: nothing was done |
/// | no connection in time | `Transport` | `is_connect`, [`is_timeout`] | always |
/// | closed or reset before the response | `Transport` | [`outcome_unknown`] of a change | if the contract allows it |
/// | not HTTP, endless headers, an invalid length | `Transport` | the same | if the contract allows it |
/// | a success ends in the middle of its body | `Transport` | the same; `status`, and the bytes that arrived | if the contract allows it |
/// | with the feature `gzip`: a success that is not the gzip it says | `Transport` | the same; `status` | if the contract allows it |
/// | the server is silent | `Transport` | the same; `is_timeout` | if the contract allows it |
/// | the time of the call is over | `Transport` | the same; `is_timeout` | no |
/// | the token provider fails, or takes all of the call's time | `Configuration` | the latter: `is_timeout` | no |
/// | 429 | `Api` | [`wait`] | always, after the wait |
/// | 502, 503, 504 | `Api` | | if the contract allows it |
/// | another 4xx or 5xx, with a complete body or not | `Api` | the body, up to its limit | no |
/// | a redirect that the contract does not declare | `Redirect` | [`location`] | no |
/// | a success with another type of body, HTML or compression | `Decode` | the whole `body` | no |
/// | a success beyond the size limit | `TooLarge` | the `body` up to the limit | no |
///
/// After each of them the connection is either closed, or complete and reused, and the client keeps working.
/// [`ClientBuilder`](crate::ClientBuilder#limits) lists the limits and how to change them.
///
/// [`kind`]: Self::kind
/// [`is_connect`]: Self::is_connect
/// [`is_timeout`]: Self::is_timeout
/// [`outcome_unknown`]: Self::outcome_unknown
/// [`wait`]: Self::wait
/// [`location`]: Self::location
pub struct Error {
    // Boxed, so that a `Result` stays small.
    pub(super) inner: Box<ErrorInner>,
}

pub(super) struct ErrorInner {
    pub(super) operation: Option<&'static str>,
    pub(super) area: Area,
    /// Whether the operation takes a login, consent or logout challenge.
    pub(super) takes_challenge: bool,
    pub(super) kind: ErrorKind,
    /// The message, where it is not the server's.
    pub(super) text: String,
    pub(super) status: Option<StatusCode>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) parsed: ErrorBody,
    /// The body as JSON, once somebody asked for it.
    pub(super) json: OnceLock<Option<Value>>,
    /// The body of a flow without its user interface, once somebody asked for it.
    pub(super) json_beside_ui: OnceLock<Option<Value>>,
    pub(super) source: Option<Box<dyn std::error::Error + Send + Sync>>,
    pub(super) tries: u32,
    pub(super) outcome_unknown: bool,
    /// Where a walk through a list resumes.
    pub(super) cursor: Option<Cursor>,
    /// Where a walk resumes that leaves out the page which cannot be read.
    pub(super) cursor_behind: Option<Cursor>,
}

impl Error {
    pub(super) fn new(operation: Option<&'static str>, kind: ErrorKind, text: impl Into<String>) -> Self {
        let inner = ErrorInner {
            operation,
            area: Area::Other(""),
            takes_challenge: false,
            kind,
            text: text.into(),
            status: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            parsed: ErrorBody::default(),
            json: OnceLock::new(),
            json_beside_ui: OnceLock::new(),
            source: None,
            tries: 0,
            outcome_unknown: false,
            cursor: None,
            cursor_behind: None,
        };
        Self { inner: Box::new(inner) }
    }

    pub(super) fn source_as<T: std::error::Error + 'static>(&self) -> Option<&T> {
        self.inner.source.as_ref()?.downcast_ref()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("operation", &self.inner.operation)
            .field("kind", &self.inner.kind)
            .field("status", &self.inner.status)
            .field("text", &self.to_string())
            .field("source", &self.inner.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}
