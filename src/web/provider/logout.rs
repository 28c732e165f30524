//! The logout page.

use http::{HeaderMap, Method, Response, Uri, header};
use uuid::Uuid;

use super::builder::Settings;
use super::calls::{Got, Kind};
use super::cross_site;
use super::failure::{ProviderError, ProviderErrorKind};
use super::handle::Provider;
use super::logout_question::{LogoutAnswer, LogoutQuestion};
use super::parameters::Parameters;
use super::person::Who;
use super::redirect::Redirect;
use super::requests::LogoutRequest;
use super::visitor::Visitor;
use crate::error::Error;
use crate::privacy::{Location, Secret};
use crate::response::Response as OryResponse;
use crate::web::kratos_logout;

/// What the logout page does: [`Provider::logout`].
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::provider::LogoutStep;
///
/// fn respond(step: LogoutStep) -> Response<String> {
///     if let LogoutStep::SignedOut { session: Some(session), .. } = &step {
///         println!("forget session {session}, wherever its checks are cached");
///     }
///     step.into_response()
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum LogoutStep {
    /// The session of Kratos has ended, and that of Hydra ends when the browser follows the redirect.
    SignedOut {
        /// Where the browser goes. It brings the cookies of Kratos' logout.
        redirect: Redirect,
        /// The session of Kratos that ended, if there was one.
        session: Option<Uuid>,
    },
    /// The person stays signed in, or was signed out before.
    Redirect(Redirect),
    /// The person decides.
    Ask(LogoutQuestion),
}

impl LogoutStep {
    /// The response: a redirect, or a plain page with the question, whose form is posted to the same URL.
    ///
    /// ```
    /// # fn example(step: ory_sdk::web::provider::LogoutStep) {
    /// let response = step.into_response();
    /// # let _ = response;
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        match self {
            Self::SignedOut { redirect, .. } | Self::Redirect(redirect) => redirect.into_response(),
            Self::Ask(question) => question.into_response(),
        }
    }
}

impl From<LogoutStep> for Response<String> {
    fn from(step: LogoutStep) -> Self {
        step.into_response()
    }
}

/// # Logout
impl Provider {
    /// Signs a person out, or asks first: for `GET` of the page that Hydra's configuration calls `urls.logout`.
    ///
    /// ```
    /// use ory_sdk::http::{HeaderMap, Response, Uri};
    /// use ory_sdk::web::provider::{Provider, ProviderError};
    ///
    /// # #[cfg(feature = "frontend")]
    /// async fn page(
    ///     ory: &ory_sdk::Client,
    ///     provider: &Provider,
    ///     uri: &Uri,
    ///     headers: &HeaderMap,
    /// ) -> Result<Response<String>, ProviderError> {
    ///     let session = ory.forwarding(headers).to_session().await;
    ///     Ok(provider.logout(uri, headers, &session).await?.into_response())
    /// }
    /// ```
    ///
    /// An application that asks shows an ID token of the person (`rp_initiated`), and the person is signed out at once, unless
    /// the application is registered with `skip_logout_consent: false`. Anybody can send a browser to the bare logout URL,
    /// so that the person is asked there.
    ///
    /// First the session of Kratos ends, by the cookies of the request, then that of Hydra. If the second fails, the browser
    /// may come again.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: no challenge, one that is unknown, has expired or belongs to somebody else, and an outage.
    pub async fn logout<'a>(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        visitor: impl Into<Visitor<'a>>,
    ) -> Result<LogoutStep, ProviderError> {
        let challenge = Parameters::of_uri(uri).challenge(Kind::Logout.parameter())?;
        let visitor = visitor.into();
        let (request, session) = match asked(&self.settings, &challenge, visitor).await? {
            Ready::Go(redirect) => return Ok(LogoutStep::Redirect(redirect)),
            Ready::Decide(request, session) => (request, session),
        };
        if !request.rp_initiated || request.client.skip_logout_consent == Some(false) {
            let client_name = if request.rp_initiated { request.client.name().to_owned() } else { String::new() };
            return Ok(LogoutStep::Ask(LogoutQuestion { challenge, client_name }));
        }
        sign_out(&self.settings, &challenge, headers, session).await
    }

    /// Signs a person out or not, as the person says: for `POST` of the logout page.
    ///
    /// ```
    /// use ory_sdk::bytes::Bytes;
    /// use ory_sdk::http::{HeaderMap, Response};
    /// use ory_sdk::web::provider::{LogoutAnswer, Provider, ProviderError};
    ///
    /// # #[cfg(feature = "frontend")]
    /// async fn page(
    ///     ory: &ory_sdk::Client,
    ///     provider: &Provider,
    ///     headers: &HeaderMap,
    ///     form: Bytes,
    /// ) -> Result<Response<String>, ProviderError> {
    ///     let session = ory.forwarding(headers).to_session().await;
    ///     let answer = LogoutAnswer::from_form(&form)?;
    ///     Ok(provider.answer_logout(headers, answer, &session).await?.into_response())
    /// }
    /// ```
    ///
    /// The answer must come from a page of this site, as for [`answer_consent`](Self::answer_consent). A person who says no
    /// is sent to [`home_url`](super::ProviderBuilder::home_url).
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: an answer of another site, a challenge that is unknown, has expired or belongs to somebody else, and
    /// an outage.
    pub async fn answer_logout<'a>(
        &self,
        headers: &HeaderMap,
        answer: LogoutAnswer,
        visitor: impl Into<Visitor<'a>>,
    ) -> Result<LogoutStep, ProviderError> {
        cross_site::check(headers, &self.settings.origin)?;
        let visitor = visitor.into();
        let session = match asked(&self.settings, &answer.challenge, visitor).await? {
            Ready::Go(redirect) => return Ok(LogoutStep::Redirect(redirect)),
            Ready::Decide(_, session) => session,
        };
        if answer.is_accepted() {
            return sign_out(&self.settings, &answer.challenge, headers, session).await;
        }
        self.settings.reject_logout(&answer.challenge).await?;
        Redirect::to(self.settings.home_url.clone()).map(LogoutStep::Redirect)
    }
}

/// Whether a logout can be decided.
enum Ready {
    Go(Redirect),
    /// With the session of Kratos that would end.
    Decide(Box<LogoutRequest>, Option<Uuid>),
}

/// Gets the request, and checks that it is about nobody else than the visitor.
async fn asked(settings: &Settings, challenge: &Secret, visitor: Visitor<'_>) -> Result<Ready, ProviderError> {
    let who = visitor.who()?;
    let request: LogoutRequest = match settings.get(Kind::Logout, challenge).await? {
        Got::Request(request) => request,
        Got::Used(location) => return after_logout(settings, location).map(Ready::Go),
    };
    let session = match who {
        Who::Person(person) if !request.subject.is_empty() && person.id != request.subject => {
            let text = "this logout is about somebody else than the person who is signed in";
            return Err(ProviderError::new(ProviderErrorKind::OtherPerson, text));
        }
        Who::Person(person) => person.session_id.parse().ok(),
        // Their session ends if they have one, but nobody can say which it is.
        Who::Nobody | Who::WithoutSecondFactor => None,
    };
    Ok(Ready::Decide(Box::new(request), session))
}

async fn sign_out(
    settings: &Settings,
    challenge: &Secret,
    headers: &HeaderMap,
    session: Option<Uuid>,
) -> Result<LogoutStep, ProviderError> {
    let cookies = end_session(settings, headers).await?;
    let redirect = settings.accept(Kind::Logout, challenge, None, &settings.home_url).await?;
    Ok(LogoutStep::SignedOut { redirect: redirect.with_cookies(cookies), session })
}

/// Ends the session of Kratos that the cookies belong to, and returns the cookies that remove it. Nothing happens if there is
/// none.
async fn end_session(settings: &Settings, headers: &HeaderMap) -> Result<HeaderMap, ProviderError> {
    let mut set = HeaderMap::new();
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let browser = settings.client.with_cookies(lines.collect::<Vec<_>>().join("; "));
    let limit = Some(settings.timeout);
    let Some(asked) = unless_nobody(kratos_logout::begin(&browser, limit).await)? else { return Ok(set) };
    asked.relay_to(&mut set);
    if let Some(ended) = unless_nobody(kratos_logout::end(&browser, &asked.logout_token, limit).await)? {
        ended.relay_to(&mut set);
    }
    Ok(set)
}

fn unless_nobody<T>(result: Result<OryResponse<T>, Error>) -> Result<Option<OryResponse<T>>, ProviderError> {
    match result {
        Ok(response) => Ok(Some(response)),
        Err(error) if error.is_unauthorized() => Ok(None),
        Err(error) => Err(ProviderError::of_session(&error)),
    }
}

/// Where the browser goes after a logout that is done. Hydra gives the path of its own page, without a host: with nobody
/// signed in, that page leads to where the application said.
fn after_logout(settings: &Settings, location: Location) -> Result<Redirect, ProviderError> {
    if location.parse().is_ok() {
        return Redirect::to(location);
    }
    let query = location.as_str().split_once('?').map_or("", |(_, query)| query);
    let page = settings.draft(Method::GET, "/oauth2/sessions/logout").and_then(|mut draft| {
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            draft.pair(&key, &value);
        }
        settings.client.transport.browser_url(draft.ready()?)
    });
    // Without the URL of Hydra's public API, the person is at least told nothing wrong.
    Redirect::to(page.unwrap_or_else(|_| settings.home_url.clone()))
}
