//! Both kinds of access tokens, in the header of a request.

use http::{HeaderMap, header};

use super::access_token::{AccessToken, AccessTokens};
use super::introspection::Introspection;
use super::invalid_token::InvalidToken;
use super::refusal::Refusal;

/// What every opaque access token of Hydra begins with.
const OPAQUE: &str = "ory_at_";

/// Checks the bearer token of a request: a JSON Web Token here, an opaque one by asking Hydra.
///
/// ```
/// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
/// use std::time::Duration;
///
/// use ory_sdk::jwt::{AccessTokens, Bearers, Introspection, KeySet};
///
/// const API: &str = "https://api.example.org";
///
/// let jwt = AccessTokens::builder(&KeySet::of_hydra(client)?).issuer("https://auth.example.org").audience(API).build()?;
/// let opaque = Introspection::builder(client).audience(API).max_age(Duration::from_secs(10)).build()?;
///
/// let bearers = Bearers::of(jwt).and(opaque);
/// # let _ = bearers;
/// # Ok(())
/// # }
/// ```
///
/// A token that begins with `ory_at_` is opaque, and every other one is taken for a JSON Web Token. So made-up tokens of
/// another form cause no call. The token comes in the `Authorization` header only, never in a query or a form, where it
/// would end up in logs.
///
/// A clone is cheap. For axum, the extractor `Bearer` takes it from the router's state.
///
/// Source: RFC 6750, section 2.1.
#[derive(Debug, Clone)]
pub struct Bearers {
    jwt: Option<AccessTokens>,
    opaque: Option<Introspection>,
}

impl From<AccessTokens> for Bearers {
    fn from(jwt: AccessTokens) -> Self {
        Self { jwt: Some(jwt), opaque: None }
    }
}

impl From<Introspection> for Bearers {
    fn from(opaque: Introspection) -> Self {
        Self { jwt: None, opaque: Some(opaque) }
    }
}

impl Bearers {
    /// Checks of one kind: [`AccessTokens`] or [`Introspection`].
    ///
    /// ```
    /// # fn example(opaque: ory_sdk::jwt::Introspection) {
    /// let bearers = ory_sdk::jwt::Bearers::of(opaque);
    /// # let _ = bearers;
    /// # }
    /// ```
    pub fn of(tokens: impl Into<Self>) -> Self {
        tokens.into()
    }

    /// Adds the other kind. Of the same kind, the last one counts.
    ///
    /// ```
    /// # fn example(jwt: ory_sdk::jwt::AccessTokens, opaque: ory_sdk::jwt::Introspection) {
    /// let bearers = ory_sdk::jwt::Bearers::of(jwt).and(opaque);
    /// # let _ = bearers;
    /// # }
    /// ```
    #[must_use]
    pub fn and(self, tokens: impl Into<Self>) -> Self {
        let more = tokens.into();
        Self { jwt: more.jwt.or(self.jwt), opaque: more.opaque.or(self.opaque) }
    }

    /// Checks the bearer token in the headers of a request.
    ///
    /// ```
    /// use ory_sdk::jwt::{Bearers, Refusal};
    ///
    /// # async fn example(bearers: &Bearers, headers: &http::HeaderMap) -> Result<(), Refusal> {
    /// let token = bearers.check(headers).await?;
    /// token.require_scope("orders.read")?;
    /// println!("the orders of {}", token.subject());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`] without an `Authorization` header or with one of another scheme; [`Refusal::Invalid`];
    /// [`Refusal::Unavailable`].
    pub async fn check(&self, headers: &HeaderMap) -> Result<AccessToken, Refusal> {
        self.check_token(bearer(headers)?).await
    }

    /// Checks a token from elsewhere, such as the first message of a websocket.
    ///
    /// ```
    /// # async fn example(bearers: &ory_sdk::jwt::Bearers, sent: &str) -> Result<(), ory_sdk::jwt::Refusal> {
    /// let token = bearers.check_token(sent).await?;
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As of [`check`](Self::check).
    pub async fn check_token(&self, token: &str) -> Result<AccessToken, Refusal> {
        if token.starts_with(OPAQUE) {
            let unsupported = InvalidToken::malformed("opaque tokens are not accepted here");
            return self.opaque.as_ref().ok_or(unsupported)?.check(token).await;
        }
        let unsupported = InvalidToken::malformed("expected a token that begins with `ory_at_`");
        self.jwt.as_ref().ok_or(unsupported)?.check(token).await
    }
}

/// The token of an `Authorization` header (RFC 6750, section 2.1). The scheme may have capitals.
fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let Some(line) = lines.next() else { return Err(Refusal::Missing) };
    if lines.next().is_some() {
        return Err(InvalidToken::malformed("the request has several `Authorization` headers").into());
    }
    let text = line.to_str().map_err(|_| InvalidToken::malformed("the `Authorization` header is not a text"))?;
    let Some((scheme, token)) = text.split_once(' ') else { return Err(Refusal::Missing) };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::Missing);
    }
    let token = token.trim();
    if token.is_empty() { Err(Refusal::Missing) } else { Ok(token) }
}
