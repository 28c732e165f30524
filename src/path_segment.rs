//! A value for one segment of a path, checked so that it cannot leave it.

use std::fmt;

use crate::InvalidArgument;

/// An id, name or key that stands in a URL's path.
///
/// ```
/// use ory_sdk::PathSegment;
///
/// assert!(PathSegment::try_from("a/b c").is_ok(), "encoded, so still one segment");
/// assert!(PathSegment::try_from("..").is_err(), "URL parsing would fold it away");
/// ```
///
/// Refused are the empty text, `.`, `..` and any backslash: with them `DELETE /admin/identities/{id}` would
/// reach another operation. Everything else is percent-encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathSegment(String);

impl PathSegment {
    fn check(text: &str) -> Result<(), InvalidArgument> {
        let why = match text {
            "" => "it is empty",
            "." | ".." => "it is a dot segment, which URLs fold away",
            text if text.contains('\\') => "it has a backslash, which URLs take for a slash",
            text if text.contains(char::is_control) => "it has a control character",
            _ => return Ok(()),
        };
        Err(InvalidArgument::new(why))
    }

    /// The value as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Appends it percent-encoded: only RFC 3986's unreserved characters stay.
    pub(crate) fn encode_into(&self, path: &mut String) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        for byte in self.0.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => path.push(char::from(byte)),
                other => {
                    path.push('%');
                    path.push(char::from(HEX[usize::from(other >> 4)]));
                    path.push(char::from(HEX[usize::from(other & 15)]));
                }
            }
        }
    }
}

impl TryFrom<String> for PathSegment {
    type Error = InvalidArgument;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::check(&text)?;
        Ok(Self(text))
    }
}

impl TryFrom<&str> for PathSegment {
    type Error = InvalidArgument;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<&String> for PathSegment {
    type Error = InvalidArgument;

    fn try_from(text: &String) -> Result<Self, Self::Error> {
        Self::try_from(text.as_str())
    }
}

impl From<uuid::Uuid> for PathSegment {
    fn from(id: uuid::Uuid) -> Self {
        Self(id.to_string())
    }
}

impl From<&uuid::Uuid> for PathSegment {
    fn from(id: &uuid::Uuid) -> Self {
        Self(id.to_string())
    }
}

impl fmt::Display for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_would_leave_the_segment() {
        for bad in ["", ".", "..", "a\\b", "a\nb"] {
            assert!(PathSegment::try_from(bad).is_err(), "{bad:?}");
        }
        let mut path = String::new();
        PathSegment::try_from("a/b %é...~").unwrap().encode_into(&mut path);
        assert_eq!(path, "a%2Fb%20%25%C3%A9...~");
    }
}
