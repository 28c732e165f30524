//! Guides: how to use the client, one topic per page.
//!
//! - [`web_services`]: check sessions, draw and submit flows, relay cookies, ask for a second factor.
#![cfg_attr(
    feature = "web",
    doc = "- [`protect_a_service`]: decide who may use a route, and what everybody else gets.\n\
           - [`login_pages`]: serve your own pages for login, registration, settings, recovery and verification.\n\
           - [`behind_a_proxy`]: answer nginx, Traefik or Envoy whether a request may pass."
)]
#![cfg_attr(
    all(feature = "web", feature = "oauth2"),
    doc = "- [`login_and_consent`]: be the app where people sign in and grant access to OAuth2 applications."
)]
#![cfg_attr(feature = "jwt", doc = "- [`resource_server`]: check access tokens, JSON Web Tokens and opaque ones.")]
#![cfg_attr(feature = "actions", doc = "- [`actions`]: take the calls that Kratos and Hydra make to a service.")]
#![cfg_attr(
    feature = "tokens",
    doc = "- [`calls_between_services`]: get tokens for a service, and put them into its calls.\n\
           - [`code_flow`]: sign people in with Hydra as an application, keep their refresh tokens, and sign in a device."
)]
//! - [`credentials`]: see which credential goes where, and over which connections.
//! - [`errors`]: find out what failed and what to do next.
//! - [`responses`]: what the types tolerate, and what they insist on.
//! - [`lists`]: walk through lists by page or by row, and resume later.
//! - [`permissions`]: write relationships, and ask Keto who may do what.
//! - [`limits`]: set time limits and retries, for a session check and for a batch job.
//! - [`connections`]: reuse connections, speak HTTP/2, take compressed responses, go through a proxy, trust an authority.
//! - [`tracing`]: see each call as a span.
//! - [`testing`]: run Kratos and Hydra inside your test process.
//! - [`platforms`]: what differs on Android, musl and in a browser, and what other crates in the program notice.
//! - [`another_contract`]: compile Ory's own document of the release that you run.
//! - [`todays_names`]: find an operation by the name that Ory gives it today.
//! - [`from_ruby`]: find what you know from Ory's Ruby client.

#[doc = include_str!("web_services.md")]
pub mod web_services {}

#[cfg(feature = "web")]
#[doc = include_str!("protect_a_service.md")]
pub mod protect_a_service {}

#[cfg(feature = "web")]
#[doc = include_str!("login_pages.md")]
pub mod login_pages {}

#[cfg(feature = "web")]
#[doc = include_str!("behind_a_proxy.md")]
pub mod behind_a_proxy {}

#[cfg(all(feature = "web", feature = "oauth2"))]
#[doc = include_str!("login_and_consent.md")]
pub mod login_and_consent {}

#[cfg(feature = "jwt")]
#[doc = include_str!("resource_server.md")]
#[cfg_attr(feature = "sessions", doc = "\n[`sessions`]: crate::sessions")]
#[cfg_attr(not(feature = "sessions"), doc = "\n[`sessions`]: https://docs.rs/ory-sdk/latest/ory_sdk/sessions/")]
#[doc = "\n[`SessionTokens`]: crate::jwt::SessionTokens"]
pub mod resource_server {}

#[cfg(feature = "actions")]
#[doc = include_str!("actions.md")]
pub mod actions {}

#[cfg(feature = "tokens")]
#[doc = include_str!("calls_between_services.md")]
pub mod calls_between_services {}

#[cfg(feature = "tokens")]
#[doc = include_str!("code_flow.md")]
pub mod code_flow {}

#[doc = include_str!("credentials.md")]
pub mod credentials {}

#[doc = include_str!("errors.md")]
pub mod errors {}

#[doc = include_str!("responses.md")]
pub mod responses {}

#[doc = include_str!("lists.md")]
pub mod lists {}

#[doc = include_str!("permissions.md")]
pub mod permissions {}

#[doc = include_str!("limits.md")]
pub mod limits {}

#[doc = include_str!("connections.md")]
pub mod connections {}

#[doc = include_str!("tracing.md")]
pub mod tracing {}

#[doc = include_str!("testing.md")]
#[cfg_attr(feature = "testing", doc = "\n[`StandIn`]: crate::testing::StandIn")]
#[cfg_attr(
    not(feature = "testing"),
    doc = "\n[`StandIn`]: https://docs.rs/ory-sdk/latest/ory_sdk/testing/struct.StandIn.html"
)]
pub mod testing {}

#[doc = include_str!("platforms.md")]
pub mod platforms {}

// The program of this guide is the file that a reader copies, so it has no hidden lines that name features.
#[cfg_attr(any(not(doctest), all(feature = "frontend", feature = "identity")), doc = include_str!("another_contract.md"))]
#[cfg_attr(all(doctest, not(all(feature = "frontend", feature = "identity"))), doc = "Another contract.")]
pub mod another_contract {}

#[doc = include_str!("todays_names.md")]
#[doc = include_str!(concat!(env!("OUT_DIR"), "/todays_names.md"))]
pub mod todays_names {}

#[doc = include_str!("from_ruby.md")]
pub mod from_ruby {}
