//! Tokens of a service for itself.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderValue;
use tokio::time::Instant;

use super::client_credentials_builder::ClientCredentialsBuilder;
use super::error::TokenError;
use super::header::authorization;
use super::kept::{Found, Kept};
use super::oauth2_client::OAuth2Client;
use crate::client::Client;
use crate::contract::Repeat;
use crate::credentials::{TokenFuture, TokenProvider};
use crate::platform::SingleFlight;
use crate::privacy::Secret;

/// How often a call waits for a request whose runtime may end.
const TRIES: usize = 3;

/// Access tokens of a service for itself, by its id and secret (`client_credentials`; RFC 6749, section 4.4).
///
/// ```
/// # #[cfg(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::tokens::ClientCredentials;
///
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// # let client = ory.client_builder().build()?;
/// # let made = client.admin_create_oauth2_client().body_map(|body| {
/// #     body.grant_types(["client_credentials"]).scope("read")
/// # }).await?.into_body();
/// # let (id, secret) = (made.client_id.ok_or("no id")?, made.client_secret.ok_or("no secret")?);
/// let tokens = ClientCredentials::builder(&client).client_id(id).client_secret(secret).scope(["read"]).build()?;
///
/// let first = tokens.token().await?;
/// assert!(tokens.token().await? == first, "it is kept");
///
/// let request = reqwest::Client::new().get("http://127.0.0.1:1/").header("authorization", tokens.authorization().await?);
/// # let _ = request;
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
/// # fn main() {}
/// ```
///
/// A clone is cheap and shares the token. `Debug` shows neither token nor secret. It is a [`TokenProvider`] for
/// [`ClientBuilder::access_token_provider`](crate::ClientBuilder::access_token_provider), and [`BearerLayer`](super::BearerLayer)
/// puts its token into the requests of other HTTP clients.
///
/// # When it asks Hydra
///
/// | the token | a call |
/// | --- | --- |
/// | is new | gets it, and nothing is sent |
/// | is in the window at the end of its life: a tenth of it, but at least 30 seconds | gets it at once; one request for another token begins in the background |
/// | has less than 5 seconds left, or there is none | waits for the request for another one |
///
/// - At most one request is under way, whoever waits for it. Whoever began it may go away, and the others still get the token.
/// - The beginning of the window varies by up to a tenth of the window, so that processes which start together do not ask
///   together. Of a life below a minute the window is the second half, and the last tenth is not used.
/// - All who wait share an error. For a second after it, or for as long as the server asks (at most a minute), calls get
///   the same error and nothing is sent. A token that is still good is handed out meanwhile.
/// - After a server refused the token (401), the next call asks for another one, at most once a second.
/// - A token without `expires_in` is kept for a minute, one that is over when it comes (`0`, `-1`) is not kept, and any is
///   replaced after a day.
///
/// Scope and audience are part of the settings: a service that needs two of them builds two.
#[derive(Clone)]
pub struct ClientCredentials {
    pub(super) store: Arc<Store>,
}

/// What all clones share.
pub(super) struct Store {
    pub(super) oauth2: OAuth2Client,
    pub(super) scope: String,
    pub(super) audience: String,
    pub(super) kept: Mutex<Kept>,
    pub(super) flights: SingleFlight<(), Result<Secret, TokenError>>,
}

impl ClientCredentials {
    /// Starts to build a source of tokens. It uses the connections and settings of `client`, but nobody's credential.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let tokens = ory_sdk::tokens::ClientCredentials::builder(client).client_id("reports").client_secret("..").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(client: &Client) -> ClientCredentialsBuilder {
        ClientCredentialsBuilder::new(client.clone())
    }

    /// Returns an access token: the one that is kept, or another one.
    ///
    /// ```
    /// # async fn example(tokens: ory_sdk::tokens::ClientCredentials) -> Result<(), ory_sdk::tokens::TokenError> {
    /// let token = tokens.token().await?;
    /// println!("a token of {} bytes", token.expose().len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: Ory's operation `oauth2TokenExchange`.
    ///
    /// # Errors
    ///
    /// See [`TokenError`]: `Refused` for a wrong secret, scope or audience, `Unavailable` while Hydra cannot be reached.
    pub async fn token(&self) -> Result<Secret, TokenError> {
        self.store.token(None).await
    }

    /// Returns another token than `refused`, which a server responded to with 401.
    ///
    /// ```
    /// # async fn example(tokens: ory_sdk::tokens::ClientCredentials) -> Result<(), ory_sdk::tokens::TokenError> {
    /// let token = tokens.token().await?;
    /// // A service responds to it with 401:
    /// let other = tokens.token_after(&token).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// If somebody asked for another one already, it returns that. If the last such request was less than a second ago, it
    /// returns what is kept, even the same token: a service that refuses every token must not make every call ask for one.
    ///
    /// # Errors
    ///
    /// As for [`token`](Self::token).
    pub async fn token_after(&self, refused: &Secret) -> Result<Secret, TokenError> {
        self.store.token(Some(refused)).await
    }

    /// Returns the value of an `Authorization` header with the token, marked as sensitive, for an HTTP client of your own.
    ///
    /// ```
    /// # async fn example(tokens: ory_sdk::tokens::ClientCredentials) -> Result<(), Box<dyn std::error::Error>> {
    /// let value = tokens.authorization().await?;
    /// let response = reqwest::Client::new().get("https://stock.example.org/items").header("authorization", value).send().await?;
    /// println!("{}", response.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`token`](Self::token).
    pub async fn authorization(&self) -> Result<HeaderValue, TokenError> {
        authorization(&self.token().await?)
    }
}

impl Store {
    async fn token(self: &Arc<Self>, refused: Option<&Secret>) -> Result<Secret, TokenError> {
        for _ in 0..TRIES {
            let now = Instant::now();
            let (found, failure) = {
                let mut kept = self.kept();
                if let Some(refused) = refused {
                    kept.refuse(refused, now);
                }
                (kept.find(now), kept.failure(now))
            };
            let rest = match (found, failure) {
                (Found::Good(token), _) | (Found::Due(token), Some(_)) => return Ok(token),
                (Found::Due(token), None) => {
                    self.flights.start((), || Arc::clone(self).ask());
                    return Ok(token);
                }
                (Found::Refused(token), _) => Some(token),
                (Found::Nothing, Some(error)) => return Err(error),
                (Found::Nothing, None) => None,
            };
            match (self.flights.join_or_start((), || Ok(Arc::clone(self).ask())).await, rest) {
                // It may be good for the server of this call, which did not refuse it.
                (Some(Err(_)), Some(token)) if refused.is_none() => return Ok(token),
                (Some(result), _) => return result,
                // The runtime of whoever began it has ended, or there is none.
                (None, _) => {}
            }
        }
        Err(TokenError::cut_off())
    }

    /// Asks for a token, unless another call did so since somebody looked.
    async fn ask(self: Arc<Self>) -> Result<Secret, TokenError> {
        let sent = Instant::now();
        {
            let kept = self.kept();
            match (kept.find(sent), kept.failure(sent)) {
                (Found::Good(token), _) => return Ok(token),
                (_, Some(error)) => return Err(error),
                _ => {}
            }
        }
        let mut form = vec![("grant_type", "client_credentials")];
        let more = [("scope", self.scope.as_str()), ("audience", self.audience.as_str())];
        form.extend(more.into_iter().filter(|(_, value)| !value.is_empty()));
        // Another token does no harm, so that it may be asked for again.
        match self.oauth2.tokens(Repeat::Repeatable, &form).await {
            Ok(tokens) => {
                let tokens = tokens.into_body();
                self.kept().keep(&tokens, sent);
                Ok(tokens.access_token)
            }
            Err(error) => {
                let error = TokenError::of_call(error);
                self.kept().fail(&error, Instant::now());
                Err(error)
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Every change is complete before anything else can panic.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenProvider for ClientCredentials {
    fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_> {
        let refused = refused.cloned();
        Box::pin(async move { Ok(self.store.token(refused.as_ref()).await?) })
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Store { oauth2, scope, audience, .. } = &*self.store;
        f.debug_struct("ClientCredentials")
            .field("client_id", &oauth2.id)
            .field("scope", scope)
            .field("audience", audience)
            .finish_non_exhaustive()
    }
}
