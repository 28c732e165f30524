//! The code flow of an application in whose browser a person signs in.

use std::fmt;
use std::sync::Arc;

use super::authorization_options::AuthorizationOptions;
use super::callback::Callback;
use super::code_flow_builder::CodeFlowBuilder;
use super::error::{TokenError, TokenErrorKind};
use super::oauth2_client::OAuth2Client;
use super::pending_sign_in::PendingSignIn;
use super::response::Tokens;
use crate::client::Client;
use crate::contract::Repeat;
use crate::privacy::Location;

/// The sign-in of a person with Hydra, for the application that wants their tokens: the authorization code flow (RFC 6749,
/// section 4.1) with PKCE (RFC 7636), `state` and `nonce`, as RFC 9700 asks for.
///
/// ```
/// # fn example(client: &ory_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::tokens::{CodeFlow, PendingSignIn, Tokens, TokenError};
///
/// let flow = CodeFlow::builder(client)
///     .client_id("shop")
///     .client_secret("a-secret")
///     .redirect_uri("https://shop.example.org/callback")
///     .scope(["openid", "offline_access"])
///     .build()?;
///
/// // On the way out: redirect to the URL, and keep what is pending in a cookie.
/// let begun = flow.authorization_url()?;
/// println!("Location: {}", begun.url.as_str());
///
/// // On the way back: the query of the callback, and the cookie.
/// async fn callback(flow: &CodeFlow, cookie: &str, query: &str) -> Result<Tokens, Box<dyn std::error::Error>> {
///     let pending = PendingSignIn::parse(cookie)?;
///     Ok(flow.finish(&pending, query).await?)
/// }
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap. `Debug` shows no secret. The guide [a client's code flow](crate::docs::code_flow) has a whole program.
///
/// An application that signs people in with several servers gives each a redirect URI of its own, so that no server gets the
/// code of another (RFC 9700, section 4.4).
///
/// Browsers are sent to [`ClientBuilder::hydra_browser_url`](crate::ClientBuilder::hydra_browser_url) where one is set, and
/// the code is exchanged at [`hydra_public_url`](crate::ClientBuilder::hydra_public_url).
#[derive(Clone)]
pub struct CodeFlow {
    pub(super) settings: Arc<Settings>,
}

pub(super) struct Settings {
    pub(super) oauth2: OAuth2Client,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) is_openid: bool,
    pub(super) audience: String,
    pub(super) issuer: String,
    pub(super) options: AuthorizationOptions,
}

/// The beginning of a sign-in: what [`CodeFlow::authorization_url`] returns.
///
/// ```
/// # fn example(flow: &ory_sdk::tokens::CodeFlow) -> Result<(), Box<dyn std::error::Error>> {
/// let begun = flow.authorization_url()?;
/// let mut response = http::Response::new(());
/// *response.status_mut() = http::StatusCode::SEE_OTHER;
/// response.headers_mut().insert("location", begun.url.to_header_value()?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BegunSignIn {
    /// Where to send the browser.
    pub url: Location,
    /// What to keep for this browser until it comes back.
    pub pending: PendingSignIn,
}

impl CodeFlow {
    /// Starts to build a flow. It uses the connections and settings of `client`, but nobody's credential.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) {
    /// let builder = ory_sdk::tokens::CodeFlow::builder(client).client_id("shop");
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn builder(client: &Client) -> CodeFlowBuilder {
        CodeFlowBuilder::new(client.clone())
    }

    /// Begins a sign-in: returns where the browser goes, and what to keep until it comes back. Nothing is sent.
    ///
    /// ```
    /// # fn example(flow: &ory_sdk::tokens::CodeFlow) -> Result<(), ory_sdk::tokens::TokenError> {
    /// let begun = flow.authorization_url()?;
    /// assert_eq!(begun.url.query("code_challenge_method").as_deref(), Some("S256"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: Ory's operation `oAuth2Authorize`.
    ///
    /// # Errors
    ///
    /// The contract has no such operation, or the system has no random numbers (`Configuration`).
    pub fn authorization_url(&self) -> Result<BegunSignIn, TokenError> {
        self.authorization_url_with(|options| options)
    }

    /// The same, with other options than those of the builder.
    ///
    /// ```
    /// # fn example(flow: &ory_sdk::tokens::CodeFlow) -> Result<(), ory_sdk::tokens::TokenError> {
    /// let begun = flow.authorization_url_with(|options| options.login_hint("ada@example.org"))?;
    /// assert_eq!(begun.url.query("login_hint").as_deref(), Some("ada@example.org"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`authorization_url`](Self::authorization_url), and an option that was refused.
    pub fn authorization_url_with(
        &self,
        change: impl FnOnce(AuthorizationOptions) -> AuthorizationOptions,
    ) -> Result<BegunSignIn, TokenError> {
        let Settings { oauth2, redirect_uri, scope, audience, is_openid, options, .. } = &*self.settings;
        let options = change(options.clone()).pairs();
        let options = options.map_err(|why| TokenError::new(TokenErrorKind::Configuration, why.to_string()))?;
        let pending = PendingSignIn::new(*is_openid)?;
        let challenge = pending.challenge();
        let mut query = vec![("response_type", "code"), ("client_id", &oauth2.id), ("redirect_uri", redirect_uri)];
        query.extend([("scope", scope.as_str()), ("audience", audience)].into_iter().filter(|(_, it)| !it.is_empty()));
        query.push(("state", pending.state.expose()));
        query.extend(pending.nonce.as_ref().map(|nonce| ("nonce", nonce.expose())));
        query.extend([("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")]);
        query.extend(options.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let url = oauth2.authorization_url(&query).map_err(TokenError::of_call)?;
        Ok(BegunSignIn { url, pending })
    }

    /// Finishes a sign-in: checks the query of the callback, and exchanges its code for tokens.
    ///
    /// ```
    /// # use ory_sdk::tokens::{CodeFlow, PendingSignIn, TokenError, TokenErrorKind};
    /// # async fn example(flow: &CodeFlow, pending: &PendingSignIn, query: &str) -> Result<(), TokenError> {
    /// match flow.finish(pending, query).await {
    ///     Ok(tokens) => println!("signed in, with a refresh token: {}", tokens.refresh_token.is_some()),
    ///     Err(error) if error.kind() == TokenErrorKind::Refused => println!("refused: {:?}", error.oauth2_error()),
    ///     Err(error) => println!("start again: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `query` is what follows the `?` of the callback's URL. It is checked in this order: no parameter comes twice; `state`
    /// is that of this browser, compared in constant time; `iss`, where it is there, is the issuer (RFC 9207); an `error` is
    /// returned as one.
    ///
    /// The code is sent once. Where nothing reached Hydra (`Unavailable`), calling this again is safe. The ID token is not
    /// verified here: do so with `nonce` and `access_token` of the [`Tokens`].
    ///
    /// Source: Ory's operation `oauth2TokenExchange`.
    ///
    /// # Errors
    ///
    /// See [`TokenError`]: `WrongState`, `WrongIssuer`, `InvalidCallback`; `Refused` with the
    /// [`oauth2_error`](TokenError::oauth2_error) of the callback (`access_denied`, `login_required`) or of the exchange;
    /// `SignInAgain` for a code that is used or has expired; `OutcomeUnknown` if the response was lost.
    pub async fn finish(&self, pending: &PendingSignIn, query: &str) -> Result<Tokens, TokenError> {
        let Settings { oauth2, redirect_uri, issuer, .. } = &*self.settings;
        let code = Callback::read(query)?.code(pending, issuer)?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", pending.verifier.expose()),
        ];
        let sent = oauth2.tokens(Repeat::Once, &form).await;
        let tokens = sent.map_err(|error| TokenError::of_exchange("code", error))?.into_body();
        Ok(Tokens { nonce: pending.nonce.clone(), ..tokens })
    }
}

impl fmt::Debug for CodeFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { oauth2, redirect_uri, scope, audience, .. } = &*self.settings;
        f.debug_struct("CodeFlow")
            .field("client_id", &oauth2.id)
            .field("redirect_uri", &Location::from(redirect_uri.as_str()))
            .field("scope", scope)
            .field("audience", audience)
            .finish_non_exhaustive()
    }
}
