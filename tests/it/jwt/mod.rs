//! Tokens that are checked without a call, and those that Hydra is asked about.

mod bearers;
mod claims;
mod introspection;
mod key_set;
mod kinds;
mod peer;
mod secrets;
mod support;
