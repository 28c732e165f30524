//! Secrets, and texts that may contain one.

mod location;
mod public_url;
mod redact;
mod secret;

pub use location::Location;
pub(crate) use public_url::without_queries;
pub(crate) use redact::Redact;
pub(crate) use redact::redacted_object;
pub(crate) use redact::{Measured, Redacted};
pub use secret::Secret;
