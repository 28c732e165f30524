//! An address for verification or recovery.

use uuid::Uuid;

use crate::testing::clock::Time;
use crate::testing::random;

#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub id: Uuid,
    pub value: String,
    /// Verification: whether a mail went there.
    pub is_mailed: bool,
    pub verified_at: Option<Time>,
    pub created_at: Time,
}

/// One address per value. An address that `old` contains stays as it was.
pub(super) fn updated(old: &[Address], values: Vec<String>, now: Time) -> Vec<Address> {
    let new =
        |value: String| Address { id: random::uuid(), value, is_mailed: false, verified_at: None, created_at: now };
    let keep = |value: String| old.iter().find(|address| address.value == value).cloned().unwrap_or_else(|| new(value));
    values.into_iter().map(keep).collect()
}
