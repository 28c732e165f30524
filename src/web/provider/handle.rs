//! The provider.

use std::fmt;
use std::sync::Arc;

use super::builder::{ProviderBuilder, Settings};
use crate::client::Client;

/// The pages that Hydra sends browsers to: login, consent, logout, and the codes of devices.
///
/// ```no_run
/// use ory_sdk::http::{HeaderMap, Response, Uri};
/// use ory_sdk::web::provider::{ConsentAnswer, Provider, ProviderError};
/// use ory_sdk::{Client, bytes::Bytes};
///
/// # #[cfg(feature = "frontend")]
/// /// `GET /oauth2/login`
/// async fn login(ory: &Client, provider: &Provider, uri: Uri, headers: HeaderMap) -> Result<Response<String>, ProviderError> {
///     let session = ory.forwarding(&headers).to_session().await;
///     Ok(provider.login(&uri, &session).await?.into_response())
/// }
///
/// # #[cfg(feature = "frontend")]
/// /// `GET /oauth2/consent`
/// async fn consent(ory: &Client, provider: &Provider, uri: Uri, headers: HeaderMap) -> Result<Response<String>, ProviderError> {
///     let session = ory.forwarding(&headers).to_session().await;
///     Ok(provider.consent(&uri, &session).await?.into_response())
/// }
///
/// # #[cfg(feature = "frontend")]
/// /// `POST /oauth2/consent`
/// async fn granted(ory: &Client, provider: &Provider, headers: HeaderMap, form: Bytes) -> Result<Response<String>, ProviderError> {
///     let session = ory.forwarding(&headers).to_session().await;
///     let answer = ConsentAnswer::from_form(&form)?;
///     Ok(provider.answer_consent(&headers, answer, &session).await?.into_response())
/// }
/// ```
///
/// A clone is cheap. The guide [be the login and consent app](crate::docs::login_and_consent) has a whole program.
///
/// # What it makes sure of
///
/// - A login is accepted for the identity of a valid session alone, and that is the subject of the tokens. What Hydra
///   remembers never replaces the session.
/// - A consent is accepted only by the person whom the request is about. A challenge that was stolen from somebody else is
///   refused.
/// - Nothing is granted that the application did not ask for. A form that names more is refused as a whole.
/// - Forms of other sites are refused, and no other site can show the pages inside its own.
/// - A challenge that was used before leads where Hydra says. No answer sends a browser in circles.
/// - An outage is an outage: it signs nobody in, and nobody out.
///
/// Source: OpenID Connect Core, section 3.1.2; RP-Initiated Logout; RFC 8628; RFC 9700.
#[derive(Clone)]
pub struct Provider {
    pub(super) settings: Arc<Settings>,
}

impl Provider {
    /// Starts to build a provider.
    ///
    /// ```
    /// # fn example(ory: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// use ory_sdk::web::provider::Provider;
    ///
    /// let provider = Provider::builder(ory).login_url("https://id.example.org/oauth2/login").build()?;
    /// # let _ = provider;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The client needs Hydra's administrative API and Kratos' public API. With the public API of Hydra, too, somebody who
    /// opens a logout page again gets where they were sent before.
    pub fn builder(client: &Client) -> ProviderBuilder {
        ProviderBuilder::new(client)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("login_url", &self.settings.login_url).finish_non_exhaustive()
    }
}
