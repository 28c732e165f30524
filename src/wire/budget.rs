//! Bounds the memory that a decode may allocate. A limit on bytes is not enough: `[{},{},..]` has three bytes for each row, and
//! a row may take a kilobyte.
//!
//! Readers charge what they allocate for each item of a list, each entry of a map and each value of free JSON. The fields of a
//! struct cost nothing more: their room is in the struct, and their keys are longer than what they need.

use std::cell::Cell;

use serde::de::Error;

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// Charges bytes to the running decode, and fails if it has none left.
#[inline]
pub(crate) fn charge<E: Error>(bytes: usize) -> Result<(), E> {
    match LEFT.get().checked_sub(bytes as u64) {
        Some(left) => {
            LEFT.set(left);
            Ok(())
        }
        None => Err(used_up()),
    }
}

#[cold]
#[inline(never)]
fn used_up<E: Error>() -> E {
    LEFT.set(0);
    E::custom("too much memory")
}

/// Runs a decode that may allocate this much. Returns also whether that was not enough.
pub(crate) fn within<T>(bytes: u64, decode: impl FnOnce() -> T) -> (T, bool) {
    /// Restores the budget of an outer decode, even if this one panics.
    struct Restore(u64);

    impl Drop for Restore {
        fn drop(&mut self) {
            LEFT.set(self.0);
        }
    }

    let _restore = Restore(LEFT.replace(bytes));
    let result = decode();
    (result, LEFT.get() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_ends_and_the_outer_one_goes_on() {
        let spend = |bytes| charge::<serde_json::Error>(bytes).is_ok();
        let (inner, is_used_up) = within(100, || (spend(60), spend(39), spend(2)));
        assert_eq!((inner, is_used_up), ((true, true, false), true));
        let (inner, is_used_up) = within(100, || spend(60));
        assert_eq!((inner, is_used_up), (true, false));
        assert!(spend(1 << 40), "nothing is bounded outside");
    }
}
