//! The response of a call that succeeded.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use super::alternatives::OrRedirect;
use super::raw::RawResponse;
use super::unreadable::UnreadableRow;
use crate::credentials::{SetCookie, of_headers, relay};
use crate::privacy::{Location, Redact};

/// How `Debug` shows a body.
pub(crate) type Show<T> = fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result;

/// A successful response: the decoded body, to which it dereferences, with status and headers.
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
/// let session = client.to_session().send().await?;
/// println!("{}: session {} of {:?}", session.status(), session.id, session.identity);
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows the status, the number of headers, and the body without its secrets. Of a type of your own
/// ([`RequestBuilder::send_json`](crate::request::RequestBuilder::send_json)) it shows the name and the size.
///
/// Headers and raw body hold on to the buffer that they arrived in, which may have up to 400 KiB even if they are short. If you
/// keep many, keep what [`into_body`](Self::into_body) returns.
#[derive(Clone)]
pub struct Response<T> {
    operation: &'static str,
    body: T,
    raw: RawResponse,
    unreadable: Vec<UnreadableRow>,
    show: Show<T>,
}

impl<T> Response<T> {
    pub(crate) fn new(
        operation: &'static str,
        body: T,
        raw: RawResponse,
        unreadable: Vec<UnreadableRow>,
        show: Show<T>,
    ) -> Self {
        Self { operation, body, raw, unreadable, show }
    }

    /// Ory's name of the operation (`toSession`).
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers, as the server sent them.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The cookies that the response sets, in order.
    ///
    /// [`relay_to`](Self::relay_to) passes them on to the user's browser.
    pub fn set_cookies(&self) -> impl Iterator<Item = SetCookie> {
        of_headers(&self.raw.headers)
    }

    /// Appends the `Set-Cookie` headers of this response to the headers of your own response, so that the user's browser
    /// gets them.
    ///
    /// ```no_run
    /// # #[cfg(feature = "frontend")]
    /// # async fn example(client: &ory_sdk::Client, incoming: &http::HeaderMap) -> ory_sdk::Result<http::HeaderMap> {
    /// let flow = client.forwarding(incoming).initialize_self_service_login_flow_for_browsers().send().await?;
    /// let mut headers = http::HeaderMap::new();
    /// flow.relay_to(&mut headers);
    /// # Ok(headers)
    /// # }
    /// ```
    ///
    /// Relay the cookies of errors too: [`Error::relay_to`](crate::Error::relay_to).
    pub fn relay_to(&self, headers: &mut HeaderMap) {
        relay(&self.raw.headers, headers);
    }

    /// The `Location` header, if there is one.
    pub fn location(&self) -> Option<Location> {
        Location::of_header(self.raw.headers.get(header::LOCATION)?)
    }

    /// The body as the server sent it, with everything that the contract does not have. It may contain secrets.
    pub fn raw_body(&self) -> &Bytes {
        &self.raw.body
    }

    /// The rows of a list that could not be read. The body has the others.
    pub fn unreadable(&self) -> &[UnreadableRow] {
        &self.unreadable
    }

    pub(crate) fn take_unreadable(&mut self) -> Vec<UnreadableRow> {
        std::mem::take(&mut self.unreadable)
    }

    /// Returns the decoded body.
    pub fn into_body(self) -> T {
        self.body
    }

    /// Changes the body, and keeps status and headers.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let Self { operation, body, raw, unreadable, .. } = self;
        Response { operation, body: change(body), raw, unreadable, show: name_only::<U> }
    }
}

impl<T> Response<OrRedirect<T>> {
    /// The body or the redirect, with the operation and the response that it came in.
    pub(crate) fn into_parts(self) -> (&'static str, OrRedirect<T>, RawResponse) {
        (self.operation, self.body, self.raw)
    }
}

/// Shows what is known to hide its secrets.
pub(crate) fn redacted<T: Redact>(body: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    body.redacted(f)
}

/// Shows only the name of a type that may not hide its secrets.
pub(crate) fn name_only<T>(_: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(std::any::type_name::<T>())
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.body
    }
}

impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Body<'a, T>(&'a Response<T>);

        impl<T> fmt::Debug for Body<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (self.0.show)(&self.0.body, f)
            }
        }

        f.debug_struct("Response")
            .field("status", &self.raw.status)
            .field("headers", &self.raw.headers.len())
            .field("body", &Body(self))
            .field("bytes", &self.raw.body.len())
            .finish()
    }
}
