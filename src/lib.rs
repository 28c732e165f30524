#![doc = include_str!("../README.md")]
// With some areas off, or another contract, parts of the shared layer have no caller; the build says when.
#![cfg_attr(ory_partial, allow(dead_code, unused_macros, unused_imports))]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::missing_errors_doc)]

#[cfg(all(target_family = "wasm", feature = "sessions"))]
compile_error!("the feature `sessions` is for services, which need an operating system");

#[cfg(all(target_family = "wasm", feature = "testing"))]
compile_error!("the feature `testing` starts a server, which needs an operating system");

#[cfg(all(feature = "jwt", not(any(feature = "aws-lc", feature = "ring"))))]
compile_error!("the feature `jwt` needs cryptography: add `aws-lc` or `ring`");

#[cfg(all(target_family = "wasm", feature = "jwt"))]
compile_error!("the feature `jwt` is for services, which need an operating system");

#[cfg(feature = "actions")]
pub mod actions;
mod call;
mod client;
mod codegen;
pub mod contract;
pub mod credentials;
#[cfg(feature = "jwt")]
mod crypto;
mod cursor;
pub mod docs;
pub mod error;
pub mod flow;
#[cfg(all(any(fuzzing, test), feature = "actions", feature = "frontend", feature = "jwt", feature = "testing"))]
#[doc(hidden)]
pub mod fuzzing;
mod generated;
pub mod input;
#[cfg(feature = "jwt")]
pub mod jwt;
pub mod lists;
mod platform;
mod privacy;
pub mod response;
mod routing;
#[cfg(feature = "sessions")]
pub mod sessions;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "tokens")]
pub mod tokens;
mod transport;
#[cfg(feature = "web")]
pub mod web;
mod wire;

pub use client::{Client, ClientBuilder, Sending};
pub use error::{Error, ErrorKind};
pub use generated::types;
pub use privacy::Secret;
pub use response::Response;

/// The result of a call.
///
/// ```
/// fn rows(page: ory_sdk::Result<Vec<String>>) -> ory_sdk::Result<usize> {
///     Ok(page?.len())
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Requests: a builder per operation, and one for any other request.
pub mod request {
    /// A builder per operation: what the methods of [`Client`](crate::Client) return.
    pub use crate::generated::ops;

    pub use crate::client::{CreateFlow, GetFlow, RequestBuilder, SubmitFlow};
}

/// How calls are repeated.
pub mod retry {
    pub use crate::transport::Retry;
}

/// Your own types for `traits`, metadata and other free JSON.
pub mod traits {
    pub use crate::wire::identity_traits::{InvalidTraits, decode, encode};
}

// The crates whose types are in this crate's public API, so that you need not match their versions.
pub use {bytes, chrono, http, reqwest, serde_json, url, uuid};
