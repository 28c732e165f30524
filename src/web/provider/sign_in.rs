//! A person who has to sign in first.

use http::Response;

use super::failure::ProviderError;
use super::redirect::Redirect;
use crate::privacy::Location;

/// Why a person has to sign in.
///
/// ```
/// use ory_sdk::web::provider::{SignIn, SignInReason};
///
/// # fn example(sign_in: &SignIn) {
/// if sign_in.reason() == SignInReason::TooLongAgo {
///     println!("{} wants you to sign in again", sign_in.client_name());
/// }
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignInReason {
    /// Nobody is signed in.
    Nobody,
    /// Kratos or the application (`acr_values=aal2`) wants a second factor.
    SecondFactor,
    /// The application wants a newer sign-in (`prompt=login`, `max_age`).
    TooLongAgo,
}

impl SignInReason {
    /// The mark in the URL to which the person returns.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Nobody => "sign_in",
            Self::SecondFactor => "second_factor",
            Self::TooLongAgo => "again",
        }
    }

    /// Whether Kratos can send a browser straight back, without anybody doing anything. Then it would come back for ever.
    pub(super) fn may_circle(self) -> bool {
        // A refresh always shows a form.
        self != Self::TooLongAgo
    }
}

/// A person who has to sign in first. Kratos then sends them back to the login page.
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::provider::SignIn;
///
/// fn respond(sign_in: SignIn) -> Response<String> {
///     println!("{} sends somebody to sign in", sign_in.client_name());
///     sign_in.into_response()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct SignIn {
    reason: SignInReason,
    redirect: Redirect,
    client_name: String,
    login_hint: Hint,
}

/// A login hint, which is personal: `Debug` says only whether there is one.
#[derive(Clone)]
struct Hint(Option<String>);

impl std::fmt::Debug for Hint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "some" } else { "none" })
    }
}

impl SignIn {
    pub(super) fn new(
        reason: SignInReason,
        url: Location,
        client_name: &str,
        login_hint: Option<String>,
    ) -> Result<Self, ProviderError> {
        let redirect = Redirect::to(url)?;
        Ok(Self { reason, redirect, client_name: client_name.to_owned(), login_hint: Hint(login_hint) })
    }

    /// Why.
    ///
    /// ```
    /// # fn example(sign_in: &ory_sdk::web::provider::SignIn) {
    /// println!("sign in: {:?}", sign_in.reason());
    /// # }
    /// ```
    pub fn reason(&self) -> SignInReason {
        self.reason
    }

    /// Where the person signs in: the URL at which Kratos starts the flow, or that of [your own
    /// page](super::ProviderBuilder::pages). It contains the challenge: do not log its query.
    ///
    /// ```
    /// # fn example(sign_in: &ory_sdk::web::provider::SignIn) {
    /// assert!(sign_in.url().query("return_to").is_some());
    /// # }
    /// ```
    pub fn url(&self) -> &Location {
        self.redirect.location()
    }

    /// The name of the application, or its id.
    ///
    /// ```
    /// # fn example(sign_in: &ory_sdk::web::provider::SignIn) {
    /// println!("to continue to {}", sign_in.client_name());
    /// # }
    /// ```
    pub fn client_name(&self) -> &str {
        &self.client_name
    }

    /// The identifier that the person will probably sign in with, in the words of the application: anybody can have written
    /// it.
    ///
    /// ```
    /// # fn example(sign_in: &ory_sdk::web::provider::SignIn) {
    /// println!("{} characters", sign_in.login_hint().map_or(0, str::len));
    /// # }
    /// ```
    pub fn login_hint(&self) -> Option<&str> {
        self.login_hint.0.as_deref()
    }

    /// Sends the browser to sign in.
    ///
    /// ```
    /// # fn example(sign_in: ory_sdk::web::provider::SignIn) {
    /// assert_eq!(sign_in.into_response().status(), 303);
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        self.redirect.into_response()
    }
}

impl From<SignIn> for Response<String> {
    fn from(sign_in: SignIn) -> Self {
        sign_in.into_response()
    }
}
