//! The credentials that a builder collects.

use std::sync::Arc;

use super::builder::ClientBuilder;
use crate::contract::Endpoint;
use crate::credentials::{CookieNames, Credentials, TokenProvider, TokenSource, is_blank, sensitive, token_setting};
use crate::input::InvalidSetting;
use crate::privacy::Secret;
use crate::routing::Endpoints;

/// The credentials of the client, as they were set.
#[derive(Default)]
pub(super) struct ChosenCredentials {
    access_token: Option<TokenSource>,
    /// The last one of a server counts.
    own_tokens: Vec<(Endpoint, TokenSource)>,
    pub(super) cookie_names: CookieNames,
}

/// # Credentials of the client
///
/// The guide [credentials](crate::docs::credentials) shows which credential goes where.
impl ClientBuilder {
    /// Sets the access token for administrative calls: of a Network project, or of a gateway in front of your own server.
    ///
    /// A token belongs to one origin (scheme, host and port). If administrative calls go to several origins,
    /// [`build`](Self::build) refuses it: set a token for each server by [`endpoint_token`](Self::endpoint_token).
    pub fn access_token(self, token: impl Into<Secret>) -> Self {
        self.access_token_source(TokenSource::Fixed(token.into()))
    }

    /// Like [`access_token`](Self::access_token), but asks `provider` before every call, and once more after a 401.
    pub fn access_token_provider(self, provider: impl TokenProvider + 'static) -> Self {
        self.access_token_source(TokenSource::Provider(Arc::new(provider)))
    }

    /// Sets the access token of the console, for `/projects`.
    pub fn console_token(self, token: impl Into<Secret>) -> Self {
        self.endpoint_token(Endpoint::Console, token)
    }

    /// Like [`console_token`](Self::console_token), but asks `provider` before every call, and once more after a 401.
    pub fn console_token_provider(self, provider: impl TokenProvider + 'static) -> Self {
        self.endpoint_token_provider(Endpoint::Console, provider)
    }

    /// Sets the access token of one server, which then does not get [`access_token`](Self::access_token).
    ///
    /// ```
    /// use ory_sdk::contract::Endpoint;
    ///
    /// let client = ory_sdk::Client::builder()
    ///     .kratos_admin_url("https://kratos.example.org")
    ///     .hydra_admin_url("https://hydra.example.org")
    ///     .endpoint_token(Endpoint::KratosAdmin, "token-of-kratos")
    ///     .endpoint_token(Endpoint::HydraAdmin, "token-of-hydra")
    ///     .build()?;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    ///
    /// Administrative calls carry it. For a [named endpoint](Self::named_endpoint), so does every
    /// [`request`](crate::Client::request). The public APIs take no access token, so [`build`](Self::build) refuses one for
    /// them.
    pub fn endpoint_token(self, endpoint: Endpoint, token: impl Into<Secret>) -> Self {
        self.token_source(endpoint, TokenSource::Fixed(token.into()))
    }

    /// Like [`endpoint_token`](Self::endpoint_token), but asks `provider` before every call, and once more after a 401.
    pub fn endpoint_token_provider(self, endpoint: Endpoint, provider: impl TokenProvider + 'static) -> Self {
        self.token_source(endpoint, TokenSource::Provider(Arc::new(provider)))
    }

    /// Adds the name of a cookie of Kratos, if the configuration of your server renames it. May be called several times.
    ///
    /// [`with_cookies`](crate::Client::with_cookies) and [`forwarding`](crate::Client::forwarding) then send it to Kratos.
    pub fn cookie_name(self, name: impl Into<String>) -> Self {
        self.renamed_cookie(Endpoint::KratosPublic, name.into())
    }

    /// Like [`cookie_name`](Self::cookie_name), for a cookie of Hydra.
    pub fn hydra_cookie_name(self, name: impl Into<String>) -> Self {
        self.renamed_cookie(Endpoint::HydraPublic, name.into())
    }

    fn access_token_source(mut self, source: TokenSource) -> Self {
        self.credentials.access_token = Some(source);
        self
    }

    fn token_source(mut self, endpoint: Endpoint, source: TokenSource) -> Self {
        let own = &mut self.credentials.own_tokens;
        own.retain(|(known, _)| *known != endpoint);
        own.push((endpoint, source));
        self
    }

    fn renamed_cookie(mut self, server: Endpoint, name: String) -> Self {
        self.credentials.cookie_names.renamed.push((server, name));
        self
    }
}

impl ChosenCredentials {
    pub(super) fn has_console_token(&self) -> bool {
        self.own_tokens.iter().any(|(endpoint, _)| *endpoint == Endpoint::Console)
    }

    /// Checks the tokens themselves.
    pub(super) fn check(&self) -> Result<(), InvalidSetting> {
        let own = self.own_tokens.iter().map(|(endpoint, source)| (token_setting(endpoint), source));
        let all = self.access_token.iter().map(|source| ("access_token".to_owned(), source)).chain(own);
        for (setting, source) in all {
            if let TokenSource::Fixed(token) = source {
                check_token(&setting, token)?;
            }
        }
        Ok(())
    }

    /// Checks where the tokens go.
    pub(super) fn for_endpoints(self, endpoints: &Endpoints) -> Result<(Credentials, CookieNames), InvalidSetting> {
        let credentials = Credentials::new(self.access_token, self.own_tokens, endpoints);
        Ok((credentials.map_err(InvalidSetting::new)?, self.cookie_names))
    }
}

/// Checks a token. The error has the name of its setting or variable.
pub(super) fn check_token(name: &str, token: &Secret) -> Result<(), InvalidSetting> {
    if is_blank(token) {
        return Err(InvalidSetting::new(format!("`{name}` is empty")));
    }
    sensitive(token.expose()).map_err(|why| InvalidSetting::new(format!("`{name}`: {why}")))?;
    Ok(())
}
