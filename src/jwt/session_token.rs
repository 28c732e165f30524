//! Sessions that Kratos turned into tokens.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::accessors::claims_of;
use super::claims::Claims;
use super::invalid_token::InvalidToken;
use super::key_set::KeySet;
use super::kind::SESSION_TOKEN;
use super::refusal::Refusal;
use super::verifier::{Built, ForService, Settings, Verifier, VerifierBuilder, now};

/// Checks sessions that Kratos turned into JSON Web Tokens (`toSession` with `tokenize_as`).
///
/// ```
/// # #[cfg(all(feature = "testing", feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::jwt::{KeySet, SessionTokens};
///
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// # ory.tokenizer("app", std::time::Duration::from_secs(60));
/// # let client = ory.client_builder().build()?;
/// # let (issuer, public_keys) = (ory.url(), ory.tokenizer_keys().to_string());
/// # let token = ory.sign_in("ada@example.org").token().to_owned();
/// // Where the session is, for example in the service that browsers reach:
/// let session = client.with_session_token(token).to_session().tokenize_as("app").await?;
/// let tokenized = session.tokenized.as_ref().ok_or("no token")?;
///
/// // In every service behind it, without a call:
/// let tokens = SessionTokens::builder(&KeySet::from_json(&public_keys)?).issuer(issuer).any_audience().build()?;
/// let session = tokens.check(tokenized.expose()).await?;
/// println!("{} in the session {}", session.subject(), session.session_id());
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "testing", feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
/// # fn main() {}
/// ```
///
/// Kratos publishes no keys for them: the template names a key set with the private keys (`jwks_url`), and you hand its public
/// part to your services. A template needs a `ttl`, without which tokens of Kratos 1.3 to 26.2 expire at once.
///
/// A session that ends is noticed when the token expires. Keep its lifetime at a minute or so.
///
/// Source: Ory's operation `toSession`, `tokenize_as`.
#[derive(Debug, Clone)]
pub struct SessionTokens {
    settings: Arc<Settings>,
}

impl SessionTokens {
    /// Starts to build the checks, with the public keys of the template.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// use ory_sdk::jwt::SessionTokens;
    /// let tokens = SessionTokens::builder(keys).issuer("https://id.example.org").any_audience().build()?;
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
    /// # async fn example(tokens: &ory_sdk::jwt::SessionTokens, sent: &str) -> Result<(), ory_sdk::jwt::Refusal> {
    /// let session = tokens.check(sent).await?;
    /// println!("{} is signed in", session.subject());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] says what is wrong with it. [`Refusal::Unavailable`] if it is unknown, since the keys cannot be
    /// fetched.
    pub async fn check(&self, token: &str) -> Result<SessionToken, Refusal> {
        self.check_at(token, now()).await
    }

    pub(super) async fn check_at(&self, token: &str, now: i64) -> Result<SessionToken, Refusal> {
        let checked = self.settings.check(token, &SESSION_TOKEN, true, now).await?;
        Ok(SessionToken::of(checked.claims)?)
    }
}

impl Verifier for SessionTokens {
    fn of(Built(settings): Built) -> Self {
        Self { settings: Arc::new(settings) }
    }

    const AUDIENCE: &'static str = "audience";
}

impl ForService for SessionTokens {}

/// A tokenized session that was checked.
///
/// ```
/// # fn example(session: &ory_sdk::jwt::SessionToken) {
/// println!("{} with {:?}", session.subject(), session.claim("aal"));
/// # }
/// ```
///
/// Its other claims are those of the template's mapper. A clone is cheap. `Debug` shows no claim.
#[derive(Clone)]
pub struct SessionToken {
    claims: Arc<Claims>,
    subject: String,
    session_id: Uuid,
    expires_at: DateTime<Utc>,
}

claims_of!(SessionToken);

impl SessionToken {
    fn of(claims: Claims) -> Result<Self, InvalidToken> {
        let session_id = claims.required_text("sid")?.parse();
        Ok(Self {
            subject: claims.required_text("sub")?.to_owned(),
            session_id: session_id.map_err(|_| InvalidToken::claim("sid", "is not a UUID"))?,
            expires_at: claims.time("exp")?.ok_or(InvalidToken::claim("exp", "is missing"))?,
            claims: Arc::new(claims),
        })
    }

    /// Who is signed in (`sub`): the id of the identity, or its external id if the template has
    /// `subject_source: external_id`.
    ///
    /// ```
    /// # fn example(session: &ory_sdk::jwt::SessionToken) {
    /// let identity = session.subject().parse::<ory_sdk::uuid::Uuid>();
    /// # let _ = identity;
    /// # }
    /// ```
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The session (`sid`).
    ///
    /// ```
    /// # fn example(session: &ory_sdk::jwt::SessionToken) {
    /// println!("session {}", session.session_id());
    /// # }
    /// ```
    pub fn session_id(&self) -> Uuid {
        self.session_id
    }

    /// When the token expires. The session may end before.
    ///
    /// ```
    /// # fn example(session: &ory_sdk::jwt::SessionToken) {
    /// println!("until {}", session.expires_at());
    /// # }
    /// ```
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }
}
