//! Whom a token must be for.

use std::fmt;

use super::invalid_token::InvalidToken;
use crate::input::InvalidSetting;

/// Whom a token must be for: one of these is enough. `None` for anybody.
#[derive(Clone)]
pub(super) struct Audience(Option<Vec<String>>);

impl Audience {
    /// Checks what a builder collected. `setting` adds one to `allowed`.
    pub(super) fn of(setting: &str, allowed: Vec<String>, is_any: bool) -> Result<Self, InvalidSetting> {
        let wrong = |why: String| Err(InvalidSetting::new(why));
        if allowed.iter().any(String::is_empty) {
            return wrong(format!("`{setting}` is empty"));
        }
        match (allowed.is_empty(), is_any) {
            (true, false) => wrong(format!("`{setting}` is missing: set whom the tokens must be for")),
            (false, true) => wrong(format!("`{setting}` and `any_audience` are both set: set only one")),
            _ => Ok(Self((!is_any).then_some(allowed))),
        }
    }

    /// Those that are allowed. Empty for anybody.
    pub(super) fn allowed(&self) -> &[String] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Checks whom a token is for.
    pub(super) fn check(&self, found: &[String]) -> Result<(), InvalidToken> {
        match &self.0 {
            Some(allowed) if !found.iter().any(|one| allowed.contains(one)) => Err(InvalidToken::Audience),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
