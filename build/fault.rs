//! The error of the build: where in the contract, and what is wrong there.

use std::fmt;

/// What the build cannot compile: `at` names the operation or schema, `what` says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub at: String,
    pub what: String,
}

impl Fault {
    pub fn new(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self { at: at.into(), what: what.into() }
    }

    pub fn operation(id: &str, what: impl Into<String>) -> Self {
        Self::new(format!("operation {id}"), what)
    }

    pub fn schema(name: &str, what: impl Into<String>) -> Self {
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
