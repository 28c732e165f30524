//! The OAuth2 client that asks for tokens, and its calls.

use std::borrow::Cow;
use std::sync::Arc;

use http::{HeaderValue, Method, header};
use serde::de::DeserializeOwned;

use super::response::{Tokens, tokens};
use crate::call::{CallOptions, Draft};
use crate::client::{Client, Sending, operation_where};
use crate::contract::{Endpoint, Operation, Repeat};
use crate::credentials::{Caller, basic, sensitive};
use crate::error::Error;
use crate::input::{InvalidSetting, Slot};
use crate::privacy::{Location, Secret};
use crate::response::{decode, name_only};
use crate::wire::form::append_pair;

const AUTHORIZE: &str = "/oauth2/auth";
const FORM: &str = "application/x-www-form-urlencoded";

/// How a client proves who it is: its `token_endpoint_auth_method` (RFC 6749, section 2.3.1).
///
/// ```
/// use ory_sdk::tokens::{ClientAuth, ClientCredentials};
///
/// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
/// let tokens = ClientCredentials::builder(client)
///     .client_id("reports")
///     .client_secret("a-secret")
///     .client_auth(ClientAuth::Post)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ClientAuth {
    /// `client_secret_basic`: id and secret in the header `Authorization`. Hydra's default.
    #[default]
    Basic,
    /// `client_secret_post`: id and secret in the form.
    Post,
}

/// The settings of an OAuth2 client, as a builder collects them.
#[derive(Debug, Clone, Default)]
pub(super) struct ClientSettings {
    pub(super) id: String,
    pub(super) secret: Option<Secret>,
    pub(super) auth: ClientAuth,
}

impl ClientSettings {
    /// Checks them.
    pub(super) fn check(self, client: Client) -> Result<OAuth2Client, InvalidSetting> {
        let wrong = |why: &str| Err(InvalidSetting::new(why));
        let Self { id, secret, auth } = self;
        if client.endpoint(&Endpoint::HydraPublic).is_none() {
            return wrong("the client has no URL for Hydra's public API, which issues tokens: set `hydra_public_url`");
        }
        if id.trim().is_empty() {
            return wrong("`client_id` is empty: set it to the id of the OAuth2 client");
        }
        if secret.as_ref().is_some_and(Secret::is_empty) {
            return wrong("`client_secret` is empty: set it to the secret of the OAuth2 client");
        }
        let header = match (&secret, auth) {
            (Some(secret), ClientAuth::Basic) => {
                let value = basic(&id, secret).and_then(|value| sensitive(value.expose()));
                Some(value.map_err(|why| InvalidSetting::new(format!("`client_secret`: {why}")))?)
            }
            _ => None,
        };
        // Nothing of the client's own users and tokens belongs into these calls.
        let client = Client { caller: Arc::new(Caller::default()), ..client };
        Ok(OAuth2Client { client, id, secret, header })
    }
}

/// The client whose tokens are asked for. Without a secret it is a public one.
#[derive(Clone)]
pub(super) struct OAuth2Client {
    client: Client,
    pub(super) id: String,
    secret: Option<Secret>,
    /// The `Authorization` of a client that proves itself there.
    header: Option<HeaderValue>,
}

impl OAuth2Client {
    /// Asks the token endpoint. `repeat` is whether the same form may be sent twice: a code or refresh token may not.
    ///
    /// Source: Ory's operation `oauth2TokenExchange` (`performOAuth2TokenFlow`).
    pub(super) fn tokens(&self, repeat: Repeat, form: &[(&str, &str)]) -> Sending<Tokens> {
        let names_itself = self.header.is_none();
        Sending::new(self.client.clone(), self.post("/oauth2/token", repeat, form, names_itself), tokens, name_only)
    }

    /// Asks for the codes of a device. They are new with each call, so that it may be repeated.
    ///
    /// Source: Ory's operation `oAuth2DeviceFlow`.
    pub(super) fn device<T: DeserializeOwned>(&self, form: &[(&str, &str)]) -> Sending<T> {
        // Hydra wants the id in the form even where the header has it.
        let draft = self.post("/oauth2/device/auth", Repeat::Repeatable, form, true);
        Sending::new(self.client.clone(), draft, decode::own_json::<T>, name_only)
    }

    /// The URL at which a browser begins.
    ///
    /// Source: Ory's operation `oAuth2Authorize` (`performOAuth2AuthorizationFlow`).
    pub(super) fn authorization_url(&self, query: &[(&str, &str)]) -> Result<Location, Error> {
        let mut draft = draft(Method::GET, AUTHORIZE, Repeat::Once)?;
        query.iter().for_each(|(key, value)| draft.pair(key, value));
        self.client.transport.browser_url(draft.ready()?)
    }

    /// The URL of Hydra as browsers see it, which is its issuer unless it is configured otherwise.
    pub(super) fn browser_base(&self) -> String {
        let begin = self.authorization_url(&[]).ok();
        let base = begin.as_ref().and_then(|url| url.as_str().strip_suffix(AUTHORIZE));
        base.or(self.client.endpoint(&Endpoint::HydraPublic)).unwrap_or_default().to_owned()
    }

    fn post(&self, path: &str, repeat: Repeat, form: &[(&str, &str)], names_itself: bool) -> Result<Draft, Error> {
        let mut body = String::new();
        form.iter().for_each(|(key, value)| append_pair(&mut body, key, value));
        if names_itself {
            append_pair(&mut body, "client_id", &self.id);
        }
        if let Some(secret) = self.secret.as_ref().filter(|_| self.header.is_none()) {
            append_pair(&mut body, "client_secret", secret.expose());
        }
        let mut draft = draft(Method::POST, path, repeat)?;
        draft.raw(Slot::Set(body), true, FORM);
        if let Some(header) = &self.header {
            draft.headers.insert(header::AUTHORIZATION, header.clone());
        }
        draft.ready()
    }
}

/// The operation with this method and path. Whatever the contract says of it, it goes to Hydra's public API, carries only
/// the credential that is written here, and is repeated only if that does no harm.
fn draft(method: Method, path: &str, repeat: Repeat) -> Result<Draft, Error> {
    let found = operation_where("tokens", &method, path, |it| it.path == path)?;
    let operation = Operation { endpoint: Endpoint::HydraPublic, security: &[], repeat, ..found.clone() };
    Ok(Draft::to(Cow::Owned(operation), found.path.into(), CallOptions::default()))
}
