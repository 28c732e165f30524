//! Why a request is not let in.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::invalid_token::InvalidToken;
use crate::error::Error;

/// How long to wait if nobody says.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why a check refused. An outage is never taken for a bad token.
///
/// ```
/// use ory_sdk::jwt::Refusal;
///
/// # fn example(refusal: Refusal) {
/// match refusal {
///     Refusal::Invalid(why) => println!("401: {why}"),
///     Refusal::Unavailable { retry_after, .. } => println!("503: try again in {retry_after:?}"),
///     other => println!("{other}"),
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no token: the request has no bearer token, or the sign-in gave no ID token.
    Missing,
    /// The token is not good.
    Invalid(InvalidToken),
    /// The token is good, but does not allow this.
    InsufficientScope {
        /// The scope that is required.
        scope: String,
    },
    /// It is unknown whether the token is good: the keys or the server cannot be reached, or too many calls are under way.
    Unavailable {
        /// How long to wait before another try.
        retry_after: Duration,
        /// The error of the call, if one was made.
        error: Option<Arc<Error>>,
    },
}

impl Refusal {
    /// Whether it says nothing about the token.
    ///
    /// ```
    /// use ory_sdk::jwt::{InvalidToken, Refusal};
    /// assert!(!Refusal::Invalid(InvalidToken::Expired).is_unavailable());
    /// ```
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// It is unknown, without an error of a call.
    pub(super) const fn unknown() -> Self {
        Self::Unavailable { retry_after: RETRY_AFTER, error: None }
    }

    pub(super) fn of(error: Arc<Error>) -> Self {
        Self::Unavailable { retry_after: error.wait().unwrap_or(RETRY_AFTER), error: Some(error) }
    }
}

impl From<InvalidToken> for Refusal {
    fn from(why: InvalidToken) -> Self {
        Self::Invalid(why)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no token"),
            Self::Invalid(why) => write!(f, "{why}"),
            Self::InsufficientScope { scope } => write!(f, "the token lacks the scope {scope:?}"),
            Self::Unavailable { error: Some(error), .. } => write!(f, "the token could not be checked: {error}"),
            Self::Unavailable { error: None, .. } => f.write_str("the token could not be checked"),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unavailable { error: Some(error), .. } => Some(&**error),
            Self::Invalid(why) => Some(why),
            _ => None,
        }
    }
}
