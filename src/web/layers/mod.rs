//! Layers and services of tower.

mod forward_auth;
mod guard;
mod session_layer;
mod visit;

pub use forward_auth::ForwardAuth;
pub use guard::{Guard, GuardService};
pub use session_layer::{SessionFuture, SessionLayer, SessionService};
pub(super) use visit::Visit;
