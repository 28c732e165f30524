//! The question on the page for codes of devices.

use std::fmt;

use http::{Response, StatusCode};

use super::calls::Kind;
use super::failure::{ProviderError, ProviderErrorKind};
use super::parameters::Parameters;
use crate::privacy::Secret;
use crate::web::html::{document, escape, hidden};
use crate::web::respond::page;

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
    pub(super) challenge: Secret,
    pub(super) user_code: Secret,
    pub(super) is_wrong: bool,
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
        page(StatusCode::OK, html.into())
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
        self.page(document("Connect a device", &format!("{wrong}{}", self.form(""))))
    }
}

/// Shows neither challenge nor code.
impl fmt::Debug for DeviceQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceQuestion").field("is_wrong", &self.is_wrong).finish_non_exhaustive()
    }
}

/// The code that a person entered: the argument of [`Provider::answer_device`](super::Provider::answer_device).
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
    pub(super) challenge: Secret,
    pub(super) user_code: Secret,
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
