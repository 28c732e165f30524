//! Ids and tokens that do not repeat. Nothing in a stand-in is worth guarding, so any random generator will do.

use uuid::{Builder, Uuid};

/// A UUID of version 4.
pub(super) fn id() -> Uuid {
    Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid()
}

/// Letters and digits.
pub(super) fn letters(count: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(count).collect()
}
