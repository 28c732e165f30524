//! Why a setting was refused.

use std::fmt;

use super::line::on_one_line;

/// A setting that was refused when the client was built.
///
/// ```
/// let why = ory_sdk::Client::builder().kratos_public_url("kratos:4433/?x").build().unwrap_err();
/// assert!(why.to_string().starts_with("`kratos_public_url`: "));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSetting(String);

impl InvalidSetting {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(on_one_line(why.into()))
    }
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidSetting {}
