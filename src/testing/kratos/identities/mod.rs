//! Administration of identities, and the JSON of an identity.

pub(super) mod json;

mod content;
mod list;
mod operations;

pub(super) use list::list;
pub(super) use operations::{create, delete, get, patch, update};
