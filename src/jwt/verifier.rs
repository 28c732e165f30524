//! What all verifiers share: their settings, and the checks that every token must pass.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use chrono::Utc;

use super::algorithm::Algorithm;
use super::audience::Audience;
use super::claims::Claims;
use super::invalid_token::InvalidToken;
use super::jws::Jws;
use super::key_set::KeySet;
use super::kind::Kind;
use super::refusal::Refusal;
use crate::input::InvalidSetting;

/// By how much clocks may differ.
const SKEW: Duration = Duration::from_secs(30);

/// More would make tokens good long after they expired.
const MOST_SKEW: Duration = Duration::from_secs(300);

/// The settings of a verifier.
#[derive(Clone)]
pub(super) struct Settings {
    keys: KeySet,
    issuer: String,
    pub(super) audience: Audience,
    algorithms: Vec<Algorithm>,
    pub(super) skew: i64,
}

/// A token that passed all checks.
pub(super) struct Checked {
    pub(super) claims: Claims,
    pub(super) algorithm: Algorithm,
}

impl Settings {
    /// Checks a token of a kind at `now`.
    ///
    /// Its claims come before its signature: a token of another issuer, or one that has expired, must not cause a fetch of
    /// keys. All of it must hold.
    pub(super) async fn check(&self, token: &str, kind: &Kind, needs_end: bool, now: i64) -> Result<Checked, Refusal> {
        let token = Jws::parse(token)?;
        if !self.algorithms.contains(&token.algorithm) {
            return Err(
                InvalidToken::Algorithm { why: "the algorithm of the token is not among the allowed ones" }.into()
            );
        }
        let claims = Claims::of(token.claims()?);
        kind.check(token.typ.as_deref(), &claims.0)?;
        claims.check_issuer(&self.issuer)?;
        claims.check_times(now, self.skew, needs_end)?;
        self.audience.check(&claims.texts("aud")?)?;
        self.keys.verify(&token, claims.seconds("iat")?).await?;
        Ok(Checked { claims, algorithm: token.algorithm })
    }
}

/// The present time, in seconds.
pub(super) fn now() -> i64 {
    Utc::now().timestamp()
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("keys", &self.keys)
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

/// Collects the settings of a verifier `V`. [`build`](Self::build) checks them all.
///
/// ```
/// use ory_sdk::jwt::{AccessTokens, Algorithm, KeySet};
///
/// # fn example(keys: &KeySet) -> Result<(), ory_sdk::error::InvalidSetting> {
/// let tokens = AccessTokens::builder(keys)
///     .issuer("https://auth.example.org")
///     .audience("https://api.example.org")
///     .algorithms([Algorithm::Rs256, Algorithm::Es256])
///     .build()?;
/// # let _ = tokens;
/// # Ok(())
/// # }
/// ```
///
/// | setting | default |
/// | --- | --- |
/// | [`issuer`](Self::issuer) | none: it must be set |
/// | [`audience`](VerifierBuilder::audience), [`client_id`](VerifierBuilder::client_id) | none: it must be set |
/// | [`algorithms`](Self::algorithms) | [all](Algorithm::ALL) |
/// | [`clock_skew`](Self::clock_skew) | 30 seconds |
#[must_use = "it does nothing before `build`"]
pub struct VerifierBuilder<V> {
    keys: KeySet,
    issuer: Option<String>,
    audience: Vec<String>,
    any_audience: bool,
    algorithms: Vec<Algorithm>,
    skew: Duration,
    verifier: PhantomData<fn() -> V>,
}

/// What a builder makes. Only this crate has such types.
pub trait Verifier: Sized {
    /// Makes it of settings that were checked.
    #[doc(hidden)]
    fn of(settings: Built) -> Self;

    /// The setting that says whom a token must be for.
    #[doc(hidden)]
    const AUDIENCE: &'static str;
}

/// Settings that were checked.
#[doc(hidden)]
#[derive(Debug)]
pub struct Built(pub(super) Settings);

/// Verifiers of tokens whose audience is a service.
pub trait ForService: Verifier {}

/// Verifiers of tokens whose audience is an OAuth2 client.
pub trait ForClient: Verifier {}

impl<V: Verifier> VerifierBuilder<V> {
    pub(super) fn new(keys: &KeySet) -> Self {
        Self {
            keys: keys.clone(),
            issuer: None,
            audience: Vec::new(),
            any_audience: false,
            algorithms: Algorithm::ALL.to_vec(),
            skew: SKEW,
            verifier: PhantomData,
        }
    }

    /// Sets who must have issued the token (`iss`). A slash at its end does not matter. Required.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) {
    /// let builder = ory_sdk::jwt::AccessTokens::builder(keys).issuer("https://auth.example.org/");
    /// # let _ = builder;
    /// # }
    /// ```
    ///
    /// For Hydra it is `urls.self.issuer` of its configuration, for tokenized sessions the public URL of Kratos
    /// (`serve.public.base_url`) unless the template's mapper sets another one.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Sets the algorithms with which tokens may be signed. A key allows only its own, whatever is allowed here.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) {
    /// use ory_sdk::jwt::{AccessTokens, Algorithm};
    /// let builder = AccessTokens::builder(keys).algorithms([Algorithm::Es256]);
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Sets by how much the clocks of this service and the issuer may differ. At most 5 minutes.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) {
    /// use std::time::Duration;
    /// let builder = ory_sdk::jwt::AccessTokens::builder(keys).clock_skew(Duration::ZERO);
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn clock_skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// The issuer or the audience is missing or empty, no algorithm is allowed, or the clock skew is more than 5 minutes.
    /// The error names the setting.
    pub fn build(self) -> Result<V, InvalidSetting> {
        let Self { keys, issuer, audience, any_audience, algorithms, skew, verifier: _ } = self;
        let wrong = |why: String| Err(InvalidSetting::new(why));
        let Some(issuer) = issuer.filter(|issuer| !issuer.is_empty()) else {
            return wrong("`issuer` is missing: set who must have issued the tokens".into());
        };
        let audience = Audience::of(V::AUDIENCE, audience, any_audience)?;
        if algorithms.is_empty() {
            return wrong("`algorithms` is empty, so that no token could be good".into());
        }
        if skew > MOST_SKEW {
            return wrong(format!("`clock_skew`: expected at most 5 minutes, not {skew:?}"));
        }
        let skew = i64::try_from(skew.as_secs()).unwrap_or(i64::MAX);
        Ok(V::of(Built(Settings { keys, issuer, audience, algorithms, skew })))
    }
}

impl<V: ForService> VerifierBuilder<V> {
    /// Adds a service that tokens may be for (`aud`). One of them is enough. Required, unless any audience is allowed.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) {
    /// let builder = ory_sdk::jwt::AccessTokens::builder(keys).audience("https://api.example.org");
    /// # let _ = builder;
    /// # }
    /// ```
    ///
    /// A client asks for it (`audience` of the authorization or token request), and its registration must allow it.
    /// Without a check, a token that a client got for another service would be good here too.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience.push(audience.into());
        self
    }

    /// Accepts tokens for any audience, and without one.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) {
    /// let builder = ory_sdk::jwt::SessionTokens::builder(keys).any_audience();
    /// # let _ = builder;
    /// # }
    /// ```
    ///
    /// Only for a single service: every service that gets such a token could use it at the others. Hydra's access tokens
    /// have no audience unless the client asks for one, and tokenized sessions have none unless the mapper sets it.
    pub fn any_audience(mut self) -> Self {
        self.any_audience = true;
        self
    }
}

impl<V: ForClient> VerifierBuilder<V> {
    /// Sets the OAuth2 client that the token must be for (`aud`): your application. May be called several times. Required.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) {
    /// let builder = ory_sdk::jwt::IdTokens::builder(keys).client_id("my-app");
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.audience.push(id.into());
        self
    }
}

impl<V> fmt::Debug for VerifierBuilder<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifierBuilder")
            .field("keys", &self.keys)
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}
