//! What a person signs in with.

use crate::testing::random;

/// A way to sign in that the schema provides, with the identifiers that it takes from the traits.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub kind: String,
    pub identifiers: Vec<String>,
}

/// An account with a third party (`oidc` or `saml`) that an administrator imported.
#[derive(Debug, Clone)]
pub(crate) struct ThirdParty {
    pub kind: &'static str,
    pub provider: String,
    pub subject: String,
}

impl ThirdParty {
    pub(crate) fn identifier(&self) -> String {
        format!("{}:{}", self.provider, self.subject)
    }
}

#[derive(Clone)]
pub(crate) struct Password {
    /// `None` for a hash that an administrator imported.
    clear: Option<String>,
    /// What a server shows. Without an import, something else takes the place of a hash.
    pub hash: String,
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

impl Password {
    /// The least number of characters.
    pub(crate) const MIN_LENGTH: usize = 8;

    pub(crate) fn new(clear: String) -> Self {
        Self { clear: Some(clear), hash: format!("$stand-in${}", random::alphanumeric(22)) }
    }

    pub(crate) fn imported(hash: String) -> Self {
        Self { clear: None, hash }
    }

    /// Whether this is the password, or `None` if the hash is of a kind that cannot be verified.
    pub(crate) fn is(&self, clear: &str) -> Option<bool> {
        match &self.clear {
            Some(known) => Some(known == clear),
            None => super::password_hash::verify(&self.hash, clear),
        }
    }
}
