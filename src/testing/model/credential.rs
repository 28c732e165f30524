//! What a person signs in with.

use crate::testing::random;

/// A way to sign in that the schema provides, with the identifiers that it takes from the traits.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub kind: String,
    pub identifiers: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Password {
    clear: String,
    /// Takes the place of the hash that a server shows.
    pub hash: String,
}

impl Password {
    /// The least number of characters.
    pub(crate) const MIN_LENGTH: usize = 8;

    pub(crate) fn new(clear: String) -> Self {
        Self { clear, hash: format!("$stand-in${}", random::alphanumeric(22)) }
    }

    pub(crate) fn is(&self, clear: &str) -> bool {
        self.clear == clear
    }
}
