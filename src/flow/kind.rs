//! The five kinds of self-service flow.

use std::fmt;
use std::str::FromStr;

use crate::input::InvalidArgument;

/// A kind of self-service flow.
///
/// ```
/// use ory_sdk::flow::FlowKind;
///
/// let kind: FlowKind = "login".parse()?;
/// assert_eq!(kind, FlowKind::Login);
/// assert_eq!(kind.as_str(), "login");
/// # Ok::<(), ory_sdk::error::InvalidArgument>(())
/// ```
///
/// [`Client::create_flow`](crate::Client::create_flow), [`Client::get_flow`](crate::Client::get_flow) and
/// [`Client::submit_flow`](crate::Client::submit_flow) take one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlowKind {
    /// Sign in.
    Login,
    /// Sign up.
    Registration,
    /// Change the password, profile or second factors.
    Settings,
    /// Get back into an account.
    Recovery,
    /// Verify an address.
    Verification,
}

impl FlowKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Login, Self::Registration, Self::Settings, Self::Recovery, Self::Verification];

    /// The name, as in Ory's paths: `/self-service/{name}/browser`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Registration => "registration",
            Self::Settings => "settings",
            Self::Recovery => "recovery",
            Self::Verification => "verification",
        }
    }
}

impl fmt::Display for FlowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FlowKind {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, InvalidArgument> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| InvalidArgument::new("expected login, registration, settings, recovery or verification"))
    }
}
