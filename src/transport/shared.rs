//! The settings of a client that all its clones share.

use std::time::Duration;

use http::HeaderValue;

use super::HttpClients;
use super::budget::Budget;
use super::retry::Retry;
use crate::credentials::{CookieNames, Credentials};
use crate::routing::Endpoints;

/// What all clones of a client share.
pub(crate) struct Transport {
    pub(crate) endpoints: Endpoints,
    pub(crate) credentials: Credentials,
    pub(crate) http: HttpClients,
    pub(crate) user_agent: Option<HeaderValue>,
    /// The limit of a whole call.
    pub(crate) timeout: Duration,
    /// How long a server may stay silent.
    pub(crate) stall_timeout: Duration,
    pub(crate) retry: Retry,
    pub(crate) budget: Budget,
    pub(crate) success_limit: usize,
    pub(crate) error_limit: usize,
    pub(crate) allow_insecure_http: bool,
    /// Whether arguments are checked against the bounds of the contract.
    pub(crate) validate: bool,
    pub(crate) cookie_names: CookieNames,
}

impl Transport {
    /// The same connections and credentials, for calls that are made once and return little.
    #[cfg(feature = "jwt")]
    pub(crate) fn once(&self, success_limit: usize) -> Self {
        Self {
            endpoints: self.endpoints.clone(),
            credentials: self.credentials.clone(),
            http: self.http.clone(),
            user_agent: self.user_agent.clone(),
            retry: Retry::off(),
            budget: Budget::new(0),
            success_limit: success_limit.min(self.success_limit),
            cookie_names: self.cookie_names.clone(),
            ..*self
        }
    }
}
