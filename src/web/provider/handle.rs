//! The provider.

use std::fmt;
use std::sync::Arc;

use super::builder::{ProviderBuilder, Settings};
use crate::client::Client;

/// The pages that Hydra sends browsers to: login, consent, logout, and the codes of devices.
///
/// ```no_run
/// use axum::body::Bytes;
/// use axum::extract::State;
/// use axum::{Router, routing::any};
/// use ory_sdk::Client;
/// use ory_sdk::http::{Response, request::Parts};
/// use ory_sdk::web::provider::Provider;
///
/// # #[cfg(feature = "frontend")]
/// /// All pages.
/// async fn pages(State((ory, provider)): State<(Client, Provider)>, request: Parts, form: Bytes) -> Response<String> {
///     let session = ory.forwarding(&request.headers).to_session().await;
///     provider.respond(&request, &form, &session).await
/// }
///
/// # #[cfg(feature = "frontend")]
/// fn app(ory: Client) -> Result<Router, ory_sdk::error::InvalidSetting> {
///     let provider = Provider::builder(&ory).login_url("https://id.example.org/oauth2/login").build()?;
///     Ok(Router::new().route("/oauth2/{page}", any(pages)).with_state((ory, provider)))
/// }
/// ```
///
/// [`respond`](Self::respond) does everything with plain pages. Each page has a method of its own, for pages that look like
/// yours, and the types are those of the crate [`http`], so it fits every framework.
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
