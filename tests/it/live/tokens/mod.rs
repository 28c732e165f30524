//! Tokens of real servers: access tokens of both kinds, keys that rotate under load, the code flow and the device flow,
//! refresh tokens, tokens of a service for itself, and tokenized sessions.
//!
//! ```sh
//! ORY_SDK_LIVE_HOOKS=127.0.0.1:18999 ORY_SDK_LIVE_SESSION_KEYS=/etc/kratos/sessions.public.json \
//! cargo test --test it -- live::tokens live::actions --ignored --nocapture
//! ```
//!
//! with the URLs of [`live`](super). `ORY_SDK_LIVE_HOOKS` is where the servers call the tests
//! ([`live::actions`](super::actions) has their configuration), and `ORY_SDK_LIVE_SESSION_KEYS` the file with the public
//! keys of the template below. Hydra:
//!
//! ```yaml
//! strategies:
//!   access_token: jwt
//! ```
//!
//! Kratos, with a key of your own for ES256 or any other algorithm:
//!
//! ```yaml
//! session:
//!   whoami:
//!     tokenizer:
//!       templates:
//!         app:
//!           ttl: 60s
//!           jwks_url: file:///etc/kratos/sessions.jwks.json
//!           claims_mapper_url: file:///etc/kratos/claims.jsonnet
//! ```
//!
//! where `claims.jsonnet` is
//!
//! ```jsonnet
//! local session = std.extVar('session');
//! { claims: { email: session.identity.traits.email, aal: session.authenticator_assurance_level } }
//! ```
//!
//! The tests make signing keys, sign with them, and delete them.

mod access;
mod code_flow;
mod device;
mod rotation;
mod service;
mod sessions;
