//! Places in lists, as text that can be stored.

mod fingerprint;
mod list_cursor;
mod step;

pub(crate) use fingerprint::fingerprint;
pub use list_cursor::Cursor;
pub(crate) use list_cursor::{ListMark, NOT_OURS};
pub(crate) use step::{Base, Step};
