//! All pages in one handler.

use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};

use super::calls::Kind;
use super::consent_answer::ConsentAnswer;
use super::device_question::DeviceAnswer;
use super::failure::{ProviderError, ProviderErrorKind};
use super::handle::Provider;
use super::logout_question::LogoutAnswer;
use super::parameters::Parameters;
use super::visitor::Visitor;
use crate::web::html::document;
use crate::web::respond::page;

/// # All pages at once
impl Provider {
    /// Responds to a request for any of the pages, with plain pages where a question has to be asked.
    ///
    /// ```
    /// use axum::body::Bytes;
    /// use axum::extract::State;
    /// use ory_sdk::Client;
    /// use ory_sdk::http::{Response, request::Parts};
    /// use ory_sdk::web::provider::Provider;
    ///
    /// # #[cfg(feature = "frontend")]
    /// async fn pages(State((ory, provider)): State<(Client, Provider)>, request: Parts, form: Bytes) -> Response<String> {
    ///     let session = ory.forwarding(&request.headers).to_session().await;
    ///     provider.respond(&request, &form, &session).await
    /// }
    /// ```
    ///
    /// Which page it is, the challenge says: in the URL of a GET, in the form of a POST. So the URLs of the pages are up to
    /// you.
    ///
    /// | challenge | GET | POST |
    /// | --- | --- | --- |
    /// | `login_challenge` | [`login`](Self::login) | |
    /// | `consent_challenge` | [`consent`](Self::consent) | [`answer_consent`](Self::answer_consent) |
    /// | `logout_challenge` | [`logout`](Self::logout) | [`answer_logout`](Self::answer_logout) |
    /// | `device_challenge` | [`device`](Self::device) | [`answer_device`](Self::answer_device) |
    ///
    /// An error becomes its plain page ([`ProviderError::into_response`]). For pages of your own, call these methods
    /// yourself.
    pub async fn respond<'a>(
        &self,
        request: &Parts,
        form: impl AsRef<[u8]>,
        visitor: impl Into<Visitor<'a>>,
    ) -> Response<String> {
        let (form, visitor) = (form.as_ref(), visitor.into());
        match request.method {
            Method::GET | Method::HEAD => {
                self.show(request, visitor).await.unwrap_or_else(ProviderError::into_response)
            }
            Method::POST => self.answer(request, form, visitor).await.unwrap_or_else(ProviderError::into_response),
            _ => not_allowed(),
        }
    }

    async fn show(&self, request: &Parts, visitor: Visitor<'_>) -> Result<Response<String>, ProviderError> {
        let (uri, headers) = (&request.uri, &request.headers);
        match kind_of(&Parameters::of_uri(uri))? {
            Kind::Login => self.login(uri, visitor).await.map(Into::into),
            Kind::Consent => self.consent(uri, visitor).await.map(Into::into),
            Kind::Logout => self.logout(uri, headers, visitor).await.map(Into::into),
            Kind::Device => self.device(uri).map(Into::into),
        }
    }

    async fn answer(
        &self,
        request: &Parts,
        form: &[u8],
        visitor: Visitor<'_>,
    ) -> Result<Response<String>, ProviderError> {
        let headers = &request.headers;
        match kind_of(&Parameters::of_form(form))? {
            Kind::Login => {
                let text = "the login page has no form";
                Err(ProviderError::new(ProviderErrorKind::InvalidForm, text))
            }
            Kind::Consent => {
                self.answer_consent(headers, ConsentAnswer::from_form(form)?, visitor).await.map(Into::into)
            }
            Kind::Logout => self.answer_logout(headers, LogoutAnswer::from_form(form)?, visitor).await.map(Into::into),
            Kind::Device => self.answer_device(headers, DeviceAnswer::from_form(form)?).await.map(Into::into),
        }
    }
}

/// The page that a challenge is for.
fn kind_of(parameters: &Parameters) -> Result<Kind, ProviderError> {
    let found = Kind::ALL.into_iter().find(|kind| parameters.first(kind.parameter()).is_some());
    found.ok_or_else(|| {
        let names = Kind::ALL.map(|kind| format!("`{}`", kind.parameter())).join(", ");
        let text = format!(
            "one of these parameters is missing: {names}. This page is only for browsers that Hydra sends here"
        );
        ProviderError::new(ProviderErrorKind::MissingChallenge, text)
    })
}

fn not_allowed() -> Response<String> {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let mut response = page(status, document("Method Not Allowed", ""));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}
