//! Why an argument was refused.

use std::fmt::{self, Display};

use super::line::on_one_line;

/// An argument that was refused, or that is missing. Nothing was sent.
///
/// ```
/// use ory_sdk::input::PathSegment;
///
/// let why = PathSegment::try_from("..").unwrap_err();
/// assert_eq!(why.to_string(), "must not be `.` or `..`, which URLs remove");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidArgument(String);

impl InvalidArgument {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(on_one_line(why.into()))
    }
}

impl Display for InvalidArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidArgument {}
