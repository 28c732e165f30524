//! What follows a flow that was submitted.

use std::fmt;

use super::form::Form;
use super::outcome::Outcome;
use crate::privacy::{Location, Redact, Secret};

/// The outcome of a flow that was submitted, of any kind: [`Client::submit_flow`](crate::Client::submit_flow).
///
/// ```
/// use ory_sdk::flow::Submitted;
///
/// # fn example(submitted: Submitted) {
/// match submitted {
///     Submitted::SignedIn { session_token } => println!("signed in, with a token: {}", session_token.is_some()),
///     Submitted::Form(form) => println!("draw the form again, in the state {}", form.state),
///     Submitted::Redirect(location) => println!("send the browser to {}", location.as_str()),
///     _ => {}
/// }
/// # }
/// ```
///
/// The response has everything else: its [`raw_body`](crate::Response::raw_body), its cookies, and the
/// [next step](crate::Response::next_step).
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Submitted {
    /// The flow continues, or is complete: draw it again. Its state and messages say which. A wrong recovery or
    /// verification code is among them: [`Form::is_rejected`].
    Form(Box<Form>),
    /// A login or registration succeeded.
    SignedIn {
        /// The session token of a native app. A browser gets cookies instead, and a registration may create no session.
        session_token: Option<Secret>,
    },
    /// The browser must go to this URL.
    Redirect(Location),
}

impl Submitted {
    /// Reads the body of a success.
    pub(crate) fn of(body: Outcome) -> Option<Self> {
        let Outcome { form, is_flow, is_signed_in, session_token } = body;
        if is_flow {
            return Some(Self::Form(Box::new(form)));
        }
        is_signed_in.then_some(Self::SignedIn { session_token })
    }
}

impl fmt::Debug for Submitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(form) => f.debug_tuple("Form").field(form).finish(),
            Self::SignedIn { session_token } => {
                f.debug_struct("SignedIn").field("session_token", session_token).finish()
            }
            Self::Redirect(location) => f.debug_tuple("Redirect").field(location).finish(),
        }
    }
}

impl Redact for Submitted {
    fn redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
