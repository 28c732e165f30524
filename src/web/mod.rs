//! What a web service responds with: who is let in, pages of flows, the login and consent provider (feature `web`).
//!
//! - [`SessionLayer`] and [`Guard`] protect routes of any service of tower: axum, tonic, hyper.
//! - [`ForwardAuth`] answers a proxy that asks whether a request may pass.
//! - [`axum`] has extractors for handlers (feature `axum`).
//! - [`pages`] shows the flows of Kratos, in a few lines each.
//! - [`forms`] draws them as HTML.
//! - [`provider`] is the login, consent and logout app of Hydra.

mod answers;
#[cfg(feature = "axum")]
pub mod axum;
pub mod forms;
mod html;
mod kratos_logout;
mod layers;
mod own_url;
pub mod pages;
#[cfg(feature = "oauth2")]
pub mod provider;
mod respond;

pub use answers::{Refused, RequestKind, SessionLayerBuilder};
pub use layers::{ForwardAuth, Guard, GuardService, SessionFuture, SessionLayer, SessionService};
