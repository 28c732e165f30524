//! A call before it is sent.

mod draft;
mod options;

pub(crate) use draft::Draft;
pub(crate) use options::{CallOptions, options};
