//! The calls that Kratos and Hydra make to a service (feature `actions`): authenticated, read, and answered.
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # fn example() -> Result<(), ory_sdk::error::InvalidSetting> {
//! use axum::Router;
//! use axum::routing::post;
//! use ory_sdk::actions::{Action, ActionAuth, ActionError, Decision, FlowContext, TokenDecision, TokenHook};
//!
//! async fn registered(call: Action<FlowContext>) -> Result<Decision, ActionError> {
//!     let identity = call.identity.as_ref().ok_or("the hook has no identity")?;
//!     println!("welcome, {}", identity.traits["email"]);
//!     Ok(Decision::Continue)
//! }
//!
//! async fn token(call: Action<TokenHook>) -> Result<TokenDecision, ActionError> {
//!     Ok(call.claims().set_access("tenant", 42).into())
//! }
//!
//! let auth = ActionAuth::header("x-api-key", "a long random text")?;
//! let app: Router =
//!     Router::new().route("/registered", post(registered)).route("/token", post(token)).with_state(auth);
//! # let _ = app;
//! # Ok(())
//! # }
//! ```
//!
//! | call | type | decision |
//! | --- | --- | --- |
//! | `web_hook` of Kratos | [`FlowContext`], or your own | [`Decision`] |
//! | password migration of Kratos | [`PasswordMigration`] | [`PasswordDecision`] |
//! | courier of Kratos by HTTP | [`CourierMessage`] | any 2xx |
//! | `token_hook` of Hydra | [`TokenHook`] | [`TokenDecision`] |
//! | `refresh_token_hook` of Hydra | [`RefreshTokenHook`] | [`TokenDecision`] |
//!
//! An [`Action`] is only made of a call that carries the credential of [`ActionAuth`]. A handler that fails is a 500
//! ([`ActionError`]), which the servers try again, and never a decision.
//!
//! With the feature `axum`, [`Action`] is an extractor, and the decisions are responses. Elsewhere, [`Action::read`] reads a
//! call, and `into_response` of the decisions makes an [`http::Response`].
//!
//! The guide [`actions`](crate::docs::actions) has the configuration of the servers, and the traps.

mod action;
mod auth;
#[cfg(feature = "axum")]
mod axum;
mod courier;
mod decision;
mod error;
mod flow_context;
mod flow_identity;
mod flow_session;
mod identity_change;
mod interrupt;
mod lenient;
mod password;
mod read;
mod refused;
mod respond;
mod token_decision;
mod token_hook;
mod token_session;

pub use action::Action;
pub use auth::ActionAuth;
pub use courier::CourierMessage;
pub use decision::Decision;
pub use error::ActionError;
pub use flow_context::{ActionFlow, FlowContext};
pub use flow_identity::{ActionAddress, ActionIdentity};
pub use flow_session::{ActionDevice, ActionMethod, ActionSession};
pub use identity_change::IdentityChange;
pub use interrupt::{ActionMessage, Interrupt};
pub use password::{PasswordDecision, PasswordMigration};
pub use refused::ActionRefused;
pub use token_decision::{TokenClaims, TokenDecision};
pub use token_hook::{RefreshTokenHook, TokenHook, TokenRequest};
pub use token_session::TokenSession;
