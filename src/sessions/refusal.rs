//! Why somebody is not let in.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorId, NextStep};
use crate::privacy::Location;

/// How long to wait if nobody says.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why a check refused. An outage is never taken for "nobody is signed in".
///
/// ```
/// use ory_sdk::sessions::Refusal;
///
/// # fn example(refusal: Refusal) {
/// match refusal {
///     Refusal::Nobody => println!("show the login page"),
///     Refusal::SecondFactor { url } => println!("ask for a second factor at {url:?}"),
///     Refusal::Unavailable { retry_after, .. } => println!("try again in {retry_after:?}"),
///     other => println!("{other}"),
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Refusal {
    /// Nobody is signed in: there is no credential, or Kratos does not know it (401).
    Nobody,
    /// A second factor is required.
    SecondFactor {
        /// The page for it, where one is known.
        url: Option<Location>,
    },
    /// The person signed in too long ago.
    SignInAgain {
        /// The page for it, where one is known.
        url: Option<Location>,
    },
    /// No address is verified.
    Unverified {
        /// The page for it, where one is known.
        url: Option<Location>,
    },
    /// Kratos refuses this person (403), or a check of your own does.
    Forbidden {
        /// Kratos' id of the error.
        id: Option<ErrorId>,
    },
    /// The credential cannot be sent to any server: it is too long, or not allowed in a header.
    Malformed {
        /// What is wrong with it.
        why: &'static str,
    },
    /// It is unknown who it is: Kratos cannot be reached, is overloaded or responds with something else, or too many
    /// checks are under way.
    Unavailable {
        /// How long to wait before another try.
        retry_after: Duration,
        /// The error of the call, if one was made.
        error: Option<Arc<Error>>,
    },
}

impl Refusal {
    /// A refusal of your own, for checks that you add: the answer is that of a 403.
    pub const fn forbidden() -> Self {
        Self::Forbidden { id: None }
    }

    /// Whether it says nothing about the person.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// It is not known who it is, without an error of a call.
    pub(super) const fn unknown() -> Self {
        Self::Unavailable { retry_after: RETRY_AFTER, error: None }
    }

    /// What a failed `toSession` says about the person. Only a 401 or 403 that Kratos itself sent does.
    pub(super) fn of(error: Error) -> Self {
        match error.next_step() {
            Some(NextStep::SignIn) => return Self::Nobody,
            Some(NextStep::StepUp { url }) => return Self::SecondFactor { url },
            Some(NextStep::Reauthenticate { url }) => return Self::SignInAgain { url },
            Some(NextStep::VerifyAddress { url, .. }) if error.is_forbidden() => return Self::Unverified { url },
            // The identity is disabled.
            Some(NextStep::NotAllowed) if error.is_unauthorized() => return Self::Nobody,
            Some(NextStep::NotAllowed) => return Self::Forbidden { id: error.id() },
            _ => {}
        }
        Self::Unavailable { retry_after: error.wait().unwrap_or(RETRY_AFTER), error: Some(Arc::new(error)) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody is signed in"),
            Self::SecondFactor { .. } => f.write_str("a second factor is required"),
            Self::SignInAgain { .. } => f.write_str("the last sign-in was too long ago"),
            Self::Unverified { .. } => f.write_str("no address is verified"),
            Self::Forbidden { id: Some(id) } => write!(f, "not allowed: {id}"),
            Self::Forbidden { id: None } => f.write_str("not allowed"),
            Self::Malformed { why } => f.write_str(why),
            Self::Unavailable { error: Some(error), .. } => write!(f, "the session could not be checked: {error}"),
            Self::Unavailable { error: None, .. } => f.write_str("the session could not be checked"),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unavailable { error: Some(error), .. } => Some(&**error),
            _ => None,
        }
    }
}
