//! Why there is no token.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::error::{Error, ErrorKind, OAuth2ErrorCode, root_cause};
use crate::input::InvalidArgument;

/// Why there is no token.
///
/// ```
/// use ory_sdk::tokens::{TokenError, TokenErrorKind};
///
/// fn respond(error: &TokenError) -> u16 {
///     // One line, without a token, code or secret.
///     eprintln!("{error}");
///     match error.kind() {
///         TokenErrorKind::SignInAgain | TokenErrorKind::OutcomeUnknown => 401,
///         TokenErrorKind::Unavailable => 503,
///         _ => 500,
///     }
/// }
/// ```
///
/// All who wait for the same request share its error, so a clone is cheap. Neither `Display` nor `Debug` shows a token, a
/// code, a client secret or the `state`. Of an error of your own `store` they show the innermost text, on one line.
#[derive(Clone)]
pub struct TokenError {
    kind: TokenErrorKind,
    text: String,
    code: Option<OAuth2ErrorCode>,
    source: Option<Source>,
}

#[derive(Clone)]
enum Source {
    Call(Arc<Error>),
    Own(Arc<dyn std::error::Error + Send + Sync>),
}

/// The kinds of [`TokenError`].
///
/// ```
/// use ory_sdk::tokens::TokenErrorKind;
///
/// # fn example(error: ory_sdk::tokens::TokenError) {
/// if error.kind() == TokenErrorKind::Unavailable {
///     println!("try again in {:?}", error.retry_after());
/// }
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenErrorKind {
    /// The server refused, by an error of OAuth2: [`TokenError::oauth2_error`] says which. The same request would be refused
    /// again, unless a person, a client or a hook changes something.
    Refused,
    /// The refresh token or code is wrong, expired, revoked or used (`invalid_grant`). The person must sign in again.
    SignInAgain,
    /// It is unknown whether the server used up the refresh token or code: its response was lost or cannot be read. It is
    /// not sent again, since a server that sees it twice revokes every token of the person. The person must sign in again.
    OutcomeUnknown,
    /// The server cannot be reached, is overloaded or failed. Nothing was used up, so that another try may succeed.
    Unavailable,
    /// The server responded in a way that was not expected.
    Unexpected,
    /// The new tokens are there, but your own `store` failed. The next call stores them again; nothing is lost.
    NotStored,
    /// The callback has no `state`, or another one than this browser was sent away with: somebody else may have begun it.
    WrongState,
    /// The callback names another issuer than the one that the browser was sent to (RFC 9207).
    WrongIssuer,
    /// The callback has neither a code nor an error, or has a parameter twice.
    InvalidCallback,
    /// The codes of a device ran out before the person allowed the sign-in.
    Expired,
    /// A setting is missing or wrong, or there is no tokio runtime. Nothing was sent.
    Configuration,
}

impl TokenError {
    pub(super) fn new(kind: TokenErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), code: None, source: None }
    }

    /// What a failed call means, where it used up nothing.
    pub(super) fn of_call(error: Error) -> Self {
        let kind = match error.kind() {
            _ if error.is_unavailable() => TokenErrorKind::Unavailable,
            ErrorKind::Argument | ErrorKind::Configuration => TokenErrorKind::Configuration,
            ErrorKind::Api if error.oauth2_error().is_some() => TokenErrorKind::Refused,
            _ => TokenErrorKind::Unexpected,
        };
        Self::with_call(kind, "there is no token", error)
    }

    /// What a failed call means that may have used up a code or refresh token, which `what` names.
    pub(super) fn of_exchange(what: &str, error: Error) -> Self {
        if may_be_used_up(&error) {
            let code = error.oauth2_error();
            return Self { code, source: Some(Source::Call(Arc::new(error))), ..Self::unknown(what) };
        }
        if is_grant_over(&error) {
            let text = format!("the {what} is not accepted any more, so the person must sign in again");
            return Self::with_call(TokenErrorKind::SignInAgain, text, error);
        }
        Self::of_call(error)
    }

    /// A request was lost that may have used up a code or refresh token.
    pub(super) fn unknown(what: &str) -> Self {
        let text = format!("it is unknown whether the {what} was used up, so the person must sign in again");
        Self::new(TokenErrorKind::OutcomeUnknown, text)
    }

    pub(super) fn with_call(kind: TokenErrorKind, text: impl Into<String>, error: Error) -> Self {
        let code = error.oauth2_error();
        Self { kind, text: text.into(), code, source: Some(Source::Call(Arc::new(error))) }
    }

    /// A callback in which the server refuses.
    pub(super) fn refused(code: &str, text: String) -> Self {
        Self { code: Some(OAuth2ErrorCode::from(code)), ..Self::new(TokenErrorKind::Refused, text) }
    }

    /// What the caller's own `store` says.
    pub(super) fn not_stored(why: Box<dyn std::error::Error + Send + Sync>) -> Self {
        let source = Some(Source::Own(Arc::from(why)));
        Self { source, ..Self::new(TokenErrorKind::NotStored, "the new tokens could not be stored") }
    }

    /// Why a request that was shared has no result.
    pub(super) fn cut_off() -> Self {
        match Handle::try_current() {
            Ok(_) => Self::new(TokenErrorKind::Unexpected, "the task that asked for a token was cut off or panicked"),
            Err(_) => Self::new(
                TokenErrorKind::Configuration,
                "expected a tokio runtime with timers and I/O, but there is none: build it with `enable_all`",
            ),
        }
    }

    pub(super) fn without_random() -> Self {
        Self::new(TokenErrorKind::Configuration, "the operating system has no random numbers")
    }

    /// The kind of failure.
    ///
    /// ```
    /// # fn example(error: ory_sdk::tokens::TokenError) {
    /// println!("{:?}", error.kind());
    /// # }
    /// ```
    pub fn kind(&self) -> TokenErrorKind {
        self.kind
    }

    /// The `error` code with which the server refused (RFC 6749, sections 4.1.2.1 and 5.2).
    ///
    /// ```
    /// use ory_sdk::error::OAuth2ErrorCode;
    ///
    /// # fn example(error: ory_sdk::tokens::TokenError) {
    /// if error.oauth2_error() == Some(OAuth2ErrorCode::AccessDenied) {
    ///     println!("the person said no");
    /// }
    /// # }
    /// ```
    pub fn oauth2_error(&self) -> Option<OAuth2ErrorCode> {
        self.code.clone()
    }

    /// How long the server wants to be left alone, if it says so.
    ///
    /// ```
    /// # fn example(error: ory_sdk::tokens::TokenError) {
    /// let wait = error.retry_after().unwrap_or(std::time::Duration::from_secs(1));
    /// # }
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        self.call()?.wait()
    }

    /// The error of the call that failed, if one was made.
    ///
    /// ```
    /// # fn example(error: ory_sdk::tokens::TokenError) {
    /// if let Some(call) = error.call() {
    ///     eprintln!("{}", call.log_safe());
    /// }
    /// # }
    /// ```
    pub fn call(&self) -> Option<&Error> {
        match &self.source {
            Some(Source::Call(error)) => Some(error),
            _ => None,
        }
    }
}

/// Whether the server may have used up a code or refresh token and nobody has what it gave for it.
fn may_be_used_up(error: &Error) -> bool {
    if error.outcome_unknown() {
        return true;
    }
    match error.kind() {
        // A success that cannot be read.
        ErrorKind::Decode | ErrorKind::TooLarge => true,
        // A gateway that lost its server does not know either. Hydra itself takes everything back when it fails.
        ErrorKind::Api if error.is_server_error() => match error.status().map(|status| status.as_u16()) {
            Some(500) => error.oauth2_error() != Some(OAuth2ErrorCode::ServerError),
            status => status != Some(503),
        },
        _ => false,
    }
}

/// Whether the server says that a code or refresh token is of no use. Hydra 2.0 has a word of its own.
fn is_grant_over(error: &Error) -> bool {
    matches!(error.oauth2_error(), Some(OAuth2ErrorCode::InvalidGrant | OAuth2ErrorCode::TokenInactive))
}

impl From<InvalidArgument> for TokenError {
    fn from(why: InvalidArgument) -> Self {
        Self::new(TokenErrorKind::Configuration, why.to_string())
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.source {
            Some(Source::Call(error)) => write!(f, ": {error}"),
            Some(Source::Own(error)) => write!(f, ": {}", root_cause(&**error)),
            None => Ok(()),
        }
    }
}

/// Shows what `Display` shows, since an error of the caller's own may show anything.
impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenError").field("kind", &self.kind).field("text", &self.to_string()).finish_non_exhaustive()
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.source {
            Some(Source::Call(error)) => Some(&**error),
            Some(Source::Own(error)) => Some(&**error),
            None => None,
        }
    }
}
