//! The query with which a browser comes back from a sign-in.

use super::error::{TokenError, TokenErrorKind};
use super::pending_sign_in::PendingSignIn;
use crate::jwt::same_issuer;
use crate::privacy::Secret;

/// The longest text of the query that an error shows, in characters.
const LONGEST: usize = 200;

/// The parameters of a callback (RFC 6749, section 4.1.2; RFC 9207). None is looked at before the state was compared.
#[derive(Default)]
pub(super) struct Callback {
    state: Option<Secret>,
    code: Option<Secret>,
    issuer: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl Callback {
    pub(super) fn read(query: &str) -> Result<Self, TokenError> {
        let mut this = Self::default();
        let query = query.strip_prefix('?').unwrap_or(query);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let is_first = match &*name {
                "state" => this.state.replace(value.into()).is_none(),
                "code" => this.code.replace(value.into()).is_none(),
                "iss" => this.issuer.replace(value.into()).is_none(),
                "error" => this.error.replace(value.into()).is_none(),
                "error_description" => this.description.replace(value.into()).is_none(),
                _ => true,
            };
            if !is_first {
                let text = format!("the callback has `{name}` twice");
                return Err(TokenError::new(TokenErrorKind::InvalidCallback, text));
            }
        }
        Ok(this)
    }

    /// The code, if the callback belongs to this browser's sign-in and the server did not refuse.
    pub(super) fn code(self, pending: &PendingSignIn, issuer: &str) -> Result<Secret, TokenError> {
        let wrong = |kind, text: &str| Err(TokenError::new(kind, text));
        match self.state {
            None => return wrong(TokenErrorKind::WrongState, "the callback has no `state`"),
            // Secrets are compared in constant time.
            Some(state) if state != pending.state => {
                return wrong(
                    TokenErrorKind::WrongState,
                    "the `state` of the callback is not the one that this browser was sent away with",
                );
            }
            Some(_) => {}
        }
        if let Some(other) = self.issuer.filter(|other| !same_issuer(other, issuer)) {
            let text = format!("`iss` of the callback: expected {}, not {}", shown(issuer), shown(&other));
            return wrong(TokenErrorKind::WrongIssuer, &text);
        }
        if let Some(error) = self.error {
            let why = self.description.filter(|why| !why.is_empty()).map(|why| format!(": {}", shown(&why)));
            let text = format!("the server refused the sign-in: {}{}", shown(&error), why.unwrap_or_default());
            return Err(TokenError::refused(&error, text));
        }
        match self.code.filter(|code| !code.is_empty()) {
            Some(code) => Ok(code),
            None => wrong(TokenErrorKind::InvalidCallback, "the callback has neither `code` nor `error`"),
        }
    }
}

/// A text of the query in quotes, escaped and cut.
fn shown(text: &str) -> String {
    let start: String = text.chars().take(LONGEST).collect();
    let more = if start.len() < text.len() { ".." } else { "" };
    // Quotes would let a text end early, and everything beyond ASCII may look like something else.
    let escaped: String = start.chars().flat_map(char::escape_default).collect();
    format!("\"{escaped}\"{more}")
}
