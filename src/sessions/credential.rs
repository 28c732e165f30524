//! The credential of a person, as a request carries it.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use super::refusal::Refusal;
use crate::client::Client;
use crate::credentials::{Caller, EndUser, fits_header};
use crate::privacy::Secret;

/// The longest credential that is sent to Kratos, in bytes. Longer ones are no session's: Kratos' own tokens and cookies
/// have some hundred.
const LONGEST: usize = 16 << 10;

/// The most cookies with the name of a session cookie. A browser has one for each domain and path.
const MOST_COOKIES: usize = 32;

/// A session token, or the session cookies of a browser.
///
/// ```
/// use ory_sdk::sessions::Credential;
///
/// let credential = Credential::session_token("ory_st_secret");
/// assert_eq!(format!("{credential:?}"), "Credential::SessionToken(..)");
/// ```
///
/// [`Sessions::credential`](super::Sessions::credential) finds it in a request. A clone is cheap.
#[derive(Clone)]
pub struct Credential {
    caller: Arc<Caller>,
}

impl Credential {
    /// The credential of a native app: what a login flow returned as `session_token`.
    pub fn session_token(token: impl Into<Secret>) -> Self {
        Self::of(EndUser::of_token(token.into()))
    }

    /// Finds the credential of a request, if it has one.
    pub(super) fn of_request(client: &Client, headers: &HeaderMap) -> Option<Self> {
        match EndUser::with_session(headers, &client.transport.cookie_names) {
            EndUser::Unknown => None,
            end_user => Some(Self::of(end_user)),
        }
    }

    fn of(end_user: EndUser) -> Self {
        Self { caller: Arc::new(Caller { end_user, ..Caller::default() }) }
    }

    /// The kind of credential, and its text.
    pub(super) fn parts(&self) -> (&'static str, &str) {
        match &self.caller.end_user {
            EndUser::Token(token) => ("token", token.expose()),
            EndUser::Cookies(cookies) => ("cookies", cookies.expose()),
            // An empty token.
            _ => ("nobody", ""),
        }
    }

    /// Whether there is nothing to ask for.
    pub(super) fn is_nobody(&self) -> bool {
        matches!(self.caller.end_user, EndUser::Unknown)
    }

    /// Refuses what no server would accept, as far as that can be known without asking.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let (kind, text) = self.parts();
        let why = if text.len() > LONGEST {
            "the credential is longer than 16 KiB"
        } else if kind == "cookies" && text.split(';').count() > MOST_COOKIES {
            "the request has more than 32 session cookies"
        } else if !fits_header(text) {
            "the credential contains a character that is not allowed in a header"
        } else {
            return Ok(());
        };
        Err(Refusal::Malformed { why })
    }

    /// A handle of the client that carries this credential and nothing else of a person.
    pub(super) fn client(&self, client: &Client) -> Client {
        Client { transport: Arc::clone(&client.transport), caller: Arc::clone(&self.caller) }
    }
}

/// Shows the kind.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.parts().0 {
            "token" => "Credential::SessionToken(..)",
            "cookies" => "Credential::Cookies(..)",
            _ => "Credential::Nobody",
        })
    }
}
