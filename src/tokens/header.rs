//! Tokens as header values.

use http::HeaderValue;

use super::error::{TokenError, TokenErrorKind};
use crate::credentials::{bearer, sensitive};
use crate::privacy::Secret;

/// The value of `Authorization`, which HTTP libraries do not log.
pub(super) fn authorization(token: &Secret) -> Result<HeaderValue, TokenError> {
    let value = bearer(token, "the token provider").and_then(|value| sensitive(value.expose()));
    value.map_err(|why| TokenError::new(TokenErrorKind::Unexpected, why))
}
