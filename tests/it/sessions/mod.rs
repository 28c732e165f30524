//! Checks of sessions, against servers on real sockets.

mod cache;
mod concurrent;
mod promise;
mod refusals;
mod secrets;
mod settings;
mod support;
mod watch;
