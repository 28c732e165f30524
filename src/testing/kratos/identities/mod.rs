//! Administration of identities, and the JSON of an identity.

pub(super) mod json;

mod batch;
mod content;
mod credentials;
mod list;
mod operations;

pub(super) use batch::create_many;
pub(super) use credentials::delete as delete_credential;
pub(super) use list::list;
pub(super) use operations::{create, delete, get, get_by_external_id, patch, update};
