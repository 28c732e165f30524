//! Tokens of a person, refreshed.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderValue;
use tokio::time::Instant;

use super::error::{TokenError, TokenErrorKind};
use super::header::authorization;
use super::kept::{Found, Kept};
use super::oauth2_client::OAuth2Client;
use super::refresh_tokens_builder::RefreshTokensBuilder;
use super::response::Tokens;
use crate::client::Client;
use crate::contract::Repeat;
use crate::credentials::{TokenFuture, TokenProvider};
use crate::platform::{BoxFuture, SingleFlight};
use crate::privacy::Secret;

/// How often a call waits for a refresh whose runtime may end.
const TRIES: usize = 3;

const WHAT: &str = "refresh token";

/// Access tokens of a person, by a refresh token that changes with each use (RFC 6749, section 6; RFC 9700, section 4.14).
///
/// ```
/// # async fn keep(_: &ory_sdk::tokens::Tokens) -> std::io::Result<()> { Ok(()) }
/// # async fn example(
/// #     client: &ory_sdk::Client, refresh_token: ory_sdk::Secret,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::tokens::{RefreshTokens, TokenErrorKind};
///
/// let ada = RefreshTokens::builder(client)
///     .client_id("my-app")
///     .refresh_token(refresh_token)
///     .store(|tokens| async move { keep(&tokens).await })
///     .build()?;
///
/// match ada.token().await {
///     Ok(token) => println!("call as Ada with {} bytes", token.expose().len()),
///     Err(error) => match error.kind() {
///         TokenErrorKind::SignInAgain | TokenErrorKind::OutcomeUnknown => println!("Ada signs in again: {error}"),
///         _ => println!("try again later: {error}"),
///     },
/// }
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap and shares everything. `Debug` shows no token. It is a [`TokenProvider`], so that a client
/// ([`ClientBuilder::access_token_provider`](crate::ClientBuilder::access_token_provider)) or a
/// [`BearerLayer`](super::BearerLayer) can use it.
///
/// # A refresh token works once
///
/// Hydra revokes every token of the sign-in when a refresh token comes twice. So there must be **one** `RefreshTokens` for a
/// refresh token in all of your processes, and:
///
/// | what happens | then |
/// | --- | --- |
/// | many calls need a token at once | one request is made, and all get its token |
/// | whoever began it goes away | it goes on |
/// | Hydra gave new tokens | your `store` gets them, and only when it succeeds does anybody get the new access token |
/// | your `store` fails | its error is returned; the next call gives it the same tokens again, without a request |
/// | Hydra was surely not reached, or refused without using up the token (429, 503, `server_error`, a wrong secret) | the access token is handed out as long as it lives, then the error; a second later the refresh token is tried again |
/// | the response was lost or cannot be read, or the process lost the request | [`OutcomeUnknown`](TokenErrorKind::OutcomeUnknown) from now on: the refresh token is never sent again, and the person must sign in again |
/// | Hydra says `invalid_grant` (2.0: `token_inactive`) | [`SignInAgain`](TokenErrorKind::SignInAgain) from now on |
///
/// Hydra revokes the old access token with each refresh. So nobody gets the old one while another one is on its way: in the
/// window at the end of its life (a tenth of it, but at least 30 seconds) calls wait for the refresh.
#[derive(Clone)]
pub struct RefreshTokens {
    pub(super) store: Arc<Store>,
}

/// What all clones share.
pub(super) struct Store {
    pub(super) oauth2: OAuth2Client,
    pub(super) keep: Keep,
    pub(super) state: Mutex<State>,
    pub(super) flights: SingleFlight<(), Result<Secret, TokenError>>,
}

/// Where the caller keeps tokens.
pub(super) type Keep = Box<dyn Fn(Tokens) -> BoxFuture<'static, Stored> + Send + Sync>;
pub(super) type Stored = Result<(), Box<dyn std::error::Error + Send + Sync>>;

pub(super) struct State {
    pub(super) access: Kept,
    pub(super) refresh: Refresh,
}

/// What is known of the refresh token.
pub(super) enum Refresh {
    /// It was not used.
    Ready(Secret),
    /// It is on its way to the server.
    Sent,
    /// It was used. The caller's store does not have the new tokens yet. The time is that of the request.
    Unstored(Box<Tokens>, Instant),
    /// It is of no use any more, for this reason.
    Over(TokenError),
}

impl RefreshTokens {
    /// Starts to build a source of a person's tokens. It uses the connections and settings of `client`, but nobody's
    /// credential.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) {
    /// let builder = ory_sdk::tokens::RefreshTokens::builder(client).client_id("my-app");
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn builder(client: &Client) -> RefreshTokensBuilder {
        RefreshTokensBuilder::new(client.clone())
    }

    /// Returns an access token: the one that is kept, or another one after a refresh.
    ///
    /// ```
    /// # async fn example(ada: ory_sdk::tokens::RefreshTokens) -> Result<(), ory_sdk::tokens::TokenError> {
    /// let token = ada.token().await?;
    /// println!("a token of {} bytes", token.expose().len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: Ory's operation `oauth2TokenExchange`.
    ///
    /// # Errors
    ///
    /// See [`TokenError`], and the table above.
    pub async fn token(&self) -> Result<Secret, TokenError> {
        self.store.token(None).await
    }

    /// Returns another token than `refused`, which a server responded to with 401. At most once a second that leads to a
    /// refresh.
    ///
    /// ```
    /// # async fn example(ada: ory_sdk::tokens::RefreshTokens) -> Result<(), ory_sdk::tokens::TokenError> {
    /// let token = ada.token().await?;
    /// // A service responds to it with 401:
    /// let other = ada.token_after(&token).await?;
    /// # Ok(())
    /// # }
    /// ```
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
    /// # async fn example(ada: ory_sdk::tokens::RefreshTokens) -> Result<(), Box<dyn std::error::Error>> {
    /// let value = ada.authorization().await?;
    /// assert!(value.is_sensitive());
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
            if let Some(known) = self.known(refused) {
                return known;
            }
            match self.flights.join_or_start((), || Ok(Arc::clone(self).refresh())).await {
                // Hydra revokes an access token with the refresh, so one of which the refresh failed is still good.
                Some(Err(error)) if refused.is_none() => return self.rest().ok_or(error),
                Some(result) => return result,
                // The runtime of whoever began it has ended, or there is none. The state says what that means.
                None => {}
            }
        }
        Err(TokenError::cut_off())
    }

    /// What can be said without a request.
    fn known(&self, refused: Option<&Secret>) -> Option<Result<Secret, TokenError>> {
        let now = Instant::now();
        let mut state = self.state();
        if let Some(refused) = refused {
            state.access.refuse(refused, now);
        }
        match (&state.refresh, state.access.find(now)) {
            // Nobody gets a token that is not stored, or one that may be revoked by now.
            (Refresh::Sent | Refresh::Unstored(..), _) => None,
            (Refresh::Over(error), _) => Some(Err(error.clone())),
            (Refresh::Ready(_), Found::Good(token)) => Some(Ok(token)),
            (Refresh::Ready(_), found) => {
                let error = state.access.failure(now)?;
                Some(found.token().filter(|_| refused.is_none()).ok_or(error))
            }
        }
    }

    /// The access token that is left after a refresh failed which used up nothing.
    fn rest(&self) -> Option<Secret> {
        let state = self.state();
        let is_ready = matches!(state.refresh, Refresh::Ready(_));
        state.access.find(Instant::now()).token().filter(|_| is_ready)
    }

    /// Gets new tokens, unless they are there already, and stores them.
    async fn refresh(self: Arc<Self>) -> Result<Secret, TokenError> {
        loop {
            if let Some(known) = self.known(None) {
                return known;
            }
            let (tokens, sent, is_old) = match self.unstored() {
                Some((tokens, sent)) => (tokens, sent, true),
                None => {
                    let (tokens, sent) = self.send().await?;
                    (tokens, sent, false)
                }
            };
            (self.keep)(tokens.clone()).await.map_err(TokenError::not_stored)?;
            if self.stored(&tokens, sent) || !is_old {
                return Ok(tokens.access_token);
            }
            // The store was away for longer than the access token lived.
        }
    }

    /// The tokens that the store does not have yet.
    fn unstored(&self) -> Option<(Tokens, Instant)> {
        match &self.state().refresh {
            Refresh::Unstored(tokens, sent) => Some((Tokens::clone(tokens), *sent)),
            _ => None,
        }
    }

    /// Uses the refresh token.
    async fn send(&self) -> Result<(Tokens, Instant), TokenError> {
        let sent = Instant::now();
        let old = {
            let mut state = self.state();
            match std::mem::replace(&mut state.refresh, Refresh::Sent) {
                Refresh::Ready(token) => token,
                other => {
                    let error = TokenError::unknown(WHAT);
                    state.refresh = if matches!(other, Refresh::Sent) { Refresh::Over(error.clone()) } else { other };
                    return Err(error);
                }
            }
        };
        // Until there is a response, nobody knows whether the token still works.
        let on_its_way = OnItsWay(self);
        let form = [("grant_type", "refresh_token"), ("refresh_token", old.expose())];
        let result = self.oauth2.tokens(Repeat::Once, &form).await;
        let mut state = self.state();
        let (refresh, result) = match result {
            Ok(response) => {
                let mut tokens = response.into_body();
                // A server that sends none leaves the old one as it is.
                tokens.refresh_token.get_or_insert(old);
                (Refresh::Unstored(Box::new(tokens.clone()), sent), Ok((tokens, sent)))
            }
            Err(error) => {
                let error = TokenError::of_exchange(WHAT, error);
                let is_over = matches!(error.kind(), TokenErrorKind::SignInAgain | TokenErrorKind::OutcomeUnknown);
                state.access.fail(&error, Instant::now());
                (if is_over { Refresh::Over(error.clone()) } else { Refresh::Ready(old) }, Err(error))
            }
        };
        state.refresh = refresh;
        drop(state);
        drop(on_its_way);
        result
    }

    /// Notes that the store has these tokens. Returns whether the access token is still to be used.
    fn stored(&self, tokens: &Tokens, sent: Instant) -> bool {
        let mut state = self.state();
        if let Some(token) = &tokens.refresh_token {
            state.refresh = Refresh::Ready(token.clone());
        }
        state.access.keep(tokens, sent);
        state.access.find(Instant::now()).token().is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is complete before anything else can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the use of a refresh token whose request was dropped: its runtime ended.
struct OnItsWay<'a>(&'a Store);

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        if matches!(state.refresh, Refresh::Sent) {
            state.refresh = Refresh::Over(TokenError::unknown(WHAT));
        }
    }
}

impl TokenProvider for RefreshTokens {
    fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_> {
        let refused = refused.cloned();
        Box::pin(async move { Ok(self.store.token(refused.as_ref()).await?) })
    }
}

impl fmt::Debug for RefreshTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.store.state().refresh {
            Refresh::Ready(_) => "ready",
            Refresh::Sent => "sent",
            Refresh::Unstored(..) => "not stored",
            Refresh::Over(_) => "over",
        };
        f.debug_struct("RefreshTokens")
            .field("client_id", &self.store.oauth2.id)
            .field("state", &state)
            .finish_non_exhaustive()
    }
}
