//! A call before it is sent.

mod draft;
mod headers;
mod options;

pub(crate) use draft::Draft;
#[cfg(not(target_family = "wasm"))]
pub(crate) use headers::{is_credential, is_of_connection};
pub(crate) use options::{CallOptions, options};
