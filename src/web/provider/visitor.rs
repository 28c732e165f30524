//! Who visits a page.

use super::failure::ProviderError;
use super::person::{Person, Who};
use crate::error::{Error, NextStep};
use crate::generated::types::Session;
use crate::response::Response;
use crate::sessions::{Refusal, SignedIn};

/// Who visits a page, as Kratos says: made of what `to_session` returned.
///
/// ```
/// use ory_sdk::web::provider::{LoginStep, Provider, ProviderError};
/// use ory_sdk::{Client, http};
///
/// # #[cfg(feature = "frontend")]
/// async fn login(
///     ory: &Client,
///     provider: &Provider,
///     uri: &http::Uri,
///     headers: &http::HeaderMap,
/// ) -> Result<LoginStep, ProviderError> {
///     let session = ory.forwarding(headers).to_session().await;
///     provider.login(uri, &session).await
/// }
/// ```
///
/// | `to_session` | visitor |
/// | --- | --- |
/// | a session | `SignedIn` |
/// | 401 | `Nobody` |
/// | 403 with `session_aal2_required` | `WithoutSecondFactor` |
/// | anything else, such as an outage | `Unknown`: the pages respond with an error, and sign nobody out |
///
/// The result of [`Sessions::check`](crate::sessions::Sessions::check) is a visitor too, and so is an `Option<&Session>`. Ask
/// for a [fresh](crate::sessions::Check::fresh) check: what is granted here outlives a session that was revoked.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Visitor<'a> {
    /// Nobody is signed in.
    Nobody,
    /// This session is valid now.
    SignedIn(&'a Session),
    /// Kratos wants a second factor before it says who it is.
    WithoutSecondFactor,
    /// Nobody knows, for this reason.
    Unknown(&'a Error),
    /// Nobody knows, or the session is not enough, as a check says.
    Refused(&'a Refusal),
}

impl<'a> Visitor<'a> {
    /// The person, if there is one.
    pub(super) fn who(self) -> Result<Who<'a>, ProviderError> {
        match self {
            Self::Nobody => Ok(Who::Nobody),
            Self::WithoutSecondFactor => Ok(Who::WithoutSecondFactor),
            Self::SignedIn(session) => Ok(Person::of(session).map_or(Who::Nobody, Who::Person)),
            Self::Unknown(error) => Err(ProviderError::of_session(error)),
            Self::Refused(refusal) => Err(ProviderError::of_refusal(refusal)),
        }
    }
}

impl<'a> From<Option<&'a Session>> for Visitor<'a> {
    fn from(session: Option<&'a Session>) -> Self {
        session.map_or(Self::Nobody, Self::SignedIn)
    }
}

impl<'a> From<&'a Session> for Visitor<'a> {
    fn from(session: &'a Session) -> Self {
        Self::SignedIn(session)
    }
}

impl<'a> From<&'a SignedIn> for Visitor<'a> {
    fn from(person: &'a SignedIn) -> Self {
        Self::SignedIn(person.session())
    }
}

impl<'a> From<&'a Result<SignedIn, Refusal>> for Visitor<'a> {
    fn from(result: &'a Result<SignedIn, Refusal>) -> Self {
        match result {
            Ok(person) => person.into(),
            Err(Refusal::Nobody) => Self::Nobody,
            Err(Refusal::SecondFactor { .. }) => Self::WithoutSecondFactor,
            Err(Refusal::Unavailable { error: Some(error), .. }) => Self::Unknown(error),
            Err(refusal) => Self::Refused(refusal),
        }
    }
}

impl<'a> From<&'a Result<Response<Session>, Error>> for Visitor<'a> {
    fn from(result: &'a Result<Response<Session>, Error>) -> Self {
        match result {
            Ok(session) => Self::SignedIn(session),
            Err(error) => match error.next_step() {
                Some(NextStep::SignIn) => Self::Nobody,
                Some(NextStep::StepUp { .. }) => Self::WithoutSecondFactor,
                _ => Self::Unknown(error),
            },
        }
    }
}
