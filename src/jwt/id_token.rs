//! ID tokens of OpenID Connect.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq;

use super::accessors::claims_of;
use super::algorithm::Algorithm;
use super::claims::Claims;
use super::invalid_token::InvalidToken;
use super::key_set::KeySet;
use super::kind::ID_TOKEN;
use super::refusal::Refusal;
use super::verifier::{Built, ForClient, Settings, Verifier, VerifierBuilder, now};
use crate::crypto::backend::digest;
use crate::privacy::Secret;

/// Checks ID tokens of Hydra: who signed in at your application.
///
/// ```
/// # #[cfg(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::jwt::{IdTokenCheck, IdTokens, KeySet};
///
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// # let client = ory.client_builder().build()?;
/// # let issuer = ory.url();
/// let tokens = IdTokens::builder(&KeySet::of_hydra(&client)?).issuer(issuer).client_id("my-app").build()?;
///
/// # let nonce = "n-0S6_WzA2Mj";
/// # let sent = ory.id_token().subject("ada").client_id("my-app").claim("nonce", nonce).sign();
/// // The nonce of the authorization request, which the application kept.
/// let token = tokens.check(&sent, &IdTokenCheck::new().nonce(nonce)).await?;
/// println!("{} signed in", token.subject());
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
/// # fn main() {}
/// ```
///
/// An ID token says to one application who signed in. It is no access token: a service that gets one as a bearer token
/// must refuse it, which [`AccessTokens`](super::AccessTokens) does.
///
/// Source: OpenID Connect Core, section 3.1.3.7.
#[derive(Debug, Clone)]
pub struct IdTokens {
    settings: Arc<Settings>,
}

/// What an ID token must fit, beside what is always checked: for [`IdTokens::check`].
///
/// ```
/// use std::time::Duration;
///
/// use ory_sdk::jwt::IdTokenCheck;
///
/// # fn example(nonce: &str, access_token: &str) {
/// let check = IdTokenCheck::new().nonce(nonce).access_token(access_token).max_age(Duration::from_secs(3600));
/// # let _ = check;
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct IdTokenCheck {
    nonce: Nonce,
    access_token: Option<Secret>,
    max_age: Option<Duration>,
}

/// What `nonce` must be.
#[derive(Debug, Clone, Default)]
enum Nonce {
    #[default]
    Absent,
    Any,
    Is(Secret),
}

impl IdTokenCheck {
    /// A check of nothing more. A token that has a `nonce` is then refused, since somebody sent one.
    ///
    /// ```
    /// let check = ory_sdk::jwt::IdTokenCheck::new();
    /// # let _ = check;
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the nonce of the authorization request. The token must have the same, so that it cannot be one that was
    /// stolen elsewhere.
    ///
    /// ```
    /// let check = ory_sdk::jwt::IdTokenCheck::new().nonce("n-0S6_WzA2Mj");
    /// # let _ = check;
    /// ```
    pub fn nonce(mut self, nonce: impl Into<Secret>) -> Self {
        self.nonce = Nonce::Is(nonce.into());
        self
    }

    /// Accepts any nonce: for a token that came with a refresh, where it is that of the sign-in or missing.
    ///
    /// ```
    /// let check = ory_sdk::jwt::IdTokenCheck::new().any_nonce();
    /// # let _ = check;
    /// ```
    ///
    /// Only for a token that Hydra itself sent in response to this application, and not for one that a browser brought.
    pub fn any_nonce(mut self) -> Self {
        self.nonce = Nonce::Any;
        self
    }

    /// Sets the access token that came with the ID token. The claim `at_hash` must fit it.
    ///
    /// ```
    /// let check = ory_sdk::jwt::IdTokenCheck::new().access_token("ory_at_secret");
    /// # let _ = check;
    /// ```
    ///
    /// Hydra writes SHA-256 of the token whatever the algorithm of its key. The hash of the algorithm, as the
    /// specification has it, is accepted too.
    pub fn access_token(mut self, token: impl Into<Secret>) -> Self {
        self.access_token = Some(token.into());
        self
    }

    /// Sets how long ago the person may have signed in (`auth_time`), as `max_age` of the authorization request did.
    ///
    /// ```
    /// let check = ory_sdk::jwt::IdTokenCheck::new().max_age(std::time::Duration::from_secs(600));
    /// # let _ = check;
    /// ```
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }
}

impl IdTokens {
    /// Starts to build the checks, with the keys of Hydra.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// use ory_sdk::jwt::IdTokens;
    /// let tokens = IdTokens::builder(keys).issuer("https://auth.example.org").client_id("my-app").build()?;
    /// # let _ = tokens;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(keys: &KeySet) -> VerifierBuilder<Self> {
        VerifierBuilder::new(keys)
    }

    /// Checks a token.
    ///
    /// ```
    /// use ory_sdk::jwt::{IdTokenCheck, IdTokens, Refusal};
    ///
    /// # async fn example(tokens: &IdTokens, sent: &str, nonce: &str) -> Result<(), Refusal> {
    /// let token = tokens.check(sent, &IdTokenCheck::new().nonce(nonce)).await?;
    /// println!("{} signed in at {:?}", token.subject(), token.signed_in_at());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] says what is wrong with it. [`Refusal::Unavailable`] if it is unknown, since the keys cannot be
    /// fetched.
    pub async fn check(&self, token: &str, check: &IdTokenCheck) -> Result<IdToken, Refusal> {
        self.check_at(token, check, now()).await
    }

    pub(super) async fn check_at(&self, token: &str, check: &IdTokenCheck, now: i64) -> Result<IdToken, Refusal> {
        let checked = self.settings.check(token, &ID_TOKEN, true, now).await?;
        let claims = checked.claims;
        self.check_party(&claims)?;
        check_nonce(&claims, &check.nonce)?;
        if let Some(token) = &check.access_token {
            check_hash(&claims, token, checked.algorithm)?;
        }
        if let Some(age) = check.max_age {
            let signed_in = claims.seconds("auth_time")?.ok_or(InvalidToken::claim("auth_time", "is missing"))?;
            let age = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
            if signed_in.saturating_add(age).saturating_add(self.settings.skew) < now {
                return Err(InvalidToken::Expired.into());
            }
        }
        Ok(IdToken::of(claims)?)
    }

    /// Checks for whom the token was issued, if it names several (OpenID Connect Core, section 3.1.3.7, steps 4 and 5).
    fn check_party(&self, claims: &Claims) -> Result<(), InvalidToken> {
        let allowed = self.settings.audience.allowed();
        match claims.text("azp")? {
            Some(party) if !allowed.iter().any(|id| id == party) => Err(InvalidToken::Audience),
            None if claims.texts("aud")?.len() > 1 => {
                Err(InvalidToken::claim("azp", "is missing, with several audiences"))
            }
            _ => Ok(()),
        }
    }
}

fn check_nonce(claims: &Claims, expected: &Nonce) -> Result<(), InvalidToken> {
    match (claims.text("nonce")?, expected) {
        (None, Nonce::Absent) | (_, Nonce::Any) => Ok(()),
        (Some(_), Nonce::Absent) => Err(InvalidToken::claim("nonce", "is there, but none is expected")),
        (None, Nonce::Is(_)) => Err(InvalidToken::claim("nonce", "is missing")),
        (Some(found), Nonce::Is(expected)) if bool::from(found.as_bytes().ct_eq(expected.expose().as_bytes())) => {
            Ok(())
        }
        (Some(_), Nonce::Is(_)) => Err(InvalidToken::claim("nonce", "is not the expected one")),
    }
}

/// Compares the left half of a hash of the access token (OpenID Connect Core, section 3.1.3.6).
fn check_hash(claims: &Claims, token: &Secret, algorithm: Algorithm) -> Result<(), InvalidToken> {
    let found = claims.required_text("at_hash")?;
    let fits = |hash: &'static digest::Algorithm| {
        let hash = digest::digest(hash, token.expose().as_bytes());
        let half = hash.as_ref().split_at(hash.as_ref().len() / 2).0;
        BASE64.encode(half) == found
    };
    let is_right = fits(algorithm.hash()) || fits(&digest::SHA256);
    if is_right { Ok(()) } else { Err(InvalidToken::claim("at_hash", "does not fit the access token")) }
}

impl Verifier for IdTokens {
    fn of(Built(settings): Built) -> Self {
        Self { settings: Arc::new(settings) }
    }

    const AUDIENCE: &'static str = "client_id";
}

impl ForClient for IdTokens {}

/// An ID token that was checked.
///
/// ```
/// # fn example(token: &ory_sdk::jwt::IdToken) {
/// let email = token.claim("email").and_then(|email| email.as_str());
/// println!("{} with {email:?}", token.subject());
/// # }
/// ```
///
/// Its other claims are those that the consent app set (`session.id_token`). A clone is cheap. `Debug` shows no claim.
#[derive(Clone)]
pub struct IdToken {
    claims: Arc<Claims>,
    subject: String,
    session_id: Option<String>,
    signed_in_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

claims_of!(IdToken);

impl IdToken {
    fn of(claims: Claims) -> Result<Self, InvalidToken> {
        Ok(Self {
            subject: claims.required_text("sub")?.to_owned(),
            session_id: claims.text("sid")?.map(str::to_owned),
            signed_in_at: claims.time("auth_time")?,
            expires_at: claims.time("exp")?.ok_or(InvalidToken::claim("exp", "is missing"))?,
            claims: Arc::new(claims),
        })
    }

    /// Who signed in (`sub`).
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::IdToken) {
    /// println!("hello {}", token.subject());
    /// # }
    /// ```
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The session of Hydra (`sid`), which a [logout token](super::LogoutToken) names when it ends.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::IdToken) {
    /// // Kept with the application's own session.
    /// let session = token.session_id().map(str::to_owned);
    /// # let _ = session;
    /// # }
    /// ```
    pub fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// When the person signed in (`auth_time`).
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::IdToken) {
    /// println!("signed in at {:?}", token.signed_in_at());
    /// # }
    /// ```
    pub fn signed_in_at(&self) -> Option<DateTime<Utc>> {
        self.signed_in_at
    }

    /// When the token expires. The application's own session may last longer.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::IdToken) {
    /// println!("until {}", token.expires_at());
    /// # }
    /// ```
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }
}
