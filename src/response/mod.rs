//! What a server sent, and the values that are made of it.

mod alternatives;
pub(crate) mod decode;
pub(crate) mod rate_limit;
mod raw;
mod rows;
mod success;
mod unreadable;

pub use alternatives::{JsonOrText, OrRedirect};
pub(crate) use decode::{Decode, DecodeFailure, Decoded, Unreadable};
pub use rate_limit::RateLimit;
pub(crate) use raw::{RawResponse, is_compressed, request_id, without_mark};
pub use success::Response;
pub(crate) use success::{Show, name_only, redacted};
pub use unreadable::UnreadableRow;

pub use crate::privacy::Location;
