//! The settings of tokens of a person.

use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::time::Instant;

use super::kept::Kept;
use super::oauth2_client::{ClientAuth, ClientSettings};
use super::refresh_tokens::{Keep, Refresh, RefreshTokens, State, Store};
use super::response::Tokens;
use crate::client::Client;
use crate::input::InvalidSetting;
use crate::platform::SingleFlight;
use crate::privacy::Secret;

/// Collects the settings of [`RefreshTokens`]. [`build`](Self::build) checks them all.
///
/// ```
/// # async fn keep(_: ory_sdk::tokens::Tokens) -> std::io::Result<()> { Ok(()) }
/// # fn example(client: &ory_sdk::Client, tokens: ory_sdk::tokens::Tokens) -> Result<(), ory_sdk::error::InvalidSetting> {
/// let ada = ory_sdk::tokens::RefreshTokens::builder(client)
///     .client_id("my-app")
///     .client_secret("a-secret")
///     .tokens(&tokens)
///     .store(|tokens| async move { keep(tokens).await })
///     .build()?;
/// # Ok(())
/// # }
/// ```
///
/// The id, a refresh token and the store are required.
pub struct RefreshTokensBuilder {
    client: Client,
    settings: ClientSettings,
    refresh_token: Option<Secret>,
    access: Kept,
    keep: Option<Keep>,
}

impl RefreshTokensBuilder {
    pub(super) fn new(client: Client) -> Self {
        let settings = ClientSettings::default();
        Self { client, settings, refresh_token: None, access: Kept::default(), keep: None }
    }

    /// Sets the id of the OAuth2 client that the tokens were issued to.
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

    /// Sets the refresh token, as your store has it. The first call refreshes.
    pub fn refresh_token(mut self, token: impl Into<Secret>) -> Self {
        self.refresh_token = Some(token.into());
        self.access = Kept::default();
        self
    }

    /// Sets the tokens of a sign-in that has just ended. The first calls get their access token.
    pub fn tokens(mut self, tokens: &Tokens) -> Self {
        self.refresh_token = tokens.refresh_token.clone();
        self.access = Kept::default();
        self.access.keep(tokens, Instant::now());
        self
    }

    /// Sets where new tokens are kept. Nobody gets a new access token before this succeeded, since a refresh token that is
    /// lost cannot be had again.
    ///
    /// It gets all tokens, always with a refresh token. If it fails, it is called again with the same ones.
    pub fn store<F, R, E>(mut self, store: F) -> Self
    where
        F: Fn(Tokens) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.keep = Some(Box::new(move |tokens| {
            let stored = store(tokens);
            Box::pin(async move { stored.await.map_err(Into::into) })
        }));
        self
    }

    /// Checks the settings. It makes no call.
    ///
    /// # Errors
    ///
    /// The id, the refresh token or the store is missing, or the client has no URL for Hydra's public API. The error names
    /// the setting.
    pub fn build(self) -> Result<RefreshTokens, InvalidSetting> {
        let Self { client, settings, refresh_token, access, keep } = self;
        let Some(token) = refresh_token.filter(|token| !token.is_empty()) else {
            return Err(InvalidSetting::new(
                "`refresh_token` is missing: the client gets one with the scope `offline_access`",
            ));
        };
        let Some(keep) = keep else {
            return Err(InvalidSetting::new(
                "`store` is missing: each refresh gives another refresh token, which must be kept",
            ));
        };
        let store = Store {
            oauth2: settings.check(client)?,
            keep,
            state: Mutex::new(State { access, refresh: Refresh::Ready(token) }),
            flights: SingleFlight::default(),
        };
        Ok(RefreshTokens { store: Arc::new(store) })
    }
}

impl fmt::Debug for RefreshTokensBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshTokensBuilder").field("client", &self.settings).finish_non_exhaustive()
    }
}
