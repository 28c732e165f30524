//! The way of a request to its server, and of the response back. `exchange` names the steps in their order.

mod body;
mod budget;
mod classify;
mod exchange;
mod http;
mod retry;
mod runtime;
mod shared;
pub(crate) mod tls;
mod trace;
mod tries;

pub(crate) use budget::Budget;
pub(crate) use exchange::Exchanged;
pub(crate) use http::{Customize, HttpClients, HttpSettings};
pub use retry::Retry;
#[cfg(any(fuzzing, test))]
pub(crate) use retry::{Ending, wait};
pub(crate) use runtime::with_runtime;
pub(crate) use shared::Transport;
