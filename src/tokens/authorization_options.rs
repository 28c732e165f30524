//! What one authorization request asks for beside tokens.

use std::time::Duration;

use super::words::{joined, words};
use crate::input::InvalidSetting;

/// The parameters that the flow writes itself, or that would put a secret into a URL.
const OWN: [&str; 17] = [
    "audience",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "login_hint",
    "max_age",
    "nonce",
    "prompt",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "ui_locales",
];

/// What an authorization request asks for beside tokens (OpenID Connect Core, section 3.1.2.1): for
/// [`CodeFlowBuilder::options`](super::CodeFlowBuilder::options) and
/// [`CodeFlow::authorization_url_with`](super::CodeFlow::authorization_url_with).
///
/// ```
/// # fn example(flow: &ory_sdk::tokens::CodeFlow) -> Result<(), ory_sdk::tokens::TokenError> {
/// use std::time::Duration;
///
/// let begun = flow.authorization_url_with(|it| {
///     it.prompt(["login"]).max_age(Duration::from_secs(300)).login_hint("ada@example.org").ui_locales(["de", "en"])
/// })?;
/// # let _ = begun;
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows no value, since hints and parameters of your own may be personal.
#[derive(Clone, Default)]
pub struct AuthorizationOptions {
    prompt: Vec<String>,
    max_age: Option<Duration>,
    login_hint: Option<String>,
    ui_locales: Vec<String>,
    parameters: Vec<(String, String)>,
}

impl AuthorizationOptions {
    /// Sets what the person is asked for: `login` (sign in again), `consent`, or `none` (nothing: whoever is not
    /// signed in comes back with `login_required`).
    ///
    /// ```
    /// let options = ory_sdk::tokens::AuthorizationOptions::default().prompt(["login", "consent"]);
    /// ```
    pub fn prompt(mut self, prompt: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.prompt = words(prompt);
        self
    }

    /// Sets how long ago the person may have signed in, in whole seconds. If it is longer, they sign in again.
    ///
    /// ```
    /// let options = ory_sdk::tokens::AuthorizationOptions::default().max_age(std::time::Duration::from_secs(300));
    /// ```
    ///
    /// Check the claim `auth_time` of the ID token all the same: the browser can take the parameter away.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Sets who may want to sign in, for the login page to fill in.
    ///
    /// ```
    /// let options = ory_sdk::tokens::AuthorizationOptions::default().login_hint("ada@example.org");
    /// ```
    pub fn login_hint(mut self, hint: impl Into<String>) -> Self {
        self.login_hint = Some(hint.into());
        self
    }

    /// Sets the languages of the pages, the best first (BCP 47).
    ///
    /// ```
    /// let options = ory_sdk::tokens::AuthorizationOptions::default().ui_locales(["de-AT", "en"]);
    /// ```
    pub fn ui_locales(mut self, locales: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.ui_locales = words(locales);
        self
    }

    /// Adds a parameter of your own, which your login page can read from `request_url`.
    ///
    /// ```
    /// let options = ory_sdk::tokens::AuthorizationOptions::default().parameter("tenant", "blue");
    /// ```
    ///
    /// Those that the flow writes itself are refused.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// The pairs of the query.
    pub(super) fn pairs(&self) -> Result<Vec<(String, String)>, InvalidSetting> {
        let mut pairs = Vec::new();
        let mut pair = |name: &str, value: String| pairs.push((name.to_owned(), value));
        if !self.prompt.is_empty() {
            pair("prompt", joined("prompt", &self.prompt)?);
        }
        if let Some(age) = self.max_age {
            pair("max_age", age.as_secs().to_string());
        }
        if let Some(hint) = &self.login_hint {
            pair("login_hint", hint.clone());
        }
        if !self.ui_locales.is_empty() {
            pair("ui_locales", joined("ui_locales", &self.ui_locales)?);
        }
        for (name, value) in &self.parameters {
            let why = if name.is_empty() {
                "has an empty name"
            } else if OWN.contains(&name.as_str()) {
                "belongs to the flow: use its own setting"
            } else {
                pair(name, value.clone());
                continue;
            };
            return Err(InvalidSetting::new(format!("`parameter`: {name:?} {why}")));
        }
        Ok(pairs)
    }
}

impl std::fmt::Debug for AuthorizationOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorizationOptions").finish_non_exhaustive()
    }
}
