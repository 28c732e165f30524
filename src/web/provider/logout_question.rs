//! The question on the logout page.

use std::fmt;

use http::{Response, StatusCode};

use super::calls::Kind;
use super::failure::{ProviderError, ProviderErrorKind};
use super::parameters::Parameters;
use crate::privacy::Secret;
use crate::web::html::{document, escape, hidden};
use crate::web::respond::page;

/// What to ask a person before they are signed out.
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::provider::LogoutQuestion;
///
/// fn respond(question: &LogoutQuestion) -> Response<String> {
///     let form = question.form("/oauth2/logout");
///     question.page(format!("<!doctype html><html lang=\"en\"><title>Sign out?</title>{form}</html>"))
/// }
/// ```
#[derive(Clone)]
pub struct LogoutQuestion {
    pub(super) challenge: Secret,
    pub(super) client_name: String,
}

impl LogoutQuestion {
    /// The challenge, for a form of your own. Never log it.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::LogoutQuestion) {
    /// assert!(!question.challenge().is_empty());
    /// # }
    /// ```
    pub fn challenge(&self) -> &Secret {
        &self.challenge
    }

    /// The name or id of the application that asks for the logout, if one does.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::LogoutQuestion) {
    /// println!("asked by {}", question.client_name().unwrap_or("nobody"));
    /// # }
    /// ```
    pub fn client_name(&self) -> Option<&str> {
        Some(self.client_name.as_str()).filter(|name| !name.is_empty())
    }

    /// The question as an HTML form that is posted to `action`. An empty `action` is the URL of the page.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::LogoutQuestion) {
    /// assert!(question.form("/oauth2/logout").contains("name=\"decision\""));
    /// # }
    /// ```
    pub fn form(&self, action: &str) -> String {
        let asked_by = self.client_name().map(|name| format!("<p>{} asks for it.</p>\n", escape(name)));
        format!(
            "<form method=\"post\" action=\"{}\" class=\"fields\">\n{}{}\
             <button class=\"primary\" name=\"decision\" value=\"accept\">Sign out</button>\n\
             <button class=\"secondary\" name=\"decision\" value=\"reject\">Stay signed in</button>\n</form>",
            escape(action),
            hidden(Kind::Logout.parameter(), self.challenge.expose()),
            asked_by.unwrap_or_default(),
        )
    }

    /// A response with your page around the question. It is not kept, and no other site can show it inside its own.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::LogoutQuestion) {
    /// let response = question.page(format!("<title>Sign out?</title>{}", question.form("")));
    /// assert_eq!(response.headers()["cache-control"], "no-store");
    /// # }
    /// ```
    pub fn page(&self, html: impl Into<String>) -> Response<String> {
        page(StatusCode::OK, html.into())
    }

    /// A plain page with the question. Its form is posted to the same URL.
    ///
    /// ```
    /// # fn example(question: ory_sdk::web::provider::LogoutQuestion) {
    /// assert_eq!(question.into_response().status(), 200);
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        self.page(document("Sign out?", &self.form("")))
    }
}

/// Shows no challenge.
impl fmt::Debug for LogoutQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutQuestion").field("client_name", &self.client_name).finish_non_exhaustive()
    }
}

/// What a person decided: the argument of [`Provider::answer_logout`](super::Provider::answer_logout).
///
/// ```
/// use ory_sdk::web::provider::LogoutAnswer;
///
/// // As a browser posts the form of `LogoutQuestion::form`.
/// let answer = LogoutAnswer::from_form(b"logout_challenge=c&decision=accept")?;
/// assert!(answer.is_accepted());
/// # Ok::<(), ory_sdk::web::provider::ProviderError>(())
/// ```
#[derive(Clone)]
pub struct LogoutAnswer {
    pub(super) challenge: Secret,
    accepted: bool,
}

impl LogoutAnswer {
    /// The person signs out.
    ///
    /// ```
    /// use ory_sdk::web::provider::LogoutAnswer;
    ///
    /// assert!(LogoutAnswer::accept("c").is_accepted());
    /// ```
    pub fn accept(challenge: impl Into<Secret>) -> Self {
        Self { challenge: challenge.into(), accepted: true }
    }

    /// The person stays signed in.
    ///
    /// ```
    /// use ory_sdk::web::provider::LogoutAnswer;
    ///
    /// assert!(!LogoutAnswer::reject("c").is_accepted());
    /// ```
    pub fn reject(challenge: impl Into<Secret>) -> Self {
        Self { challenge: challenge.into(), accepted: false }
    }

    /// Reads the form of [`LogoutQuestion::form`], or one of your own with the same fields: `logout_challenge`, and
    /// `decision`, which is `accept` or `reject`.
    ///
    /// ```
    /// use ory_sdk::web::provider::LogoutAnswer;
    ///
    /// assert!(LogoutAnswer::from_form(b"decision=accept").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: no challenge, or no decision.
    pub fn from_form(form: impl AsRef<[u8]>) -> Result<Self, ProviderError> {
        let form = Parameters::of_form(form.as_ref());
        let challenge = form.challenge(Kind::Logout.parameter())?;
        match form.first("decision") {
            Some("accept") => Ok(Self::accept(challenge)),
            Some("reject") => Ok(Self::reject(challenge)),
            _ => {
                let text = "the field `decision` of the form must be `accept` or `reject`";
                Err(ProviderError::new(ProviderErrorKind::InvalidForm, text))
            }
        }
    }

    /// Whether the person signs out.
    ///
    /// ```
    /// use ory_sdk::web::provider::LogoutAnswer;
    ///
    /// assert!(LogoutAnswer::accept("c").is_accepted());
    /// ```
    pub fn is_accepted(&self) -> bool {
        self.accepted
    }
}

/// Shows no challenge.
impl fmt::Debug for LogoutAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutAnswer").field("accepted", &self.accepted).finish_non_exhaustive()
    }
}
