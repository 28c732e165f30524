//! Passwords that another system keeps.

use std::fmt;

use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::respond;
use crate::privacy::Secret;

/// What Kratos asks when somebody signs in whose password another system keeps (`password.config.migrate_hook`, since Kratos
/// 1.3).
///
/// ```
/// use ory_sdk::actions::{Action, ActionError, PasswordDecision, PasswordMigration};
///
/// # fn is_right(identifier: &str, password: &str) -> Result<bool, std::io::Error> { Ok(true) }
/// async fn password(call: Action<PasswordMigration>) -> Result<PasswordDecision, ActionError> {
///     let is_match = is_right(&call.identifier, call.password.expose())?;
///     Ok(if is_match { PasswordDecision::Match } else { PasswordDecision::NoMatch })
/// }
/// ```
///
/// Kratos asks for identities with `use_password_migration_hook: true` in the configuration of their password. After a match
/// it stores the password, and never asks for that person again.
///
/// `Debug` shows nothing of it.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct PasswordMigration {
    /// What the person typed as their name.
    pub identifier: String,
    /// What the person typed as their password.
    pub password: Secret,
}

impl fmt::Debug for PasswordMigration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordMigration").finish_non_exhaustive()
    }
}

/// Whether a password is right.
///
/// ```
/// use ory_sdk::actions::PasswordDecision;
///
/// let response = PasswordDecision::Match.into_response();
/// assert_eq!(response.body(), r#"{"status":"password_match"}"#);
/// assert_eq!(PasswordDecision::NoMatch.into_response().status(), 403);
/// ```
///
/// An error of the handler ([`ActionError`](super::ActionError)) is neither: Kratos tries three times, and then the person
/// gets a 502 instead of "wrong password".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PasswordDecision {
    /// It is right: 200 with `{"status":"password_match"}`.
    Match,
    /// It is wrong, or nobody has this identifier: 403.
    NoMatch,
}

impl PasswordDecision {
    /// The response.
    ///
    /// ```
    /// assert_eq!(ory_sdk::actions::PasswordDecision::Match.into_response().status(), 200);
    /// ```
    pub fn into_response(self) -> Response<String> {
        match self {
            Self::Match => respond::json(StatusCode::OK, &json!({"status": "password_match"})),
            Self::NoMatch => respond::empty(StatusCode::FORBIDDEN),
        }
    }
}

impl From<PasswordDecision> for Response<String> {
    fn from(decision: PasswordDecision) -> Self {
        decision.into_response()
    }
}
