//! Ids and tokens that do not repeat. A stand-in guards nothing, so the generator need not be a secure one.

use uuid::{Builder, Uuid};

/// A UUID of version 4.
pub(crate) fn uuid() -> Uuid {
    Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid()
}

/// `count` ASCII letters and digits.
pub(crate) fn alphanumeric(count: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(count).collect()
}

/// `count` decimal digits.
pub(crate) fn digits(count: usize) -> String {
    std::iter::repeat_with(|| fastrand::digit(10)).take(count).collect()
}

/// `N` bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    std::array::from_fn(|_| fastrand::u8(..))
}
