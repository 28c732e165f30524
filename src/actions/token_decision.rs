//! What a hook of Hydra decides.

use std::fmt;

use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::respond;

/// What a hook of Hydra decides.
///
/// ```
/// use ory_sdk::actions::{Action, ActionError, TokenDecision, TokenHook};
///
/// async fn token(call: Action<TokenHook>) -> Result<TokenDecision, ActionError> {
///     if call.session.client_id == "an-old-app" {
///         return Ok(TokenDecision::Refuse);
///     }
///     Ok(call.claims().set_access("tenant", 42).into())
/// }
/// ```
///
/// | decision | response | what Hydra does |
/// | --- | --- | --- |
/// | `Keep` | 204 | issues the tokens as they would be |
/// | `Claims` | 200 with `{"session": {"access_token": {..}, "id_token": {..}}}` | issues them with these claims |
/// | `Refuse` | 403 | responds with `access_denied` |
///
/// An error of the handler ([`ActionError`](super::ActionError)) is none of these: Hydra tries three times and then responds
/// with `server_error`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TokenDecision {
    /// Changes nothing.
    Keep,
    /// Sets all claims of both tokens.
    Claims(TokenClaims),
    /// Issues no tokens.
    Refuse,
}

impl TokenDecision {
    /// The response.
    ///
    /// ```
    /// use ory_sdk::actions::TokenDecision;
    ///
    /// assert_eq!(TokenDecision::Keep.into_response().status(), 204);
    /// assert_eq!(TokenDecision::Refuse.into_response().status(), 403);
    /// ```
    pub fn into_response(self) -> Response<String> {
        match self {
            Self::Keep => respond::empty(StatusCode::NO_CONTENT),
            Self::Refuse => respond::empty(StatusCode::FORBIDDEN),
            Self::Claims(TokenClaims { access_token, id_token }) => {
                let session = json!({"access_token": access_token, "id_token": id_token});
                respond::json(StatusCode::OK, &json!({"session": session}))
            }
        }
    }
}

impl From<TokenClaims> for TokenDecision {
    fn from(claims: TokenClaims) -> Self {
        Self::Claims(claims)
    }
}

impl From<TokenDecision> for Response<String> {
    fn from(decision: TokenDecision) -> Self {
        decision.into_response()
    }
}

/// All claims of both tokens, beside Hydra's own.
///
/// ```
/// use ory_sdk::actions::{TokenClaims, TokenDecision};
///
/// let response = TokenDecision::from(TokenClaims::new().set_access("tenant", 42)).into_response();
/// assert_eq!(response.body(), r#"{"session":{"access_token":{"tenant":42},"id_token":{}}}"#);
/// ```
///
/// Hydra takes the claims of both tokens from the response: a hook that names those of the access token only removes all of
/// the ID token. So start with those that are there, [`TokenHook::claims`](super::TokenHook::claims), and change some. To
/// replace all of them, start with [`TokenClaims::new`].
///
/// - For refresh tokens and client credentials, these claims replace all that were there.
/// - For a code, Hydra puts them **under** those of the consent: what the consent set stays as it is, and cannot be removed.
/// - Hydra's own claims cannot be changed. `sub`, `exp`, `scp`, `client_id` and the like of an access token get into `ext`
///   only; `sub`, `aud` and `exp` of an ID token are dropped.
/// - Numbers: integers of 64 bits are kept as they are here. Hydra itself holds numbers as floats, which are exact up to 2^53:
///   send larger ones as texts. In a JSON Web Token it writes a million as `1e+06`, which some libraries do not read as an
///   integer; `jwt::AccessToken` does.
///
/// `Debug` shows the names of the claims.
#[derive(Clone, Default, PartialEq)]
pub struct TokenClaims {
    access_token: Map<String, Value>,
    id_token: Map<String, Value>,
}

impl TokenClaims {
    /// No claims: those that are there are removed.
    ///
    /// ```
    /// let claims = ory_sdk::actions::TokenClaims::new().set_id("department", "sales");
    /// # let _ = claims;
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn of(access_token: Map<String, Value>, id_token: Map<String, Value>) -> Self {
        Self { access_token, id_token }
    }

    /// Sets a claim of the access token.
    ///
    /// ```
    /// # fn example(hook: &ory_sdk::actions::TokenHook) -> ory_sdk::actions::TokenClaims {
    /// hook.claims().set_access("tenant", 42)
    /// # }
    /// ```
    #[must_use]
    pub fn set_access(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.access_token.insert(name.into(), value.into());
        self
    }

    /// Sets a claim of the ID token.
    ///
    /// ```
    /// # fn example(hook: &ory_sdk::actions::TokenHook) -> ory_sdk::actions::TokenClaims {
    /// hook.claims().set_id("department", "sales")
    /// # }
    /// ```
    #[must_use]
    pub fn set_id(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.id_token.insert(name.into(), value.into());
        self
    }

    /// Removes a claim of the access token.
    ///
    /// ```
    /// # fn example(hook: &ory_sdk::actions::TokenHook) -> ory_sdk::actions::TokenClaims {
    /// hook.claims().remove_access("tenant")
    /// # }
    /// ```
    #[must_use]
    pub fn remove_access(mut self, name: &str) -> Self {
        self.access_token.remove(name);
        self
    }

    /// Removes a claim of the ID token.
    ///
    /// ```
    /// # fn example(hook: &ory_sdk::actions::TokenHook) -> ory_sdk::actions::TokenClaims {
    /// hook.claims().remove_id("department")
    /// # }
    /// ```
    #[must_use]
    pub fn remove_id(mut self, name: &str) -> Self {
        self.id_token.remove(name);
        self
    }
}

impl fmt::Debug for TokenClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenClaims")
            .field("access_token", &self.access_token.keys().collect::<Vec<_>>())
            .field("id_token", &self.id_token.keys().collect::<Vec<_>>())
            .finish()
    }
}
