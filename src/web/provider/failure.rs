//! Why a page cannot do what it is for.

use std::fmt;
use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{Response, StatusCode};

use crate::error::{Error, ErrorKind, NextStep};
use crate::sessions::Refusal;
use crate::web::html::message;
use crate::web::respond::{DEFAULT_WAIT, page, retry_after, sentence};

/// Why a [`Provider`](super::Provider) did not do what was asked.
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::provider::{ProviderError, ProviderErrorKind};
///
/// fn respond(error: ProviderError) -> Response<String> {
///     if error.kind() == ProviderErrorKind::Unavailable {
///         // One line, without a challenge.
///         eprintln!("{error}");
///     }
///     // A plain page with the right status. `status` and `kind` are there for a page of your own.
///     error.into_response()
/// }
/// ```
///
/// It never contains a challenge, a cookie or a flow's id. With the feature `axum`, it is a response, so `?` works in handlers.
#[derive(Debug)]
pub struct ProviderError {
    kind: ProviderErrorKind,
    text: String,
    source: Option<Box<Error>>,
    /// How long a server wants to be left alone.
    wait: Option<Duration>,
}

/// The kinds of [`ProviderError`].
///
/// ```
/// use ory_sdk::web::provider::ProviderErrorKind;
///
/// # fn example(error: ory_sdk::web::provider::ProviderError) {
/// match error.kind() {
///     ProviderErrorKind::Expired => println!("ask the person to start again at the application"),
///     ProviderErrorKind::Unavailable => println!("try again later"),
///     _ => println!("{error}"),
/// }
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProviderErrorKind {
    /// The URL or the form has no challenge. 400.
    MissingChallenge,
    /// Hydra knows no such challenge. 404.
    UnknownChallenge,
    /// The challenge has expired, so the person starts again at the application. 410.
    Expired,
    /// The challenge belongs to somebody else than the person who is signed in. Nothing was sent to Hydra, so that its
    /// owner can still use it. 403.
    OtherPerson,
    /// The answer grants a scope or an audience that the application did not ask for. Nothing was granted. 400.
    NotRequested,
    /// A page of another site sent the answer. 403.
    CrossSite,
    /// The form that was posted is not one of this module's. 400.
    InvalidForm,
    /// Hydra refused what an application asked for, and cannot tell the application. 400.
    Refused,
    /// The person signed in, and still their session did not arrive here. 403.
    SessionMissing,
    /// Kratos refuses the session for a reason that no sign-in changes. 403.
    NotAllowed,
    /// Kratos or Hydra cannot be reached, is overloaded or failed. 503, with `Retry-After`.
    Unavailable,
    /// Kratos or Hydra responded in a way that was not expected. 502.
    Unexpected,
    /// The client lacks a setting, such as the URL of Hydra's administrative API. 500.
    Configuration,
}

impl ProviderError {
    pub(super) fn new(kind: ProviderErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), source: None, wait: None }
    }

    pub(super) fn unexpected(text: &str) -> Self {
        Self::new(ProviderErrorKind::Unexpected, text)
    }

    /// What an error of a call means for the page.
    pub(super) fn of_call(error: Error) -> Self {
        let (kind, text) = match error.next_step() {
            Some(NextStep::Expired { .. }) => {
                (ProviderErrorKind::Expired, "this request has expired: start again at the application")
            }
            Some(NextStep::NotFound) => (ProviderErrorKind::UnknownChallenge, "there is no such request"),
            _ if error.is_unavailable() => (ProviderErrorKind::Unavailable, "the sign-in service cannot be reached"),
            _ if error.kind() == ErrorKind::Configuration => {
                (ProviderErrorKind::Configuration, "the sign-in service is not set up")
            }
            _ => (ProviderErrorKind::Unexpected, "the sign-in service gave an unexpected response"),
        };
        Self { kind, text: text.to_owned(), wait: error.wait(), source: Some(Box::new(error)) }
    }

    /// The same for a call about the session.
    pub(super) fn of_session(error: &Error) -> Self {
        let kind = match error.kind() {
            _ if error.is_unavailable() => ProviderErrorKind::Unavailable,
            ErrorKind::Configuration => ProviderErrorKind::Configuration,
            _ if error.is_forbidden() => ProviderErrorKind::NotAllowed,
            _ => ProviderErrorKind::Unexpected,
        };
        // Like every error of the client, it shows no credential.
        let text = format!("the session cannot be checked: {error}");
        Self { wait: error.wait(), ..Self::new(kind, text) }
    }

    /// What a check that lets nobody in means for the page.
    pub(super) fn of_refusal(refusal: &Refusal) -> Self {
        let (kind, wait) = match refusal {
            Refusal::Unavailable { retry_after, .. } => (ProviderErrorKind::Unavailable, Some(*retry_after)),
            _ => (ProviderErrorKind::NotAllowed, None),
        };
        Self { wait, ..Self::new(kind, refusal.to_string()) }
    }

    /// The kind of failure.
    ///
    /// ```
    /// use ory_sdk::web::provider::ProviderErrorKind;
    ///
    /// # fn example(error: ory_sdk::web::provider::ProviderError) {
    /// if error.kind() == ProviderErrorKind::OtherPerson {
    ///     println!("offer to sign out");
    /// }
    /// # }
    /// ```
    pub fn kind(&self) -> ProviderErrorKind {
        self.kind
    }

    /// The status of the response.
    ///
    /// ```
    /// # fn example(error: ory_sdk::web::provider::ProviderError) {
    /// assert!(error.status().as_u16() >= 400);
    /// # }
    /// ```
    pub fn status(&self) -> StatusCode {
        match self.kind {
            ProviderErrorKind::MissingChallenge
            | ProviderErrorKind::NotRequested
            | ProviderErrorKind::InvalidForm
            | ProviderErrorKind::Refused => StatusCode::BAD_REQUEST,
            ProviderErrorKind::UnknownChallenge => StatusCode::NOT_FOUND,
            ProviderErrorKind::Expired => StatusCode::GONE,
            ProviderErrorKind::OtherPerson
            | ProviderErrorKind::CrossSite
            | ProviderErrorKind::SessionMissing
            | ProviderErrorKind::NotAllowed => StatusCode::FORBIDDEN,
            ProviderErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ProviderErrorKind::Unexpected => StatusCode::BAD_GATEWAY,
            ProviderErrorKind::Configuration => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The error of the call to Hydra or Kratos that failed.
    ///
    /// ```
    /// # fn example(error: ory_sdk::web::provider::ProviderError) {
    /// if let Some(call) = error.call() {
    ///     eprintln!("{}", call.log_safe());
    /// }
    /// # }
    /// ```
    pub fn call(&self) -> Option<&Error> {
        self.source.as_deref()
    }

    /// What a page of your own says, in a sentence without a full stop that begins in lower case. It contains nothing of the
    /// request, and nothing that a server said.
    ///
    /// ```
    /// # fn example(error: ory_sdk::web::provider::ProviderError) {
    /// println!("<p>{}</p>", error.text());
    /// # }
    /// ```
    pub fn text(&self) -> &str {
        // What the servers said is for a log. The person reads this crate's own words.
        if self.kind.is_internal() { "please try again later" } else { &self.text }
    }

    /// How long to wait before another try: `Retry-After` of the response, after an outage.
    ///
    /// ```
    /// # fn example(error: ory_sdk::web::provider::ProviderError) {
    /// println!("{:?}", error.retry_after());
    /// # }
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        let wait = self.wait.unwrap_or(DEFAULT_WAIT).max(Duration::from_secs(1));
        (self.kind == ProviderErrorKind::Unavailable).then_some(wait)
    }

    /// A plain page that says what is wrong, and that is not kept. After an outage it has `Retry-After`.
    ///
    /// ```
    /// # fn example(error: ory_sdk::web::provider::ProviderError) {
    /// let response = error.into_response();
    /// assert_eq!(response.headers()["cache-control"], "no-store");
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        let title = self.status().canonical_reason().unwrap_or("Error");
        let mut response = page(self.status(), message(title, &sentence(self.text()), None));
        if let Some(wait) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, retry_after(wait));
        }
        response
    }
}

impl ProviderErrorKind {
    fn is_internal(self) -> bool {
        matches!(self, Self::Unavailable | Self::Unexpected | Self::Configuration | Self::NotAllowed)
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ProviderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The response of [`into_response`](ProviderError::into_response).
#[cfg(feature = "axum")]
impl axum::response::IntoResponse for ProviderError {
    fn into_response(self) -> axum::response::Response {
        Response::from(self).into_response()
    }
}

impl From<ProviderError> for Response<String> {
    fn from(error: ProviderError) -> Self {
        error.into_response()
    }
}
