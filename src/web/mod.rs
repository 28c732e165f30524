//! What a web service responds with: pages of flows, the login and consent provider, and refusals.

pub mod pages;
#[cfg(feature = "oauth2")]
pub mod provider;
