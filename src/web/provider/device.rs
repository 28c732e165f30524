//! The page on which a person enters the code of a device.

use std::fmt;

use http::{HeaderMap, Response, StatusCode, Uri};
use serde_json::json;

use super::calls::Kind;
use super::cross_site;
use super::failure::{ProviderError, ProviderErrorKind};
use super::handle::Provider;
use super::html::{self, escape, hidden};
use super::parameters::Parameters;
use super::redirect::Redirect;
use crate::privacy::{Location, Secret};

/// What the page for codes of devices does: [`Provider::device`].
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::provider::DeviceStep;
///
/// fn respond(step: DeviceStep) -> Response<String> {
///     step.into_response()
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum DeviceStep {
    /// The code is right: the browser goes back to Hydra, and from there to login and consent.
    Redirect(Redirect),
    /// The person enters or confirms the code.
    Ask(DeviceQuestion),
}

impl DeviceStep {
    /// The response: a redirect, or a plain page with the question, whose form is posted to the same URL.
    ///
    /// ```
    /// # fn example(step: ory_sdk::web::provider::DeviceStep) {
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

impl From<DeviceStep> for Response<String> {
    fn from(step: DeviceStep) -> Self {
        step.into_response()
    }
}

/// What to ask the person with the device.
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::provider::DeviceQuestion;
///
/// fn respond(question: &DeviceQuestion) -> Response<String> {
///     let warning = if question.is_wrong() { "<p>Try again.</p>" } else { "" };
///     question.page(format!("<!doctype html><title>Your device</title>{warning}{}", question.form("")))
/// }
/// ```
#[derive(Clone)]
pub struct DeviceQuestion {
    challenge: Secret,
    user_code: Secret,
    is_wrong: bool,
}

impl DeviceQuestion {
    /// The challenge, for a form of your own. Never log it.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::DeviceQuestion) {
    /// assert!(!question.challenge().is_empty());
    /// # }
    /// ```
    pub fn challenge(&self) -> &Secret {
        &self.challenge
    }

    /// The code in the URL, for the person to compare with what the device shows. Empty if there is none.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::DeviceQuestion) {
    /// println!("a code in the URL: {}", !question.user_code().is_empty());
    /// # }
    /// ```
    pub fn user_code(&self) -> &Secret {
        &self.user_code
    }

    /// Whether the person entered a code that is wrong, used or expired.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::DeviceQuestion) {
    /// println!("wrong: {}", question.is_wrong());
    /// # }
    /// ```
    pub fn is_wrong(&self) -> bool {
        self.is_wrong
    }

    /// The question as an HTML form that is posted to `action`. An empty `action` is the URL of the page.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::DeviceQuestion) {
    /// assert!(question.form("/device").contains("name=\"user_code\""));
    /// # }
    /// ```
    pub fn form(&self, action: &str) -> String {
        format!(
            "<form method=\"post\" action=\"{}\">\n{}<p>Continue only if your own device shows this code.</p>\n\
             <p><label>Code <input name=\"user_code\" value=\"{}\" required autocomplete=\"off\"></label></p>\n\
             <button>Continue</button>\n</form>",
            escape(action),
            hidden(Kind::Device.parameter(), self.challenge.expose()),
            escape(self.user_code.expose()),
        )
    }

    /// A response with your page around the question. It is not kept, and no other site can show it inside its own.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::DeviceQuestion) {
    /// let response = question.page(format!("<title>Your device</title>{}", question.form("")));
    /// assert_eq!(response.headers()["x-frame-options"], "DENY");
    /// # }
    /// ```
    pub fn page(&self, html: impl Into<String>) -> Response<String> {
        html::page(StatusCode::OK, html.into())
    }

    /// A plain page with the question. Its form is posted to the same URL.
    ///
    /// ```
    /// # fn example(question: ory_sdk::web::provider::DeviceQuestion) {
    /// assert_eq!(question.into_response().status(), 200);
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        let wrong = if self.is_wrong { "<p>This code is wrong, or no longer valid.</p>\n" } else { "" };
        self.page(html::document("Connect a device", &format!("{wrong}{}", self.form(""))))
    }
}

/// Shows neither challenge nor code.
impl fmt::Debug for DeviceQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceQuestion").field("is_wrong", &self.is_wrong).finish_non_exhaustive()
    }
}

/// The code that a person entered: the argument of [`Provider::answer_device`].
///
/// ```
/// use ory_sdk::web::provider::DeviceAnswer;
///
/// // As a browser posts the form of `DeviceQuestion::form`.
/// let answer = DeviceAnswer::from_form(b"device_challenge=c&user_code=hjQT9PkY")?;
/// # let _ = answer;
/// # Ok::<(), ory_sdk::web::provider::ProviderError>(())
/// ```
#[derive(Debug, Clone)]
pub struct DeviceAnswer {
    challenge: Secret,
    user_code: Secret,
}

impl DeviceAnswer {
    /// The person entered this code.
    ///
    /// ```
    /// use ory_sdk::web::provider::DeviceAnswer;
    ///
    /// # fn example(challenge: &ory_sdk::Secret) {
    /// let answer = DeviceAnswer::new(challenge, "hjQT9PkY");
    /// # let _ = answer;
    /// # }
    /// ```
    pub fn new(challenge: impl Into<Secret>, user_code: impl Into<Secret>) -> Self {
        Self { challenge: challenge.into(), user_code: user_code.into() }
    }

    /// Reads the form of [`DeviceQuestion::form`], or one of your own with the same fields: `device_challenge` and
    /// `user_code`. Spaces around the code do not count.
    ///
    /// ```
    /// use ory_sdk::web::provider::DeviceAnswer;
    ///
    /// assert!(DeviceAnswer::from_form(b"user_code=hjQT9PkY").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: no challenge, or no field for the code.
    pub fn from_form(form: impl AsRef<[u8]>) -> Result<Self, ProviderError> {
        let form = Parameters::of_form(form.as_ref());
        let challenge = form.challenge(Kind::Device.parameter())?;
        let missing =
            || ProviderError::new(ProviderErrorKind::InvalidForm, "the field `user_code` of the form is missing");
        let user_code = form.all("user_code").next().ok_or_else(missing)?;
        Ok(Self::new(challenge, user_code.trim()))
    }
}

/// # Devices
impl Provider {
    /// Asks for the code of a device: for `GET` of the page that Hydra's configuration calls `urls.device.verification`.
    ///
    /// ```
    /// use ory_sdk::http::{Response, Uri};
    /// use ory_sdk::web::provider::{Provider, ProviderError};
    ///
    /// fn page(provider: &Provider, uri: &Uri) -> Result<Response<String>, ProviderError> {
    ///     Ok(provider.device(uri)?.into_response())
    /// }
    /// ```
    ///
    /// A code in the URL is shown and never accepted at once: somebody else may have sent the link, to connect a device of
    /// their own (RFC 8628, section 5.4).
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: no challenge.
    pub fn device(&self, uri: &Uri) -> Result<DeviceStep, ProviderError> {
        let parameters = Parameters::of_uri(uri);
        let challenge = parameters.challenge(Kind::Device.parameter())?;
        let user_code = parameters.first("user_code").unwrap_or_default().into();
        Ok(DeviceStep::Ask(DeviceQuestion { challenge, user_code, is_wrong: false }))
    }

    /// Checks the code of a device: for `POST` of the same page. A wrong code is asked for again.
    ///
    /// ```
    /// use ory_sdk::bytes::Bytes;
    /// use ory_sdk::http::{HeaderMap, Response};
    /// use ory_sdk::web::provider::{DeviceAnswer, Provider, ProviderError};
    ///
    /// async fn page(provider: &Provider, headers: &HeaderMap, form: Bytes) -> Result<Response<String>, ProviderError> {
    ///     let answer = DeviceAnswer::from_form(&form)?;
    ///     Ok(provider.answer_device(headers, answer).await?.into_response())
    /// }
    /// ```
    ///
    /// The answer must come from a page of this site, as for [`answer_consent`](Self::answer_consent). Nobody needs to be
    /// signed in yet. Limit how often an address may try, since codes are short (RFC 8628, section 5.1).
    ///
    /// Hydra has devices from version 25.4 on.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: an answer of another site, a challenge that is unknown or has expired, and an outage.
    pub async fn answer_device(&self, headers: &HeaderMap, answer: DeviceAnswer) -> Result<DeviceStep, ProviderError> {
        cross_site::check(headers, &self.settings.origin)?;
        let DeviceAnswer { challenge, user_code } = answer;
        let body = json!({"user_code": user_code.expose()});
        match self.settings.accept(Kind::Device, &challenge, Some(body), &Location::default()).await {
            Ok(redirect) => Ok(DeviceStep::Redirect(redirect)),
            Err(error) if error.call().and_then(|call| call.status()) == Some(StatusCode::BAD_REQUEST) => {
                Ok(DeviceStep::Ask(DeviceQuestion { challenge, user_code, is_wrong: true }))
            }
            Err(error) => Err(error),
        }
    }
}
