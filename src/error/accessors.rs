//! What every error says of itself.

use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use http::{HeaderMap, StatusCode, header};

use super::codes::{ErrorId, OAuth2ErrorCode};
use super::failure::Error;
use super::kind::ErrorKind;
use crate::credentials::{SetCookie, of_headers, relay};
use crate::cursor::Cursor;
use crate::platform;
use crate::privacy::Location;
use crate::response::{self, RateLimit, rate_limit};

impl Error {
    /// Ory's name of the operation (`adminGetIdentity`). An argument that was refused before it reached an operation has
    /// none.
    pub fn operation(&self) -> Option<&'static str> {
        self.inner.operation
    }

    /// The area of the operation.
    #[cfg(feature = "axum")]
    pub(crate) fn area(&self) -> &crate::contract::Area {
        &self.inner.area
    }

    /// The kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The HTTP status, if a response arrived. It counts even if the body names another one.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// Ory's id of the error (`session_inactive`), if the server sent one.
    pub fn id(&self) -> Option<ErrorId> {
        self.inner.parsed.id.as_deref().map(ErrorId::from)
    }

    /// The `error` code of an OAuth2 response (RFC 6749, section 5.2, and others).
    pub fn oauth2_error(&self) -> Option<OAuth2ErrorCode> {
        self.inner.parsed.oauth_error.as_deref().map(OAuth2ErrorCode::from)
    }

    /// Why it happened, in the server's words.
    pub fn reason(&self) -> Option<&str> {
        self.inner.parsed.reason.as_deref()
    }

    /// What happened, in the server's words.
    pub fn message(&self) -> Option<&str> {
        self.inner.parsed.message.as_deref()
    }

    /// The id of the request at a gateway. Tell it to the gateway's support.
    pub fn request_id(&self) -> Option<&str> {
        response::request_id(&self.inner.headers).or(self.inner.parsed.request.as_deref())
    }

    /// The headers of the response. Empty if none arrived.
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The body as the server sent it. Empty if none arrived.
    pub fn body(&self) -> &Bytes {
        &self.inner.body
    }

    /// The cookies that the response sets, in order. Flows that fail with 400, 403 or 422 set cookies too.
    pub fn set_cookies(&self) -> impl Iterator<Item = SetCookie> {
        of_headers(&self.inner.headers)
    }

    /// Appends the `Set-Cookie` headers of the response to the headers of your own response, so that the user's browser
    /// gets them.
    ///
    /// ```
    /// # fn example(error: &ory_sdk::Error) -> http::HeaderMap {
    /// let mut headers = http::HeaderMap::new();
    /// error.relay_to(&mut headers);
    /// # headers
    /// # }
    /// ```
    pub fn relay_to(&self, headers: &mut HeaderMap) {
        relay(&self.inner.headers, headers);
    }

    /// The `Location` header of a redirect.
    pub fn location(&self) -> Option<Location> {
        Location::of_header(self.inner.headers.get(header::LOCATION)?)
    }

    /// The limits that a gateway states in the response, if it does.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::read(&self.inner.headers)
    }

    /// How long to wait before another try, if the response says so.
    pub fn wait(&self) -> Option<Duration> {
        rate_limit::wait(self.status()?, &self.inner.headers, Utc::now())
    }

    /// Where to resume, if the error ended a walk through a list.
    ///
    /// ```
    /// # fn example(error: ory_sdk::Error) {
    /// if let Some(cursor) = error.cursor() {
    ///     println!("resume at {cursor}");
    /// }
    /// # }
    /// ```
    pub fn cursor(&self) -> Option<&Cursor> {
        self.inner.cursor.as_ref()
    }

    /// Where a walk through a list resumes to leave out the page that failed. `None` unless the page arrived and cannot be read
    /// ([`ErrorKind::Decode`]), and the way to the next page is known.
    ///
    /// A page is rarely unreadable as a whole: a row that cannot be read is reported by
    /// [`Page::unreadable`](crate::lists::Page::unreadable), and costs nothing but itself. What remains is a body that is cut
    /// off or not JSON, and the same request may succeed later: [`cursor`](Self::cursor) repeats it.
    ///
    /// ```
    /// # fn example(error: ory_sdk::Error) {
    /// if let Some(cursor) = error.cursor_behind() {
    ///     println!("resume behind the bad page at {cursor}");
    /// }
    /// # }
    /// ```
    pub fn cursor_behind(&self) -> Option<&Cursor> {
        self.inner.cursor_behind.as_ref()
    }

    /// How often the request was sent. 0 if it never was.
    pub fn tries(&self) -> u32 {
        self.inner.tries
    }

    /// Whether the server may have made the change although the call failed.
    ///
    /// True for an operation that changes something, in two cases: no complete response arrived; or an earlier try broke
    /// off and its repeat got a 401, 404 or 409, which the earlier try may have caused itself. Read before you write
    /// again.
    pub fn outcome_unknown(&self) -> bool {
        self.inner.outcome_unknown
    }

    /// Whether the status is 404.
    pub fn is_not_found(&self) -> bool {
        self.inner.status == Some(StatusCode::NOT_FOUND)
    }

    /// Whether the status is 401: nobody is signed in, or a credential is invalid.
    pub fn is_unauthorized(&self) -> bool {
        self.inner.status == Some(StatusCode::UNAUTHORIZED)
    }

    /// Whether the status is 403.
    pub fn is_forbidden(&self) -> bool {
        self.inner.status == Some(StatusCode::FORBIDDEN)
    }

    /// Whether the status is 409: an identifier, key or issuer that must be unique exists already, or a challenge was
    /// already used.
    pub fn is_conflict(&self) -> bool {
        self.inner.status == Some(StatusCode::CONFLICT)
    }

    /// Whether the status is 429. It never means "not signed in".
    pub fn is_rate_limited(&self) -> bool {
        self.inner.status == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the status is a 5xx.
    pub fn is_server_error(&self) -> bool {
        self.inner.status.is_some_and(|status| status.is_server_error())
    }

    /// Whether the server could not be reached, took too long, is overloaded or failed. A later call may succeed.
    ///
    /// ```no_run
    /// # #[cfg(feature = "frontend")]
    /// # async fn example(client: &ory_sdk::Client) {
    /// match client.to_session().await {
    ///     // Nothing is known about the user.
    ///     Err(error) if error.is_unavailable() => eprintln!("503, Retry-After: {:?}", error.wait()),
    ///     Err(error) => eprintln!("{error}"),
    ///     Ok(session) => println!("{}", session.id),
    /// }
    /// # }
    /// ```
    ///
    /// It is true for the kind [`Transport`](crate::error::ErrorKind::Transport), for every timeout, and for the statuses 429 and 5xx. It
    /// is false for the 4xx of a gateway ([`is_from_gateway`](Self::is_from_gateway)), which may be there to stay.
    ///
    /// It does not say whether the server made a change: see [`outcome_unknown`](Self::outcome_unknown).
    pub fn is_unavailable(&self) -> bool {
        self.kind() == ErrorKind::Transport || self.is_timeout() || self.is_rate_limited() || self.is_server_error()
    }

    /// Whether a time limit ended the call: of the connection, of the server's silence, or of the whole call.
    pub fn is_timeout(&self) -> bool {
        let own = self.source_as::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut);
        own || self.source_as::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout)
    }

    /// Whether the server could not be reached, so that nothing was done.
    pub fn is_connect(&self) -> bool {
        self.source_as::<reqwest::Error>().is_some_and(platform::is_connect)
    }
}
