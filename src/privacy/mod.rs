//! Secrets, and texts that may contain one.

#[cfg(any(feature = "sessions", feature = "jwt"))]
mod keyed_hash;
mod location;
mod public_url;
mod redact;
mod secret;

#[cfg(any(feature = "sessions", feature = "jwt"))]
pub(crate) use keyed_hash::{HashKey, KeyedHash};
pub use location::Location;
pub(crate) use public_url::without_queries;
pub(crate) use redact::Redact;
pub(crate) use redact::redacted_object;
pub(crate) use redact::{Measured, Redacted};
pub use secret::Secret;
