//! What Hydra says of a login, consent or logout: the few fields that decide. They are read here and not as types of the
//! contract, so that they are the same with every contract.

use serde::{Deserialize, Deserializer};

use crate::privacy::Location;

/// A login request.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LoginRequest {
    #[serde(deserialize_with = "or_default")]
    pub skip: bool,
    #[serde(deserialize_with = "or_default")]
    pub subject: String,
    #[serde(deserialize_with = "or_default")]
    pub client: OAuth2Client,
    #[serde(deserialize_with = "or_default")]
    pub request_url: Location,
    #[serde(deserialize_with = "or_default")]
    pub oidc_context: OidcContext,
}

/// A consent request.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ConsentRequest {
    #[serde(deserialize_with = "or_default")]
    pub skip: bool,
    #[serde(deserialize_with = "or_default")]
    pub subject: String,
    #[serde(deserialize_with = "or_default")]
    pub client: OAuth2Client,
    #[serde(deserialize_with = "or_default")]
    pub request_url: Location,
    #[serde(deserialize_with = "or_default")]
    pub requested_scope: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub requested_access_token_audience: Vec<String>,
}

/// A logout request.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LogoutRequest {
    #[serde(deserialize_with = "or_default")]
    pub subject: String,
    #[serde(deserialize_with = "or_default")]
    pub client: OAuth2Client,
    #[serde(deserialize_with = "or_default")]
    pub rp_initiated: bool,
}

/// The application.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct OAuth2Client {
    #[serde(deserialize_with = "or_default")]
    pub client_id: String,
    #[serde(deserialize_with = "or_default")]
    client_name: String,
    #[serde(deserialize_with = "or_default")]
    pub skip_consent: bool,
    pub skip_logout_consent: Option<bool>,
    pub logo_uri: Option<String>,
    pub policy_uri: Option<String>,
    pub tos_uri: Option<String>,
}

impl OAuth2Client {
    /// The name, or else the id.
    pub(super) fn name(&self) -> &str {
        if self.client_name.is_empty() { &self.client_id } else { &self.client_name }
    }
}

/// The preferences of an application (OpenID Connect Core, section 3.1.2.1).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct OidcContext {
    #[serde(deserialize_with = "or_default")]
    pub acr_values: Vec<String>,
    pub login_hint: Option<String>,
}

/// Where Hydra wants the browser to go.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Accepted {
    #[serde(deserialize_with = "or_default")]
    pub redirect_to: Location,
}

/// Servers send null for what is empty.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
