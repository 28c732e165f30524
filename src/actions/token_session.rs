//! The session that tokens are for, as Hydra tells it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::lenient;
use super::token_decision::TokenClaims;
use crate::privacy::Secret;

/// The session that tokens are for, as Hydra tells it.
///
/// ```
/// # fn example(session: &ory_sdk::actions::TokenSession) {
/// println!("{} at {:?}", session.client_id, session.authenticated_at);
/// if let Some(tenant) = session.access_token_claims.get("tenant") {
///     println!("of the tenant {tenant}");
/// }
/// # }
/// ```
///
/// `Debug` shows ids and times, and the names of claims.
#[derive(Clone, Deserialize)]
#[serde(from = "Sent")]
#[non_exhaustive]
pub struct TokenSession {
    /// Who granted access. For client credentials, the client.
    pub subject: String,
    /// The client.
    pub client_id: String,
    /// The challenge of the consent. `None` without one.
    pub consent_challenge: Option<Secret>,
    /// The claims that the consent, or an earlier hook, gave the access token. A JWT has them in `ext`.
    pub access_token_claims: Map<String, Value>,
    /// The claims that the consent, or an earlier hook, gave the ID token, beside Hydra's own. Hydra's `sid` is among them.
    pub id_token_claims: Map<String, Value>,
    /// The issuer of the ID token. `None` without one.
    pub issuer: Option<String>,
    /// For whom the ID token is.
    pub audience: Vec<String>,
    /// The nonce of the ID token.
    pub nonce: Option<Secret>,
    /// How strong the login was (`acr`).
    pub acr: Option<String>,
    /// The methods of the login (`amr`).
    pub amr: Vec<String>,
    /// When the ID token is issued (`iat`).
    pub issued_at: Option<DateTime<Utc>>,
    /// When access was asked for (`rat`).
    pub requested_at: Option<DateTime<Utc>>,
    /// When the person signed in (`auth_time`).
    pub authenticated_at: Option<DateTime<Utc>>,
    /// When each kind of token ends: `access_token`, `refresh_token`, `authorize_code`, `device_code`, `user_code`.
    pub expires_at: BTreeMap<String, DateTime<Utc>>,
    /// The claims that a JWT has at its top, too (`oauth2.allowed_top_level_claims`).
    pub allowed_top_level_claims: Vec<String>,
}

impl TokenSession {
    pub(super) fn claims(&self) -> TokenClaims {
        TokenClaims::of(self.access_token_claims.clone(), self.id_token_claims.clone())
    }
}

impl fmt::Debug for TokenSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSession")
            .field("client_id", &self.client_id)
            .field("access_token_claims", &self.access_token_claims.keys().collect::<Vec<_>>())
            .field("id_token_claims", &self.id_token_claims.keys().collect::<Vec<_>>())
            .field("issued_at", &self.issued_at)
            .field("authenticated_at", &self.authenticated_at)
            .finish_non_exhaustive()
    }
}

/// As it is on the wire.
#[derive(Deserialize)]
struct Sent {
    id_token: SentIdToken,
    #[serde(default, deserialize_with = "lenient::or_default")]
    extra: Map<String, Value>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    client_id: String,
    #[serde(default, deserialize_with = "lenient::secret")]
    consent_challenge: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    allowed_top_level_claims: Vec<String>,
}

#[derive(Deserialize)]
struct SentIdToken {
    #[serde(default, deserialize_with = "lenient::or_default")]
    id_token_claims: SentClaims,
    #[serde(default, deserialize_with = "lenient::or_default")]
    expires_at: BTreeMap<String, DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    subject: String,
}

#[derive(Default, Deserialize)]
struct SentClaims {
    #[serde(default, deserialize_with = "lenient::text")]
    iss: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    aud: Vec<String>,
    #[serde(default, deserialize_with = "lenient::secret")]
    nonce: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::text")]
    acr: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    amr: Vec<String>,
    #[serde(default, deserialize_with = "lenient::time")]
    iat: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::time")]
    rat: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::time")]
    auth_time: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    ext: Map<String, Value>,
}

impl From<Sent> for TokenSession {
    fn from(sent: Sent) -> Self {
        let SentIdToken { id_token_claims: claims, mut expires_at, subject } = sent.id_token;
        expires_at.retain(|_, time| lenient::is_set(time));
        Self {
            subject,
            client_id: sent.client_id,
            consent_challenge: sent.consent_challenge,
            access_token_claims: sent.extra,
            id_token_claims: claims.ext,
            issuer: claims.iss,
            audience: claims.aud,
            nonce: claims.nonce,
            acr: claims.acr,
            amr: claims.amr,
            issued_at: claims.iat,
            requested_at: claims.rat,
            authenticated_at: claims.auth_time,
            expires_at,
            allowed_top_level_claims: sent.allowed_top_level_claims,
        }
    }
}
