//! What the token endpoint gives.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::credentials::{bearer, sensitive};
use crate::jwt::{IdToken, IdTokenCheck, IdTokens, Refusal};
use crate::privacy::Secret;
use crate::response::{DecodeFailure, RawResponse, Unreadable, decode};

/// The tokens that a sign-in or a refresh gave.
///
/// ```
/// # fn example(tokens: ory_sdk::tokens::Tokens, client: &ory_sdk::Client) {
/// let person = client.with_oauth2_token(&tokens.access_token);
/// println!("{:?} for {:?}", tokens.scope, tokens.expires_in);
/// # let _ = person;
/// # }
/// ```
///
/// `Debug` shows no token.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Tokens {
    /// The access token. Opaque text or a JWT; treat it as opaque either way.
    pub access_token: Secret,
    /// How to use the access token: always `bearer`, in any letter case. A response with another type is refused.
    pub token_type: String,
    /// How long the access token lives, counted from the request. Zero if it was over before it came.
    pub expires_in: Option<Duration>,
    /// The granted scopes, separated by spaces. May be fewer than requested. `None` if the server says nothing, or grants
    /// none.
    pub scope: Option<String>,
    /// The refresh token, if there is one: the client may have to ask for the scope `offline_access`.
    pub refresh_token: Option<Secret>,
    /// The ID token, if the scope `openid` was granted. Nobody has checked it yet: see
    /// [`check_id_token`](Self::check_id_token).
    pub id_token: Option<Secret>,
    /// What the claim `nonce` of the ID token must be. Only a code flow with the scope `openid` has one.
    pub nonce: Option<Secret>,
}

impl Tokens {
    /// Checks the ID token: who signed in. It must have the nonce of the sign-in and belong to the access token.
    ///
    /// ```
    /// # async fn example(
    /// #     tokens: ory_sdk::tokens::Tokens, id_tokens: ory_sdk::jwt::IdTokens,
    /// # ) -> Result<(), ory_sdk::jwt::Refusal> {
    /// let person = tokens.check_id_token(&id_tokens).await?;
    /// println!("{} signed in", person.subject());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// For `max_age` and others, use [`IdTokens::check`].
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`] without an ID token, and those of [`IdTokens::check`].
    pub async fn check_id_token(&self, with: &IdTokens) -> Result<IdToken, Refusal> {
        let token = self.id_token.as_ref().ok_or(Refusal::Missing)?;
        let check = IdTokenCheck::new().access_token(self.access_token.clone());
        let check = match &self.nonce {
            Some(nonce) => check.nonce(nonce.clone()),
            // After a refresh it is that of the sign-in, and a device has none. The token came from Hydra itself.
            None => check.any_nonce(),
        };
        with.check(token.expose(), &check).await
    }
}

/// The response of the token endpoint (RFC 6749, section 5.1; OpenID Connect Core, section 3.1.3.3).
#[derive(Deserialize)]
struct Sent {
    access_token: Secret,
    token_type: Option<String>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<Duration>,
    scope: Option<String>,
    refresh_token: Option<Secret>,
    id_token: Option<Secret>,
}

/// Decodes the response of the token endpoint.
pub(super) fn tokens(response: &RawResponse, unreadable: &mut Unreadable) -> Result<Tokens, DecodeFailure> {
    let Sent { access_token, token_type, expires_in, scope, refresh_token, id_token } =
        decode::own_json::<Sent>(response, unreadable)?;
    let wrong = |path: &str, what: String| DecodeFailure { path: path.to_owned(), what, over: None };
    let usable = bearer(&access_token, "`access_token`").and_then(|value| sensitive(value.expose()));
    usable.map_err(|why| wrong("access_token", why))?;
    // A client must not use a token whose type it does not know (RFC 6749, section 7.1).
    let token_type = token_type.filter(|it| !it.is_empty()).unwrap_or_else(|| "bearer".to_owned());
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err(wrong("token_type", "expected `bearer`, found another type".to_owned()));
    }
    let full = |token: Option<Secret>| token.filter(|token| !token.is_empty());
    Ok(Tokens {
        access_token,
        token_type,
        expires_in,
        scope: scope.filter(|scope| !scope.is_empty()),
        refresh_token: full(refresh_token),
        id_token: full(id_token),
        nonce: None,
    })
}

/// Seconds as servers write them: a number, or a text with one. Hydra has negative ones.
pub(super) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let number = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.filter(|number: &f64| !number.is_nan());
    let number = number.ok_or_else(|| serde::de::Error::custom("expected a number of seconds"))?;
    Ok(Some(Duration::try_from_secs_f64(number.max(0.0)).unwrap_or(Duration::MAX)))
}
