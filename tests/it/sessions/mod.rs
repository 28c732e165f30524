//! Checks of sessions, against servers on real sockets.

mod cache;
mod concurrent;
mod promise;
mod refusals;
mod secrets;
mod settings;
pub mod support;
mod watch;
