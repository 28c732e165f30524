//! What a server sent, and the values that are made of it.

mod alternatives;
pub(crate) mod decode;
pub(crate) mod rate_limit;
mod raw;
mod success;

pub use alternatives::{JsonOrText, OrRedirect};
pub(crate) use decode::DecodeFailure;
pub use rate_limit::RateLimit;
pub(crate) use raw::{RawResponse, is_compressed, request_id, without_mark};
pub use success::Response;
pub(crate) use success::{Show, name_only, redacted};

pub use crate::privacy::Location;
