//! Where a browser is sent.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;
use url::form_urlencoded::{Serializer as Form, parse};

use super::public_url::public_url;

/// The longest URL that is shown, in characters.
const LONGEST: usize = 400;

/// A URL to which a browser is sent: absolute, or relative as some servers send it.
///
/// ```
/// use ory_sdk::response::Location;
///
/// let login = Location::from("https://auth.example.org/login?flow=abc");
/// assert_eq!(login.query("flow").as_deref(), Some("abc"));
/// assert_eq!(format!("{login}"), "https://auth.example.org/login?..");
///
/// let back = login.with_return_to("https://app.example.org/?page=2");
/// assert_eq!(
///     back.as_str(),
///     "https://auth.example.org/login?flow=abc&return_to=https%3A%2F%2Fapp.example.org%2F%3Fpage%3D2"
/// );
/// ```
///
/// Queries and fragments may contain codes and tokens. `Debug` and `Display` leave them out, together with a user name
/// and password, and of a text that does not look like a URL they show only the length. [`as_str`](Self::as_str) has the
/// whole URL. Use it to redirect, and do not log it.
///
/// The text is kept exactly as the server sent it. [`parse`](Self::parse) checks whether it is an absolute URL.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Location(String);

impl Location {
    /// The `Location` header of a response. Bytes that are not UTF-8 are replaced.
    pub(crate) fn of_header(value: &HeaderValue) -> Option<Self> {
        let text = String::from_utf8_lossy(value.as_bytes());
        (!text.is_empty()).then(|| Self(text.into_owned()))
    }

    /// The whole URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty. Old servers send an empty text for "no URL".
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first value of a query parameter, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.parts().1?;
        let mut pairs = parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The same URL with the query parameter `return_to`, to which Ory sends the browser at the end of a flow. It replaces
    /// a `return_to` that is already there.
    pub fn with_return_to(&self, url: impl AsRef<str>) -> Self {
        self.with_query("return_to", url.as_ref())
    }

    /// The same URL with a query parameter, encoded. It replaces parameters of this name.
    pub fn with_query(&self, name: &str, value: &str) -> Self {
        let (before, query, fragment) = self.parts();
        let kept = parse(query.unwrap_or_default().as_bytes()).filter(|(key, _)| key != name);
        let query = Form::new(String::new()).extend_pairs(kept).append_pair(name, value).finish();
        let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
        Self(format!("{before}?{query}{fragment}"))
    }

    /// The URL, if it is an absolute one.
    ///
    /// # Errors
    ///
    /// A relative URL, or a text that is not a URL.
    pub fn parse(&self) -> Result<Url, url::ParseError> {
        Url::parse(&self.0)
    }

    /// The value of a `Location` header.
    ///
    /// # Errors
    ///
    /// A URL with a character that is not allowed in a header.
    pub fn to_header_value(&self) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
        let mut value = HeaderValue::from_str(&self.0)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The part before the query, the query, and the fragment.
    fn parts(&self) -> (&str, Option<&str>, Option<&str>) {
        let (rest, fragment) = match self.0.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (self.0.as_str(), None),
        };
        match rest.split_once('?') {
            Some((before, query)) => (before, Some(query), fragment),
            None => (rest, None, fragment),
        }
    }
}

impl From<String> for Location {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl From<&str> for Location {
    fn from(url: &str) -> Self {
        Self(url.to_owned())
    }
}

impl From<Url> for Location {
    fn from(url: Url) -> Self {
        Self(url.into())
    }
}

impl From<Location> for String {
    fn from(location: Location) -> Self {
        location.0
    }
}

impl TryFrom<Location> for Url {
    type Error = url::ParseError;

    fn try_from(location: Location) -> Result<Self, Self::Error> {
        location.parse()
    }
}

impl TryFrom<&Location> for HeaderValue {
    type Error = http::header::InvalidHeaderValue;

    fn try_from(location: &Location) -> Result<Self, Self::Error> {
        location.to_header_value()
    }
}

impl FromStr for Location {
    type Err = Infallible;

    fn from_str(url: &str) -> Result<Self, Infallible> {
        Ok(Self::from(url))
    }
}

impl AsRef<str> for Location {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Location {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Location {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A text without any sign of a URL may be anything.
        if self.0.contains([':', '/', '?', '#']) || self.0.is_empty() {
            let url = public_url(&self.0);
            match url.char_indices().nth(LONGEST) {
                Some((end, _)) => write!(f, "{}..", &url[..end]),
                None => f.write_str(&url),
            }
        } else {
            write!(f, "text of {} bytes", self.0.len())
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// So that `?` can return it where a redirect was not expected.
impl std::error::Error for Location {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_and_display_leave_out_the_query() {
        let location = Location::from("https://a.b/c?code=s%20x&state=1#f");
        assert_eq!(format!("{location} {location:?}"), "https://a.b/c?.. \"https://a.b/c?..\"");
        assert_eq!(location.query("code").unwrap(), "s x");
        assert_eq!(location.query("none"), None);
        let relative = Location::from("login?code=s#a?b=c");
        assert_eq!(relative.to_string(), "login?..");
        assert_eq!(relative.query("b"), None, "a fragment is not a query");
        assert_eq!(Location::from("hunter2").to_string(), "text of 7 bytes");
        let long = format!("https://a.b/{}", "c".repeat(1 << 20));
        assert_eq!(Location::from(long).to_string().len(), LONGEST + 2);
        assert_eq!(Location::from("https://a.b/c\nd").to_string(), "https://a.b/cd");
    }

    #[test]
    fn return_to_is_encoded_and_replaced() {
        for (url, expected) in [
            ("/login", "/login?return_to=%2Fa%3Fb%3Dc%26d"),
            ("/login?", "/login?return_to=%2Fa%3Fb%3Dc%26d"),
            ("/login?return_to=x&flow=1&return_to=y#top", "/login?flow=1&return_to=%2Fa%3Fb%3Dc%26d#top"),
            ("https://h/p#f?return_to=z", "https://h/p?return_to=%2Fa%3Fb%3Dc%26d#f?return_to=z"),
            ("login?return%5Fto=x", "login?return_to=%2Fa%3Fb%3Dc%26d"),
        ] {
            assert_eq!(Location::from(url).with_return_to("/a?b=c&d").as_str(), expected, "{url}");
        }
        assert_eq!(Location::from("/x").with_return_to("ü").query("return_to").unwrap(), "ü");
    }

    #[test]
    fn converts() {
        let absolute = Location::from("https://h/p?q=1");
        assert_eq!(Url::try_from(absolute.clone()).unwrap().query(), Some("q=1"));
        assert!(Location::from("/p").parse().is_err());
        assert!(HeaderValue::try_from(&absolute).unwrap().is_sensitive());
        assert!(Location::from("/a\r\nX: y").to_header_value().is_err());
        let json = serde_json::to_string(&absolute).unwrap();
        assert_eq!(serde_json::from_str::<Location>(&json).unwrap(), absolute);
        assert_eq!(String::from(absolute), "https://h/p?q=1");
    }
}
