//! The error of the build: where in the contract, and what is wrong there.

use std::fmt;

use super::one_line::one_line;

/// The longest place, and the longest description of what is wrong there, in characters.
const LONGEST: (usize, usize) = (200, 500);

/// What the build cannot compile: `at` names the operation or schema, `what` says why. Both are one short line, whatever
/// the contract contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    at: String,
    what: String,
}

impl Fault {
    pub fn new(at: impl AsRef<str>, what: impl AsRef<str>) -> Self {
        Self { at: one_line(at.as_ref(), LONGEST.0), what: one_line(what.as_ref(), LONGEST.1) }
    }

    pub fn operation(id: &str, what: impl AsRef<str>) -> Self {
        Self::new(format!("operation {id}"), what)
    }

    pub fn schema(name: &str, what: impl AsRef<str>) -> Self {
        Self::new(format!("schema {name}"), what)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}

impl std::error::Error for Fault {}

pub type Result<T> = std::result::Result<T, Fault>;
