//! The way of a request to its server, and of the response back. `exchange` names the steps in their order.

#[cfg(any(target_os = "android", test))]
mod android;
mod body;
mod budget;
mod classify;
#[cfg(not(target_family = "wasm"))]
mod customized;
mod exchange;
#[cfg(target_family = "wasm")]
mod fetch;
#[cfg(not(target_family = "wasm"))]
mod http;
mod retry;
mod settings;
mod shared;
#[cfg(not(target_family = "wasm"))]
mod tls;
mod trace;
mod tries;

pub(crate) use budget::Budget;
pub(crate) use exchange::Exchanged;
#[cfg(target_family = "wasm")]
pub(crate) use fetch::{HttpClients, Incoming};
#[cfg(not(target_family = "wasm"))]
pub(crate) use http::{HttpClients, Incoming};
pub use retry::Retry;
#[cfg(any(fuzzing, test))]
pub(crate) use retry::{Ending, wait};
pub(crate) use settings::{Customize, HttpSettings};
pub(crate) use shared::Transport;
