//! A value for one segment of a path, checked so that it stays there.

use std::fmt;

use super::InvalidArgument;

/// An id, name or key in the path of a URL.
///
/// ```
/// use ory_sdk::input::PathSegment;
///
/// assert!(PathSegment::try_from("a/b c").is_ok(), "it is encoded, so it stays one segment");
/// assert!(PathSegment::try_from("..").is_err(), "a URL parser would remove it");
/// ```
///
/// The empty text, `.`, `..`, backslashes and control characters are refused: with them,
/// `DELETE /admin/identities/{id}` would reach another operation. Everything else is percent-encoded. Texts, numbers and
/// uuids convert into it, so that setters take them directly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathSegment(String);

impl PathSegment {
    fn check(text: &str) -> Result<(), InvalidArgument> {
        let why = match text {
            "" => "must not be empty",
            "." | ".." => "must not be `.` or `..`, which URLs remove",
            text if text.contains('\\') => "must not contain a backslash, which URLs read as a slash",
            text if text.contains(char::is_control) => "must not contain a control character",
            _ => return Ok(()),
        };
        Err(InvalidArgument::new(why))
    }

    /// The value, not encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Appends the value, percent-encoded but for the unreserved characters of RFC 3986.
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

macro_rules! from_numbers {
    ($($number:ty),*) => {
        $(impl From<$number> for PathSegment {
            fn from(number: $number) -> Self {
                Self(number.to_string())
            }
        })*
    };
}

from_numbers!(i32, i64, u32, u64, usize);

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
