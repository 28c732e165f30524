#![doc = include_str!("../README.md")]
// With some areas off, or another contract, parts of the shared layer have no caller; the build says when.
#![cfg_attr(ory_partial, allow(dead_code, unused_macros, unused_imports))]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::missing_errors_doc)]

mod answer;
mod argument;
mod call;
mod client;
mod client_builder;
mod cookies;
mod credentials;
mod cursor;
mod endpoints;
mod environment;
mod error;
mod error_body;
mod error_codes;
mod fields;
mod form;
#[cfg(all(any(fuzzing, test), feature = "frontend", feature = "oauth2"))]
#[doc(hidden)]
pub mod fuzzing;
mod generated;
mod go_duration;
mod hooks;
mod items;
mod json_patch;
mod link;
mod macros;
mod misfit;
mod next;
mod offset_token;
mod operation;
mod pages;
mod path_segment;
mod rate_limit;
mod request;
mod response;
mod retry;
mod secret;
mod sending;
mod show;
mod tagged;
#[cfg(feature = "testing")]
pub mod testing;
mod timestamp;
mod tls;
mod token;
mod tolerant;
mod trace;
pub mod traits;
mod walk;
mod wire_text;
mod writer;

pub use argument::InvalidArgument;
pub use client::Client;
pub use client_builder::{ClientBuilder, InvalidSetting};
pub use cookies::{CookieJar, SetCookie};
pub use cursor::Cursor;
pub use error::{Error, ErrorKind};
pub use error_codes::{ErrorId, OAuthError};
pub use form::{Flow, Form, Message, Node};
pub use generated::{operation as builder, types};
pub use go_duration::{format_duration, parse_duration};
pub use items::Items;
pub use json_patch::{JsonPatch, pointer_token};
pub use next::Next;
pub use pages::{Page, Pages};
pub use path_segment::PathSegment;
pub use rate_limit::RateLimit;
pub use request::RequestBuilder;
pub use response::{JsonOrText, Location, OrRedirect, Response};
pub use retry::Retry;
pub use secret::Secret;
pub use sending::Sending;
pub use token::{TokenFuture, TokenProvider};

pub(crate) use macros::{open_enum, tagged_union};

pub mod contract;

#[doc = include_str!("another_contract.md")]
pub mod another_contract {}

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

/// The document that was compiled, so that a test can assert which one it is: [`Contract`](contract::Contract).
///
/// ```
/// assert_eq!(ory_sdk::contract().title, "Ory");
/// ```
pub fn contract() -> contract::Contract {
    use generated::{CHANGES, SHA256, TITLE, VERSION};

    let operations = operations().len();
    contract::Contract { title: TITLE, version: VERSION, sha256: SHA256, operations, changes: CHANGES }
}
