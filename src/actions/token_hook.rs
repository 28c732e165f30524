//! What Hydra's hooks ask before it issues tokens.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::lenient;
use super::token_decision::TokenClaims;
use super::token_session::TokenSession;
use crate::privacy::Secret;

/// What Hydra asks before it issues tokens (`oauth2.token_hook`, since Hydra 2.1).
///
/// ```
/// use ory_sdk::actions::{Action, ActionError, TokenDecision, TokenHook};
///
/// async fn token(call: Action<TokenHook>) -> Result<TokenDecision, ActionError> {
///     if call.request.has_grant_type("client_credentials") {
///         return Ok(TokenDecision::Keep);
///     }
///     Ok(call.claims().set_access("tenant", 42).into())
/// }
/// ```
///
/// Hydra asks for every grant, after it authenticated the client and found the grant good.
///
/// `Debug` shows ids, scopes and grant types, and the names of claims.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct TokenHook {
    /// The session that the tokens are for.
    pub session: TokenSession,
    /// The request for tokens.
    pub request: TokenRequest,
}

impl TokenHook {
    /// The claims that the tokens have now, to be changed: see [`TokenClaims`].
    ///
    /// ```
    /// # fn example(hook: &ory_sdk::actions::TokenHook) -> ory_sdk::actions::TokenDecision {
    /// hook.claims().set_access("tenant", 42).set_id("department", "sales").into()
    /// # }
    /// ```
    pub fn claims(&self) -> TokenClaims {
        self.session.claims()
    }
}

/// What Hydra asks before it issues tokens for a refresh token (`oauth2.refresh_token_hook`).
///
/// ```
/// use ory_sdk::actions::{Action, ActionError, RefreshTokenHook, TokenDecision};
///
/// async fn refresh(call: Action<RefreshTokenHook>) -> Result<TokenDecision, ActionError> {
///     let is_known = call.subject == "ada";
///     Ok(if is_known { TokenDecision::Keep } else { TokenDecision::Refuse })
/// }
/// ```
///
/// It is the older hook. A [`TokenHook`] is asked for refresh tokens, too.
///
/// `Debug` shows ids, scopes and grant types, and the names of claims.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct RefreshTokenHook {
    /// Who granted access.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub subject: String,
    /// The session that the tokens are for.
    pub session: TokenSession,
    /// The request for tokens.
    pub requester: TokenRequest,
}

impl RefreshTokenHook {
    /// The claims that the tokens have now, to be changed: see [`TokenClaims`].
    ///
    /// ```
    /// # fn example(hook: &ory_sdk::actions::RefreshTokenHook) -> ory_sdk::actions::TokenDecision {
    /// hook.claims().set_access("tenant", 42).into()
    /// # }
    /// ```
    pub fn claims(&self) -> TokenClaims {
        self.session.claims()
    }
}

impl fmt::Debug for RefreshTokenHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshTokenHook")
            .field("session", &self.session)
            .field("requester", &self.requester)
            .finish_non_exhaustive()
    }
}

/// A request for tokens, as Hydra tells it.
///
/// ```
/// # fn example(request: &ory_sdk::actions::TokenRequest) {
/// println!("{} asks by {:?}", request.client_id, request.grant_types);
/// # }
/// ```
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The client.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_id: String,
    /// The scopes that the client asks for, since Hydra 25.4.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub requested_scopes: Vec<String>,
    /// The scopes that it gets. Empty in the code and the device flow, where the consent names them.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub granted_scopes: Vec<String>,
    /// For whom the tokens are. Empty in the code and the device flow.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub granted_audience: Vec<String>,
    /// Such as `authorization_code`, `refresh_token` or `client_credentials`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub grant_types: Vec<String>,
    /// Parameters of the request that Hydra passes along: `assertion`; since 25.4 also `client_id`, `grant_type` and `scope`.
    /// Never a secret of the client, nor a parameter of your own.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub payload: BTreeMap<String, Vec<Secret>>,
}

impl TokenRequest {
    /// Whether it is of this grant type.
    ///
    /// ```
    /// # fn example(request: &ory_sdk::actions::TokenRequest) {
    /// if request.has_grant_type("refresh_token") {
    ///     println!("{} has been here before", request.client_id);
    /// }
    /// # }
    /// ```
    pub fn has_grant_type(&self, grant_type: &str) -> bool {
        self.grant_types.iter().any(|known| known == grant_type)
    }
}
