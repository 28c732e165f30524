//! The page on which a person enters the code of a device.

use http::{HeaderMap, Response, StatusCode, Uri};
use serde_json::json;

use super::calls::Kind;
use super::cross_site;
use super::device_question::{DeviceAnswer, DeviceQuestion};
use super::failure::ProviderError;
use super::handle::Provider;
use super::parameters::Parameters;
use super::redirect::Redirect;
use crate::privacy::Location;

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
