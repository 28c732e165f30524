//! The login page.

use chrono::{DateTime, Utc};
use http::{Response, Uri};
use serde_json::{Value, json};

use super::asked::Asked;
use super::builder::Settings;
use super::calls::{Got, Kind};
use super::failure::{ProviderError, ProviderErrorKind};
use super::handle::Provider;
use super::parameters::Parameters;
use super::person::{Person, Who};
use super::redirect::Redirect;
use super::requests::LoginRequest;
use super::sign_in::{SignIn, SignInReason};
use super::visitor::Visitor;
use crate::error::Error;
use crate::flow::FlowKind;
use crate::privacy::{Location, Secret};

/// The parameter that says why a browser was sent to sign in, when it comes back.
const AFTER: &str = "after";

/// What the login page does: [`Provider::login`].
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::provider::LoginStep;
///
/// fn respond(step: LoginStep) -> Response<String> {
///     if let LoginStep::SignIn(sign_in) = &step {
///         println!("somebody signs in for {}", sign_in.client_name());
///     }
///     step.into_response()
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum LoginStep {
    /// The login is decided: the browser goes back to Hydra.
    Redirect(Redirect),
    /// The person has to sign in, and then comes back.
    SignIn(SignIn),
}

impl LoginStep {
    /// The response: a redirect in both cases.
    ///
    /// ```
    /// # fn example(step: ory_sdk::web::provider::LoginStep) {
    /// assert_eq!(step.into_response().headers()["cache-control"], "no-store");
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        match self {
            Self::Redirect(redirect) => redirect.into_response(),
            Self::SignIn(sign_in) => sign_in.into_response(),
        }
    }
}

impl From<LoginStep> for Response<String> {
    fn from(step: LoginStep) -> Self {
        step.into_response()
    }
}

/// # Login
impl Provider {
    /// Decides a login: for `GET` of the page that Hydra's configuration calls `urls.login`.
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
    ///     Ok(provider.login(uri, &session).await?.into_response())
    /// }
    /// ```
    ///
    /// | visitor | what happens |
    /// | --- | --- |
    /// | signed in | accepted, with the id of the identity as the subject |
    /// | signed in, too long ago for `prompt=login` or `max_age` | signs in again |
    /// | signed in, without the second factor that `acr_values=aal2` asks for | adds it |
    /// | signed in, but Hydra remembers somebody else | the authorization starts again with `prompt=login`, as Hydra does it itself |
    /// | nobody | signs in, or registers if the application says `prompt=registration` or `prompt=create` |
    /// | any of those who would have to do something, with `prompt=none` | rejected with `login_required` |
    ///
    /// `acr_values` counts if it names `aal2` and not `aal1`. A person without a second factor gets a flow without fields from
    /// Kratos then. The tokens get `acr` (`aal1` or `aal2`) and `amr`: `pwd`, `otp`, `mfa` (RFC 8176) or Kratos' own word.
    ///
    /// Where a challenge is opened in another browser than the one it was made for, Hydra refuses what comes of it: the other
    /// browser lacks the cookie of the request.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: no challenge, one that is unknown or has expired, an outage, and a person who signed in without a
    /// session arriving here. The last one happens if the cookies of Kratos do not reach your service, and would otherwise
    /// be a loop of redirects.
    pub async fn login<'a>(&self, uri: &Uri, visitor: impl Into<Visitor<'a>>) -> Result<LoginStep, ProviderError> {
        let settings = &*self.settings;
        let parameters = Parameters::of_uri(uri);
        let challenge = parameters.challenge(Kind::Login.parameter())?;
        let who = visitor.into().who()?;
        let request: LoginRequest = match settings.get(Kind::Login, &challenge).await? {
            Got::Request(request) => request,
            Got::Used(location) => return Redirect::to(location).map(LoginStep::Redirect),
        };
        let asked = Asked::by(&request.request_url);
        let now = Utc::now();
        let person = match next(settings, &request, &asked, who, now) {
            Next::Accept(person) => person,
            // For another person than the one whom Hydra remembers.
            Next::StartAgain => {
                return match asked.again() {
                    Some(url) => Redirect::to(url).map(LoginStep::Redirect),
                    None => reject(settings, &challenge, &request, "another person is signed in").await,
                };
            }
            Next::SignIn(_) if asked.is_silent() => {
                return reject(settings, &challenge, &request, "the person has to sign in").await;
            }
            Next::SignIn(reason) if reason.may_circle() && parameters.first(AFTER) == Some(reason.mark()) => {
                let text = "you signed in, but your session did not reach this page: allow cookies, and start again";
                return Err(ProviderError::new(ProviderErrorKind::SessionMissing, text));
            }
            Next::SignIn(reason) => {
                let kind = if asked.wants_registration() { FlowKind::Registration } else { FlowKind::Login };
                let url = sign_in_url(settings, kind, reason, &challenge).map_err(ProviderError::of_call)?;
                let hint = request.oidc_context.login_hint.clone();
                return SignIn::new(reason, url, request.client.name(), hint).map(LoginStep::SignIn);
            }
        };
        let body = acceptance(settings, &request, &person, now);
        let again = &request.request_url;
        settings.accept(Kind::Login, &challenge, Some(body), again).await.map(LoginStep::Redirect)
    }
}

enum Next<'a> {
    Accept(Person<'a>),
    StartAgain,
    SignIn(SignInReason),
}

fn next<'a>(
    settings: &Settings,
    request: &LoginRequest,
    asked: &Asked<'_>,
    who: Who<'a>,
    now: DateTime<Utc>,
) -> Next<'a> {
    let person = match who {
        Who::Person(person) => person,
        Who::Nobody => return Next::SignIn(SignInReason::Nobody),
        Who::WithoutSecondFactor => return Next::SignIn(SignInReason::SecondFactor),
    };
    if request.skip && request.subject != person.id {
        return Next::StartAgain;
    }
    let names = |level: &str| request.oidc_context.acr_values.iter().any(|known| known == level);
    if names("aal2") && !names("aal1") && !person.has_second_factor {
        return Next::SignIn(SignInReason::SecondFactor);
    }
    let limit = asked.age_limit(settings.fresh_for);
    if limit.is_some_and(|limit| !person.signed_in_within(limit, now)) {
        return Next::SignIn(SignInReason::TooLongAgo);
    }
    Next::Accept(person)
}

/// Where a person signs in, to come back to the login page.
fn sign_in_url(
    settings: &Settings,
    kind: FlowKind,
    reason: SignInReason,
    challenge: &Secret,
) -> Result<Location, Error> {
    let back = settings.login_url.with_query(Kind::Login.parameter(), challenge.expose());
    let back = back.with_query(AFTER, reason.mark());
    let create = |kind| settings.client.create_flow(kind).return_to(back.as_str());
    if let Some(pages) = &settings.pages {
        let page = |kind| pages.url(kind).with_query("return_to", back.as_str());
        return Ok(match reason {
            SignInReason::Nobody => page(kind),
            SignInReason::SecondFactor => page(FlowKind::Login).with_query("aal", "aal2"),
            SignInReason::TooLongAgo => page(FlowKind::Login).with_query("refresh", "true"),
        });
    }
    match reason {
        SignInReason::Nobody => create(kind).url(),
        SignInReason::SecondFactor => create(FlowKind::Login).aal2().url(),
        SignInReason::TooLongAgo => create(FlowKind::Login).refresh().url(),
    }
}

async fn reject(
    settings: &Settings,
    challenge: &Secret,
    request: &LoginRequest,
    why: &str,
) -> Result<LoginStep, ProviderError> {
    let rejected = settings.reject(Kind::Login, challenge, "login_required", why, &request.request_url);
    rejected.await.map(LoginStep::Redirect)
}

/// The body that accepts a login. Only what Hydra 2.0 knows, which refuses anything else.
fn acceptance(settings: &Settings, request: &LoginRequest, person: &Person<'_>, now: DateTime<Utc>) -> Value {
    let mut body = json!({"subject": person.id, "acr": person.acr(), "amr": person.amr()});
    // Whoever is remembered already stays so.
    if let Some(limit) = settings.remember_login.filter(|_| !request.skip) {
        let own = (!limit.is_zero()).then_some(limit);
        let seconds = [own, person.remaining(now)].into_iter().flatten().map(|time| time.as_secs().max(1)).min();
        body["remember"] = true.into();
        // 0 is until the browser forgets its session cookies.
        body["remember_for"] = seconds.unwrap_or_default().into();
    }
    body
}
