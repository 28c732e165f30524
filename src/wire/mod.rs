//! Values as bytes and back.

pub(crate) mod budget;
mod foreign;
pub(crate) mod form;
pub(crate) mod free_json;
pub(crate) mod header;
pub(crate) mod http_date;
pub(crate) mod identity_traits;
pub(crate) mod json;
pub(crate) mod lenient;
pub(crate) mod macros;
mod mend;
pub(crate) mod mismatch;
pub(crate) mod path;
pub(crate) mod read;
pub(crate) mod read_object;
pub(crate) mod strict;
pub(crate) mod text;
pub(crate) mod timestamp;
pub(crate) mod union;
pub(crate) mod unset;
pub(crate) mod write_object;
