//! What the checks share: how they read their input, and the secret that they look for.

/// A secret that no output may show.
pub(super) const PLANTED: &str = "hunter2-was-planted";

/// The first byte, as a choice, and the rest. The digits are 0 to 9, so that seeds are readable.
pub(super) fn choice(data: &[u8]) -> (usize, &[u8]) {
    match data.split_first() {
        Some((first, rest)) => (usize::from(first.wrapping_sub(b'0')), rest),
        None => (0, data),
    }
}
