//! The settings of a device flow.

use std::fmt;
use std::sync::Arc;

use super::device_flow::{DeviceFlow, Settings};
use super::oauth2_client::{ClientAuth, ClientSettings};
use super::words::{joined, words};
use crate::client::Client;
use crate::input::InvalidSetting;
use crate::privacy::Secret;

/// Collects the settings of a [`DeviceFlow`]. [`build`](Self::build) checks them all.
///
/// ```
/// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
/// let flow = ory_sdk::tokens::DeviceFlow::builder(client).client_id("tv").scope(["offline_access"]).build()?;
/// # Ok(())
/// # }
/// ```
///
/// The id is required. Devices cannot keep a secret, so most clients have none.
pub struct DeviceFlowBuilder {
    client: Client,
    settings: ClientSettings,
    scope: Vec<String>,
    audience: Vec<String>,
}

impl DeviceFlowBuilder {
    pub(super) fn new(client: Client) -> Self {
        Self { client, settings: ClientSettings::default(), scope: Vec::new(), audience: Vec::new() }
    }

    /// Sets the id of the OAuth2 client.
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.settings.id = id.into();
        self
    }

    /// Sets the secret of the OAuth2 client. A public client has none.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.settings.secret = Some(secret.into());
        self
    }

    /// Sets how a client with a secret proves who it is. The default is [`ClientAuth::Basic`], as in Hydra.
    pub fn client_auth(mut self, auth: ClientAuth) -> Self {
        self.settings.auth = auth;
        self
    }

    /// Sets the scopes to request: `openid` for an ID token, `offline_access` for a refresh token, and your own.
    pub fn scope(mut self, scope: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scope = words(scope);
        self
    }

    /// Sets the audiences to request: who shall accept the access token.
    pub fn audience(mut self, audience: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.audience = words(audience);
        self
    }

    /// Checks the settings. It makes no call.
    ///
    /// # Errors
    ///
    /// The id is missing, a scope or audience is no single word, or the client has no URL for Hydra's public API. The error
    /// names the setting.
    pub fn build(self) -> Result<DeviceFlow, InvalidSetting> {
        let Self { client, settings, scope, audience } = self;
        let oauth2 = settings.check(client)?;
        let settings = Settings { oauth2, scope: joined("scope", &scope)?, audience: joined("audience", &audience)? };
        Ok(DeviceFlow { settings: Arc::new(settings) })
    }
}

impl fmt::Debug for DeviceFlowBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceFlowBuilder")
            .field("client", &self.settings)
            .field("scope", &self.scope)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}
