//! The consent page.

use http::{HeaderMap, Response, Uri};
use serde_json::{Value, json};

use super::asked::Asked;
use super::builder::Settings;
use super::calls::{Got, Kind};
use super::claims::ClaimsFor;
use super::consent_answer::{ConsentAnswer, Granted};
use super::consent_question::ConsentQuestion;
use super::cross_site;
use super::failure::{ProviderError, ProviderErrorKind};
use super::handle::Provider;
use super::parameters::Parameters;
use super::person::{Person, Who};
use super::redirect::Redirect;
use super::requests::ConsentRequest;
use super::visitor::Visitor;
use crate::privacy::{Location, Secret};

/// What the consent page does: [`Provider::consent`].
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::provider::ConsentStep;
///
/// fn respond(step: ConsentStep) -> Response<String> {
///     match step {
///         ConsentStep::Redirect(redirect) => redirect.into_response(),
///         ConsentStep::Ask(question) => {
///             let form = question.form("/oauth2/consent");
///             question.page(format!("<!doctype html><title>Allow?</title>{form}"))
///         }
///         step => step.into_response(),
///     }
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ConsentStep {
    /// The consent is decided: the browser goes back to Hydra.
    Redirect(Redirect),
    /// The person decides.
    Ask(ConsentQuestion),
}

impl ConsentStep {
    /// The response: a redirect, or a plain page with the question, whose form is posted to the same URL.
    ///
    /// ```
    /// # fn example(step: ory_sdk::web::provider::ConsentStep) {
    /// let response = step.into_response();
    /// # let _ = response;
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        match self {
            Self::Redirect(redirect) => redirect.into_response(),
            Self::Ask(question) => question.into_response(),
        }
    }
}

impl From<ConsentStep> for Response<String> {
    fn from(step: ConsentStep) -> Self {
        step.into_response()
    }
}

/// # Consent
impl Provider {
    /// Decides a consent, or asks: for `GET` of the page that Hydra's configuration calls `urls.consent`.
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
    ///     Ok(provider.consent(uri, &session).await?.into_response())
    /// }
    /// ```
    ///
    /// What is asked for is granted at once if the person granted it before and was remembered (`skip`), or if you trust the
    /// application (`skip_consent` of the OAuth2 client). In both cases the person who is signed in must be the one whom the
    /// request is about.
    ///
    /// A person whose session ended meanwhile starts again with a sign-in.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: no challenge, one that is unknown, has expired or belongs to somebody else, and an outage.
    pub async fn consent<'a>(&self, uri: &Uri, visitor: impl Into<Visitor<'a>>) -> Result<ConsentStep, ProviderError> {
        let settings = &*self.settings;
        let challenge = Parameters::of_uri(uri).challenge(Kind::Consent.parameter())?;
        let (request, person) = match asked(settings, &challenge, visitor.into()).await? {
            Ready::Go(redirect) => return Ok(ConsentStep::Redirect(redirect)),
            Ready::Decide(request, person) => (request, person),
        };
        if request.skip || request.client.skip_consent {
            let all = Granted { scopes: request.requested_scope.clone(), audience: None, remember: false };
            return grant(settings, &challenge, &request, &person, all).await.map(ConsentStep::Redirect);
        }
        Ok(ConsentStep::Ask(ConsentQuestion::new(challenge, request)))
    }

    /// Accepts or rejects a consent, as the person says: for `POST` of the consent page.
    ///
    /// ```
    /// use ory_sdk::bytes::Bytes;
    /// use ory_sdk::http::{HeaderMap, Response};
    /// use ory_sdk::web::provider::{ConsentAnswer, Provider, ProviderError};
    ///
    /// # #[cfg(feature = "frontend")]
    /// async fn page(
    ///     ory: &ory_sdk::Client,
    ///     provider: &Provider,
    ///     headers: &HeaderMap,
    ///     form: Bytes,
    /// ) -> Result<Response<String>, ProviderError> {
    ///     let session = ory.forwarding(headers).to_session().await;
    ///     let answer = ConsentAnswer::from_form(&form)?;
    ///     Ok(provider.answer_consent(headers, answer, &session).await?.into_response())
    /// }
    /// ```
    ///
    /// The answer counts only if all of this holds:
    ///
    /// - A page of this site sent it: `Sec-Fetch-Site` is `same-origin`, or, from browsers without that header, `Origin` is
    ///   that of [`login_url`](super::ProviderBuilder::login_url). A request with neither is refused.
    /// - The person who is signed in is the one whom the request is about.
    /// - It grants nothing that the application did not ask for. An answer that does is refused and not cut: the page that
    ///   sent it shows something else than what would be granted.
    ///
    /// A person who says no is sent back to the application with `access_denied`.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: an answer that does not count, a challenge that is unknown or has expired, and an outage.
    pub async fn answer_consent<'a>(
        &self,
        headers: &HeaderMap,
        answer: ConsentAnswer,
        visitor: impl Into<Visitor<'a>>,
    ) -> Result<ConsentStep, ProviderError> {
        let settings = &*self.settings;
        cross_site::check(headers, &settings.origin)?;
        let ConsentAnswer { challenge, granted } = answer;
        let (request, person) = match asked(settings, &challenge, visitor.into()).await? {
            Ready::Go(redirect) => return Ok(ConsentStep::Redirect(redirect)),
            Ready::Decide(request, person) => (request, person),
        };
        let redirect = match granted {
            Some(granted) => grant(settings, &challenge, &request, &person, granted).await?,
            None => {
                let (error, why) = ("access_denied", "the person did not grant access");
                settings.reject(Kind::Consent, &challenge, error, why, &request.request_url).await?
            }
        };
        Ok(ConsentStep::Redirect(redirect))
    }
}

/// Whether a consent can be decided.
enum Ready<'a> {
    Go(Redirect),
    Decide(Box<ConsentRequest>, Person<'a>),
}

/// Gets the request, and checks that it is about the visitor.
async fn asked<'a>(settings: &Settings, challenge: &Secret, visitor: Visitor<'a>) -> Result<Ready<'a>, ProviderError> {
    let who = visitor.who()?;
    let request: ConsentRequest = match settings.get(Kind::Consent, challenge).await? {
        Got::Request(request) => request,
        Got::Used(location) => return Redirect::to(location).map(Ready::Go),
    };
    match who {
        Who::Person(person) if person.id == request.subject => Ok(Ready::Decide(Box::new(request), person)),
        // Hydra is not told, so that the right person can still decide.
        Who::Person(_) => {
            let text =
                "this request is about somebody else than the person who is signed in: start again at the application";
            Err(ProviderError::new(ProviderErrorKind::OtherPerson, text))
        }
        Who::Nobody | Who::WithoutSecondFactor => sign_in_again(&request.request_url),
    }
}

/// With `prompt=login`, so that nobody goes in circles whose cookies reach the login page alone.
fn sign_in_again<'a>(request_url: &Location) -> Result<Ready<'a>, ProviderError> {
    match Asked::by(request_url).again() {
        Some(url) => Redirect::to(url).map(Ready::Go),
        None => {
            let text = "your session has ended: start again at the application";
            Err(ProviderError::new(ProviderErrorKind::SessionMissing, text))
        }
    }
}

/// Grants scopes and audiences, if all of them were asked for.
async fn grant(
    settings: &Settings,
    challenge: &Secret,
    request: &ConsentRequest,
    person: &Person<'_>,
    granted: Granted,
) -> Result<Redirect, ProviderError> {
    let Granted { scopes, audience, remember } = granted;
    let audience = audience.unwrap_or_else(|| request.requested_access_token_audience.clone());
    let was_asked = |given: &[String], asked: &[String]| given.iter().all(|item| asked.contains(item));
    if !was_asked(&scopes, &request.requested_scope) || !was_asked(&audience, &request.requested_access_token_audience)
    {
        let text = "the form grants something that the application did not ask for, so nothing was granted";
        return Err(ProviderError::new(ProviderErrorKind::NotRequested, text));
    }
    let wanted = ClaimsFor { session: person.session, client_id: &request.client.client_id, scopes: &scopes };
    let claims = settings.claims.as_ref().and_then(|claims| claims(&wanted).into_json());
    let mut body: Value = json!({"grant_scope": scopes, "grant_access_token_audience": audience});
    if remember {
        body["remember"] = true.into();
        body["remember_for"] = settings.remember_consent.as_secs().into();
    }
    if let Some(claims) = claims {
        body["session"] = claims;
    }
    settings.accept(Kind::Consent, challenge, Some(body), &request.request_url).await
}
