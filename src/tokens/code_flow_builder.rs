//! The settings of a code flow.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::authorization_options::AuthorizationOptions;
use super::code_flow::{CodeFlow, Settings};
use super::oauth2_client::{ClientAuth, ClientSettings};
use super::words::{joined, words};
use crate::client::Client;
use crate::input::InvalidSetting;
use crate::privacy::Secret;

/// Collects the settings of a [`CodeFlow`]. [`build`](Self::build) checks them all.
///
/// ```
/// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
/// let flow = ory_sdk::tokens::CodeFlow::builder(client)
///     .client_id("shop")
///     .redirect_uri("https://shop.example.org/callback")
///     .scope(["openid"])
///     .options(|options| options.ui_locales(["de"]))
///     .build()?;
/// # Ok(())
/// # }
/// ```
///
/// The id and the redirect URI are required. A client without a secret is a public one, which PKCE protects.
pub struct CodeFlowBuilder {
    client: Client,
    settings: ClientSettings,
    redirect_uri: String,
    scope: Vec<String>,
    audience: Vec<String>,
    issuer: Option<String>,
    options: AuthorizationOptions,
}

impl CodeFlowBuilder {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            settings: ClientSettings::default(),
            redirect_uri: String::new(),
            scope: Vec::new(),
            audience: Vec::new(),
            issuer: None,
            options: AuthorizationOptions::default(),
        }
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

    /// Sets where the browser comes back to: one of the `redirect_uris` of the OAuth2 client, letter by letter.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = uri.into();
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

    /// Sets the issuer, as Hydra's `urls.self.issuer` does. The default is the URL to which browsers are sent.
    ///
    /// A callback whose `iss` is another one is refused. A slash at the end makes no difference.
    pub fn issuer(mut self, url: impl Into<String>) -> Self {
        self.issuer = Some(url.into());
        self
    }

    /// Sets what every sign-in asks for beside tokens.
    pub fn options(mut self, change: impl FnOnce(AuthorizationOptions) -> AuthorizationOptions) -> Self {
        self.options = change(self.options);
        self
    }

    /// Checks the settings. It makes no call.
    ///
    /// # Errors
    ///
    /// The id or the redirect URI is missing, the redirect URI is no absolute URL or has a fragment, a scope or audience is no
    /// single word, a parameter belongs to the flow itself, the issuer is no absolute URL, or the client has no URL for
    /// Hydra's public API. The error names the setting.
    pub fn build(self) -> Result<CodeFlow, InvalidSetting> {
        let Self { client, settings, redirect_uri, scope, audience, issuer, options } = self;
        let oauth2 = settings.check(client)?;
        match absolute("redirect_uri", &redirect_uri)? {
            url if url.fragment().is_some() => {
                return Err(InvalidSetting::new("`redirect_uri`: expected a URL without a fragment (`#`)"));
            }
            _ => {}
        }
        let issuer = match issuer {
            Some(issuer) => {
                absolute("issuer", &issuer)?;
                issuer
            }
            None => oauth2.browser_base(),
        };
        options.pairs()?;
        let settings = Settings {
            oauth2,
            redirect_uri,
            is_openid: scope.iter().any(|scope| scope == "openid"),
            scope: joined("scope", &scope)?,
            audience: joined("audience", &audience)?,
            issuer,
            options,
        };
        Ok(CodeFlow { settings: Arc::new(settings) })
    }
}

/// Checks a URL of a setting.
fn absolute(setting: &str, text: &str) -> Result<Url, InvalidSetting> {
    if text.is_empty() {
        return Err(InvalidSetting::new(format!("`{setting}` is missing: expected an absolute URL")));
    }
    Url::parse(text).map_err(|why| InvalidSetting::new(format!("`{setting}`: expected an absolute URL: {why}")))
}

impl fmt::Debug for CodeFlowBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeFlowBuilder")
            .field("client", &self.settings)
            .field("scope", &self.scope)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}
