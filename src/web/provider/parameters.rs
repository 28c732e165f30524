//! The parameters of a URL or of a form.

use http::Uri;

use super::failure::{ProviderError, ProviderErrorKind};
use crate::privacy::Secret;

/// Pairs of a query or of a form (`application/x-www-form-urlencoded`).
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn of_uri(uri: &Uri) -> Self {
        Self::of_form(uri.query().unwrap_or_default().as_bytes())
    }

    pub(super) fn of_form(form: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(form).into_owned().collect())
    }

    /// All values of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a name, unless it is empty.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The challenge with this name.
    pub(super) fn challenge(&self, name: &str) -> Result<Secret, ProviderError> {
        let missing = || {
            let text =
                format!("the parameter `{name}` is missing: this page is only for browsers that Hydra sends here");
            ProviderError::new(ProviderErrorKind::MissingChallenge, text)
        };
        self.first(name).map(Secret::from).ok_or_else(missing)
    }
}
