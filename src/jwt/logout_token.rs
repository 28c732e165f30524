//! Tokens with which Hydra tells an application that a session has ended.

use std::sync::Arc;

use super::accessors::claims_of;
use super::claims::Claims;
use super::invalid_token::InvalidToken;
use super::key_set::KeySet;
use super::kind::{LOGOUT_EVENT, LOGOUT_TOKEN};
use super::refusal::Refusal;
use super::used::Used;
use super::verifier::{Built, ForClient, Settings, Verifier, VerifierBuilder, now};

/// How old a logout token may be. It has no time at which it expires.
const LONGEST_AGE: i64 = 300;

/// The longest form. A token is at most 16 KiB long.
const LARGEST_FORM: usize = 20 << 10;

/// Checks the logout tokens that Hydra posts to an application (back-channel logout).
///
/// ```
/// # #[cfg(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::jwt::{KeySet, LogoutTokens};
///
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// # let client = ory.client_builder().build()?;
/// # let issuer = ory.url();
/// let tokens = LogoutTokens::builder(&KeySet::of_hydra(&client)?).issuer(issuer).client_id("my-app").build()?;
///
/// # let body = format!("logout_token={}", ory.logout_token().client_id("my-app").claim("sid", "a-session").sign());
/// // The body of a POST to the client's `backchannel_logout_uri`.
/// let logout = tokens.check_form(body.as_bytes()).await?;
/// if let Some(session) = logout.session_id() {
///     println!("forget what was remembered for the session {session}");
/// }
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
/// # fn main() {}
/// ```
///
/// A token is good once (`jti`), for 5 minutes after it was issued. Each process remembers the ones that it saw, at most
/// 10,000; a second use in another process ends a session that has ended already. The feature `axum` has the extractor
/// `BackChannelLogout`.
///
/// Hydra calls an application whose response is a 5xx three times, and all others once. Respond with 200 or 204.
///
/// Source: OpenID Connect Back-Channel Logout, section 2.6.
#[derive(Debug, Clone)]
pub struct LogoutTokens {
    settings: Arc<Settings>,
    used: Arc<Used>,
}

impl LogoutTokens {
    /// Starts to build the checks, with the keys of Hydra.
    ///
    /// ```
    /// # fn example(keys: &ory_sdk::jwt::KeySet) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// use ory_sdk::jwt::LogoutTokens;
    /// let tokens = LogoutTokens::builder(keys).issuer("https://auth.example.org").client_id("my-app").build()?;
    /// # let _ = tokens;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(keys: &KeySet) -> VerifierBuilder<Self> {
        VerifierBuilder::new(keys)
    }

    /// Checks the form that Hydra posted, which has the field `logout_token`. At most 20 KiB are read.
    ///
    /// ```
    /// # async fn example(tokens: &ory_sdk::jwt::LogoutTokens, body: &[u8]) -> Result<(), ory_sdk::jwt::Refusal> {
    /// let logout = tokens.check_form(body).await?;
    /// println!("the session {:?} has ended", logout.session_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As of [`check`](Self::check), and a form without such a field or with two.
    pub async fn check_form(&self, body: &[u8]) -> Result<LogoutToken, Refusal> {
        if body.len() > LARGEST_FORM {
            return Err(InvalidToken::malformed("the form is larger than 20 KiB").into());
        }
        let mut tokens = url::form_urlencoded::parse(body).filter(|(name, _)| name == "logout_token");
        match (tokens.next(), tokens.next()) {
            (Some((_, token)), None) => self.check(&token).await,
            _ => Err(InvalidToken::malformed("expected a form with one field `logout_token`").into()),
        }
    }

    /// Checks a token. Each is good once.
    ///
    /// ```
    /// # async fn example(tokens: &ory_sdk::jwt::LogoutTokens, sent: &str) -> Result<(), ory_sdk::jwt::Refusal> {
    /// let logout = tokens.check(sent).await?;
    /// println!("the session {:?} has ended", logout.session_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] says what is wrong with it. [`Refusal::Unavailable`] if it is unknown, since the keys cannot be
    /// fetched: respond with a 503, and Hydra tries again.
    pub async fn check(&self, token: &str) -> Result<LogoutToken, Refusal> {
        self.check_at(token, now()).await
    }

    pub(super) async fn check_at(&self, token: &str, now: i64) -> Result<LogoutToken, Refusal> {
        let checked = self.settings.check(token, &LOGOUT_TOKEN, false, now).await?;
        let claims = checked.claims;
        let is_logout =
            claims.get("events").is_some_and(|events| events.get(LOGOUT_EVENT).is_some_and(|it| it.is_object()));
        if !is_logout {
            return Err(InvalidToken::claim("events", "does not say that it is a logout").into());
        }
        let issued = claims.seconds("iat")?.ok_or(InvalidToken::claim("iat", "is missing"))?;
        let end = issued.saturating_add(LONGEST_AGE).saturating_add(self.settings.skew);
        if end <= now {
            return Err(InvalidToken::Expired.into());
        }
        let id = claims.required_text("jti")?;
        if !self.used.is_first(id, now, end) {
            return Err(InvalidToken::Replayed.into());
        }
        Ok(LogoutToken::of(claims)?)
    }
}

impl Verifier for LogoutTokens {
    fn of(Built(settings): Built) -> Self {
        Self { settings: Arc::new(settings), used: Arc::default() }
    }

    const AUDIENCE: &'static str = "client_id";
}

impl ForClient for LogoutTokens {}

/// A logout token that was checked: a session has ended.
///
/// ```
/// # fn example(logout: &ory_sdk::jwt::LogoutToken) {
/// match (logout.session_id(), logout.subject()) {
///     (Some(session), _) => println!("end what belongs to the session {session}"),
///     (None, Some(subject)) => println!("end everything of {subject}"),
///     (None, None) => unreachable!("one of them is always there"),
/// }
/// # }
/// ```
///
/// A clone is cheap. `Debug` shows no claim.
#[derive(Clone)]
pub struct LogoutToken {
    claims: Arc<Claims>,
    session_id: Option<String>,
    subject: Option<String>,
}

claims_of!(LogoutToken);

impl LogoutToken {
    fn of(claims: Claims) -> Result<Self, InvalidToken> {
        Ok(Self {
            session_id: claims.text("sid")?.map(str::to_owned),
            subject: claims.text("sub")?.map(str::to_owned),
            claims: Arc::new(claims),
        })
    }

    /// The session that has ended (`sid`): that of the [ID token](super::IdToken::session_id). Hydra always names it.
    ///
    /// ```
    /// # fn example(logout: &ory_sdk::jwt::LogoutToken) {
    /// println!("the session {:?} has ended", logout.session_id());
    /// # }
    /// ```
    pub fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// Whose sessions have ended (`sub`), if the token names somebody. Hydra's do not.
    ///
    /// ```
    /// # fn example(logout: &ory_sdk::jwt::LogoutToken) {
    /// println!("{:?} has signed out", logout.subject());
    /// # }
    /// ```
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }
}
