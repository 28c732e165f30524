//! Tokens for calls, against servers on real sockets.

mod bearer_layer;
mod client_credentials;
mod code_flow;
mod device_flow;
mod providers;
mod recordings;
mod refresh_tokens;
mod requests;
mod rotation;
mod secrets;
mod settings;
mod storms;
mod support;
mod windows;
mod with_oauth2;
