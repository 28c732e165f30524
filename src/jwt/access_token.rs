//! Access tokens that Hydra signed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::accessors::claims_of;
use super::claims::Claims;
use super::invalid_token::InvalidToken;
use super::key_set::KeySet;
use super::kind::ACCESS_TOKEN;
use super::refusal::Refusal;
use super::verifier::{Built, ForService, Settings, Verifier, VerifierBuilder, now};

/// Checks access tokens of Hydra that are JSON Web Tokens (`strategies.access_token: jwt`).
///
/// ```
/// # #[cfg(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::jwt::{AccessTokens, KeySet, Refusal};
///
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// # let client = ory.client_builder().build()?;
/// # let issuer = ory.url();
/// let keys = KeySet::of_hydra(&client)?;
/// let tokens = AccessTokens::builder(&keys).issuer(issuer).audience("https://api.example.org").build()?;
///
/// # let sent = ory.access_token().subject("ada").audience(["https://api.example.org"]).scope(["read"]).sign();
/// let token = tokens.check(&sent).await?;
/// println!("{} may {:?}", token.subject(), token.scopes());
/// token.require_scope("read")?;
///
/// // An ID token is none, although it is signed with a key of the same set.
/// # let id_token = ory.id_token().audience(["https://api.example.org"]).sign();
/// assert!(matches!(tokens.check(&id_token).await, Err(Refusal::Invalid(_))));
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
/// # fn main() {}
/// ```
///
/// A token is good if it is signed with a key of the set, by an allowed algorithm that is the key's own; if issuer and
/// audience are right; if it has not expired; and if it has the claims of an access token (`client_id`, and `scp` or
/// `scope`) and none of an ID token or logout token. Its `typ` may be `JWT`, which is what Hydra writes, or `at+jwt`
/// (RFC 9068).
///
/// No call is made for it, so a token that was revoked is good until it expires. Keep the lifetime short (`ttl.access_token`),
/// or let Hydra check each token: [`Introspection`](super::Introspection).
///
/// Source: RFC 9068, section 4, as far as Hydra follows it.
#[derive(Debug, Clone)]
pub struct AccessTokens {
    settings: Arc<Settings>,
}

impl AccessTokens {
    /// Starts to build the checks, with the keys of Hydra.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// use ory_sdk::jwt::AccessTokens;
    /// let tokens = AccessTokens::builder(keys).issuer("https://auth.example.org").any_audience().build()?;
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
    /// # async fn example(tokens: &ory_sdk::jwt::AccessTokens, sent: &str) -> Result<(), ory_sdk::jwt::Refusal> {
    /// let token = tokens.check(sent).await?;
    /// println!("{} of the client {}", token.subject(), token.client_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] says what is wrong with it. [`Refusal::Unavailable`] if it is unknown, since the keys cannot be
    /// fetched.
    pub async fn check(&self, token: &str) -> Result<AccessToken, Refusal> {
        self.check_at(token, now()).await
    }

    pub(super) async fn check_at(&self, token: &str, now: i64) -> Result<AccessToken, Refusal> {
        let checked = self.settings.check(token, &ACCESS_TOKEN, true, now).await?;
        Ok(AccessToken::of(checked.claims)?)
    }
}

impl Verifier for AccessTokens {
    fn of(Built(settings): Built) -> Self {
        Self { settings: Arc::new(settings) }
    }

    const AUDIENCE: &'static str = "audience";
}

impl ForService for AccessTokens {}

/// An access token that was checked, by its signature or by introspection.
///
/// ```
/// # fn example(token: &ory_sdk::jwt::AccessToken) -> Result<(), ory_sdk::jwt::Refusal> {
/// token.require_scope("photos.read")?;
/// println!("the photos of {}", token.subject());
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap. `Debug` shows no claim.
#[derive(Clone)]
pub struct AccessToken {
    claims: Arc<Claims>,
    facts: Arc<Facts>,
}

/// What the claims say, read.
struct Facts {
    subject: String,
    client_id: String,
    scopes: Vec<String>,
    audience: Vec<String>,
    expires_at: Option<DateTime<Utc>>,
}

claims_of!(AccessToken);

impl AccessToken {
    pub(super) fn of(claims: Claims) -> Result<Self, InvalidToken> {
        let facts = Facts {
            // A token for client credentials may have none, or that of the client.
            subject: claims.text("sub")?.unwrap_or_default().to_owned(),
            client_id: claims.required_text("client_id")?.to_owned(),
            scopes: claims.scopes()?,
            audience: claims.texts("aud")?,
            expires_at: claims.time("exp")?,
        };
        Ok(Self { claims: Arc::new(claims), facts: Arc::new(facts) })
    }

    /// Whose token it is (`sub`): what the login app accepted as the subject, usually the id of the identity. For client
    /// credentials it is the client id.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::AccessToken) {
    /// println!("the orders of {}", token.subject());
    /// # }
    /// ```
    pub fn subject(&self) -> &str {
        &self.facts.subject
    }

    /// The client that got the token.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::AccessToken) {
    /// println!("by the application {}", token.client_id());
    /// # }
    /// ```
    pub fn client_id(&self) -> &str {
        &self.facts.client_id
    }

    /// Whether the client acts for itself, without a person (client credentials).
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::AccessToken) {
    /// let actor = if token.is_of_client() { "a service" } else { "a person" };
    /// # let _ = actor;
    /// # }
    /// ```
    pub fn is_of_client(&self) -> bool {
        self.facts.subject == self.facts.client_id || self.facts.subject.is_empty()
    }

    /// What the token allows.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::AccessToken) {
    /// println!("scopes: {}", token.scopes().join(" "));
    /// # }
    /// ```
    pub fn scopes(&self) -> &[String] {
        &self.facts.scopes
    }

    /// Whether the token has this scope, letter for letter.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::AccessToken) -> bool {
    /// token.has_scope("orders.write")
    /// # }
    /// ```
    pub fn has_scope(&self, scope: &str) -> bool {
        self.facts.scopes.iter().any(|known| known == scope)
    }

    /// Refuses a token without this scope.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::AccessToken) -> Result<(), ory_sdk::jwt::Refusal> {
    /// token.require_scope("orders.write")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal::InsufficientScope`], which is a 403 (RFC 6750, section 3.1).
    pub fn require_scope(&self, scope: &str) -> Result<(), Refusal> {
        if self.has_scope(scope) { Ok(()) } else { Err(Refusal::InsufficientScope { scope: scope.to_owned() }) }
    }

    /// Which services the token is for.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::AccessToken) {
    /// println!("good at {}", token.audience().join(", "));
    /// # }
    /// ```
    pub fn audience(&self) -> &[String] {
        &self.facts.audience
    }

    /// When the token expires. A token that was checked by its signature always says so.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::AccessToken) {
    /// println!("until {:?}", token.expires_at());
    /// # }
    /// ```
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.facts.expires_at
    }

    /// The claims that the consent app or a token hook added (`session.access_token`), if Hydra keeps them in `ext`.
    ///
    /// ```
    /// # fn example(token: &ory_sdk::jwt::AccessToken) {
    /// let tenant = token.ext().and_then(|ext| ext.get("tenant")).and_then(|tenant| tenant.as_i64());
    /// # let _ = tenant;
    /// # }
    /// ```
    ///
    /// Hydra writes whole numbers from a million on as `1e+06`. Here they are integers up to 2^53; larger ones lose digits
    /// in Hydra, so let it issue them as texts.
    ///
    /// With `mirror_top_level_claims: false` there is no `ext`, and [`claim`](Self::claim) has those of
    /// `allowed_top_level_claims`.
    pub fn ext(&self) -> Option<&Map<String, Value>> {
        self.claim("ext")?.as_object()
    }
}
