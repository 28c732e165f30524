//! What a successful call gives: the value, and everything else that the server said.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::Secret;
use crate::cookies::SetCookie;
use crate::show::{Show, Shown};

/// A success: the body, which this derefs to, with status and headers.
///
/// ```
/// # fn example(session: ory_sdk::Response<Vec<String>>) {
/// println!("{} with {} items", session.status(), session.len());
/// let items: Vec<String> = session.into_body();
/// # }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    body: T,
    status: StatusCode,
    headers: HeaderMap,
    raw: Bytes,
}

impl<T> Response<T> {
    pub(crate) fn new(body: T, status: StatusCode, headers: HeaderMap, raw: Bytes) -> Self {
        Self { body, status, headers, raw }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers, as they came.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Every cookie that the answer sets, in order and unmerged.
    ///
    /// To hand them to the person's browser, send each [`SetCookie::line`] as a `Set-Cookie` header of its own.
    pub fn set_cookies(&self) -> impl Iterator<Item = SetCookie> {
        crate::cookies::of_headers(&self.headers)
    }

    /// The `Location` header, if there is one.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(http::header::LOCATION)?.to_str().ok()
    }

    /// The body as it came, with whatever the contract does not know. It may hold secrets.
    pub fn raw_body(&self) -> &Bytes {
        &self.raw
    }

    /// The value alone.
    pub fn into_body(self) -> T {
        self.body
    }

    /// Another value with the same status and headers.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response { body: change(self.body), status: self.status, headers: self.headers, raw: self.raw }
    }
}

impl<T> Response<OrRedirect<T>> {
    /// The value, or the redirect that came in its place.
    ///
    /// # Errors
    ///
    /// The [`Location`] that the server sent the browser to.
    pub fn into_value(self) -> Result<T, Location> {
        match self.body {
            OrRedirect::Value(value) => Ok(value),
            OrRedirect::Redirect(location) => Err(location),
        }
    }
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

/// Shows status and body; the body's types keep their secrets, and headers are only counted.
impl<T: Show> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.len())
            .field("body", &Shown(&self.body))
            .finish()
    }
}

/// An answer of operations that serve browsers too: a value, or a redirect, which is as good.
///
/// ```
/// use ory_sdk::OrRedirect;
///
/// # fn example(answer: OrRedirect<String>) {
/// match answer {
///     OrRedirect::Value(value) => println!("{value}"),
///     OrRedirect::Redirect(location) => println!("send the browser to {}", location.as_str()),
/// }
/// # }
/// ```
#[derive(Clone, PartialEq)]
pub enum OrRedirect<T> {
    /// The body of a 2xx.
    Value(T),
    /// Where the browser is to go; cookies that belong to it are in the response's headers.
    Redirect(Location),
}

impl<T> OrRedirect<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Redirect(_) => None,
        }
    }

    /// Where to go, if it is a redirect.
    pub fn redirect(&self) -> Option<&Location> {
        match self {
            Self::Value(_) => None,
            Self::Redirect(location) => Some(location),
        }
    }
}

impl<T: Show> Show for OrRedirect<T> {
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => f.debug_tuple("Value").field(&Shown(value)).finish(),
            Self::Redirect(location) => f.debug_tuple("Redirect").field(location).finish(),
        }
    }
}

impl<T: Show> fmt::Debug for OrRedirect<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f)
    }
}

/// A URL to go to. `Debug` and `Display` leave out its query, fragment and user, which may hold codes, tokens and
/// passwords.
#[derive(Clone, PartialEq, Eq)]
pub struct Location(String);

impl Location {
    pub(crate) fn new(url: String) -> Self {
        Self(url)
    }

    /// The whole URL, absolute or relative as the server sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first value of a query parameter, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let before_fragment = self.0.split('#').next().unwrap_or_default();
        let query = before_fragment.split_once('?')?.1;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::show::public_url(&self.0))
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl std::error::Error for Location {}

/// An answer that is JSON or, where the client's settings ask for it, a signed text.
#[derive(Clone, PartialEq)]
pub enum JsonOrText<T> {
    /// The value of a JSON body.
    Json(T),
    /// A body of another media type, such as a JWT.
    Text(Secret),
}

impl<T> JsonOrText<T> {
    /// The value, if the answer was JSON.
    pub fn json(&self) -> Option<&T> {
        match self {
            Self::Json(value) => Some(value),
            Self::Text(_) => None,
        }
    }
}

impl<T: Show> Show for JsonOrText<T> {
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(value) => f.debug_tuple("Json").field(&Shown(value)).finish(),
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
        }
    }
}

impl<T: Show> fmt::Debug for JsonOrText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f)
    }
}

impl Show for Bytes {
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_keep_their_query_to_themselves() {
        let location = Location::new("https://a.b/c?code=s%20x&state=1#f".to_owned());
        assert_eq!(format!("{location} {location:?}"), "https://a.b/c?.. \"https://a.b/c?..\"");
        assert_eq!(location.query("code").unwrap(), "s x");
        assert_eq!(location.query("none"), None);
        let relative = Location::new("login?code=s#a?b=c".to_owned());
        assert_eq!(relative.to_string(), "login?..");
        assert_eq!(relative.query("b"), None, "a fragment is no query");
    }
}
