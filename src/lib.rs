#![doc = include_str!("../README.md")]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::missing_errors_doc)]

mod answer;
mod argument;
mod call;
mod client;
mod cookies;
mod credentials;
mod endpoints;
mod environment;
mod error;
mod error_body;
mod error_codes;
mod generated;
mod hooks;
mod macros;
mod operation;
mod path_segment;
mod request;
mod response;
mod secret;
mod show;
mod tls;
mod token;
mod tolerant;
mod wire_text;

pub use argument::InvalidArgument;
pub use client::{Client, ClientBuilder, InvalidSetting};
pub use cookies::{CookieJar, SetCookie};
pub use error::{Error, ErrorKind};
pub use error_codes::{ErrorId, OAuthError};
pub use generated::{operation as builder, types};
pub use path_segment::PathSegment;
pub use request::RequestBuilder;
pub use response::{JsonOrText, Location, OrRedirect, Response};
pub use secret::Secret;
pub use token::{TokenFuture, TokenProvider};

pub(crate) use macros::{open_enum, tagged_union};

/// The operation table: what the contract says of each operation that was compiled.
pub mod contract {
    pub use crate::operation::{Area, Argument, Body, Endpoint, Operation, Place, Repeat, Security};
}

/// Every operation that was compiled, in the contract's order.
///
/// ```
/// for operation in ory_sdk::operations() {
///     println!("{} {} {}", operation.name, operation.method, operation.path);
/// }
/// ```
pub fn operations() -> &'static [&'static contract::Operation] {
    generated::table::OPERATIONS
}
