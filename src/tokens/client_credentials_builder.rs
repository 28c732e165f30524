//! The settings of tokens of a service for itself.

use std::fmt;
use std::sync::{Arc, Mutex};

use super::client_credentials::{ClientCredentials, Store};
use super::kept::Kept;
use super::oauth2_client::{ClientAuth, ClientSettings};
use super::words::{joined, words};
use crate::client::Client;
use crate::input::InvalidSetting;
use crate::platform::SingleFlight;
use crate::privacy::Secret;

/// Collects the settings of [`ClientCredentials`]. [`build`](Self::build) checks them all.
///
/// ```
/// # fn example(client: &ory_sdk::Client, secret: ory_sdk::Secret) -> Result<(), ory_sdk::error::InvalidSetting> {
/// let tokens = ory_sdk::tokens::ClientCredentials::builder(client)
///     .client_id("reports")
///     .client_secret(secret)
///     .scope(["stock.read"])
///     .audience(["https://stock.example.org"])
///     .build()?;
/// # Ok(())
/// # }
/// ```
///
/// Id and secret are required.
pub struct ClientCredentialsBuilder {
    client: Client,
    settings: ClientSettings,
    scope: Vec<String>,
    audience: Vec<String>,
}

impl ClientCredentialsBuilder {
    pub(super) fn new(client: Client) -> Self {
        Self { client, settings: ClientSettings::default(), scope: Vec::new(), audience: Vec::new() }
    }

    /// Sets the id of the OAuth2 client.
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.settings.id = id.into();
        self
    }

    /// Sets the secret of the OAuth2 client.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.settings.secret = Some(secret.into());
        self
    }

    /// Sets how the client proves who it is, as its `token_endpoint_auth_method` says. The default is
    /// [`ClientAuth::Basic`], as in Hydra.
    pub fn client_auth(mut self, auth: ClientAuth) -> Self {
        self.settings.auth = auth;
        self
    }

    /// Sets the scopes to request. Without it, Hydra grants none, or all scopes of the client if its configuration has
    /// `oauth2.client_credentials.default_grant_allowed_scope: true`. The stand-in (feature `testing`) grants all.
    pub fn scope(mut self, scope: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scope = words(scope);
        self
    }

    /// Sets the audiences to request: who shall accept the token. The client must be allowed to ask for them.
    pub fn audience(mut self, audience: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.audience = words(audience);
        self
    }

    /// Checks the settings. It makes no call.
    ///
    /// # Errors
    ///
    /// The id or secret is missing, a scope or audience is no single word, or the client has no URL for Hydra's public API.
    /// The error names the setting.
    pub fn build(self) -> Result<ClientCredentials, InvalidSetting> {
        let Self { client, settings, scope, audience } = self;
        if settings.secret.is_none() {
            return Err(InvalidSetting::new(
                "`client_secret` is missing: a client without a secret cannot get tokens for itself",
            ));
        }
        let store = Store {
            oauth2: settings.check(client)?,
            scope: joined("scope", &scope)?,
            audience: joined("audience", &audience)?,
            kept: Mutex::new(Kept::default()),
            flights: SingleFlight::default(),
        };
        Ok(ClientCredentials { store: Arc::new(store) })
    }
}

impl fmt::Debug for ClientCredentialsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentialsBuilder")
            .field("client", &self.settings)
            .field("scope", &self.scope)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}
