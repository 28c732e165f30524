//! Bounds the memory and the time that a decode may take. A limit on bytes is not enough: `[{},{},..]` has three bytes for
//! each row, and a row may take a kilobyte.
//!
//! Readers charge what they allocate for each item of a list, each entry of a map and each value of free JSON. The fields of a
//! struct cost nothing more: their room is in the struct, and their keys are longer than what they need.

use crate::platform::Instant;
use std::cell::Cell;

use serde::de::Error;

/// How much memory a decode may take, in bytes.
pub(crate) struct Budget {
    /// However short the text is.
    least: u64,
    /// For each byte of the text.
    per_byte: u64,
}

#[cfg(test)]
impl Budget {
    pub(crate) fn of(bytes: u64) -> Self {
        Self { least: bytes, per_byte: 0 }
    }
}

/// For a response. Real pages need a tenth of it.
pub(crate) const WHOLE: Budget = Budget { least: 48 << 20, per_byte: 12 };
/// For what is read beside a value that is kept: errors, which are short, and second looks at a body.
pub(crate) const BESIDE: Budget = Budget { least: 8 << 20, per_byte: 6 };
/// How much is charged between two looks at the clock.
const STEP: u64 = 1 << 20;

/// What is left of a budget.
#[derive(Clone, Copy)]
struct Left {
    /// After the current step.
    rest: u64,
    deadline: Option<Instant>,
    over: Option<Over>,
}

/// Which limit a decode reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    Memory,
    Time,
}

const UNBOUNDED: Left = Left { rest: 0, deadline: None, over: None };

thread_local! {
    /// What is left until the next look at the clock. Apart from the rest, since it changes with every charge.
    static STEP_LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
    static LEFT: Cell<Left> = const { Cell::new(UNBOUNDED) };
    /// When the call of the running decode must end.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Charges bytes to the running decode, and fails if it has none left.
#[inline]
pub(crate) fn charge<E: Error>(bytes: usize) -> Result<(), E> {
    match STEP_LEFT.get().checked_sub(bytes as u64) {
        Some(left) => {
            STEP_LEFT.set(left);
            Ok(())
        }
        None => next_step(bytes as u64).map_err(E::custom),
    }
}

/// Charges for the items of a list. A list that grows moves to twice the room, so that it takes three times its length for a
/// moment.
#[inline]
pub(crate) fn charge_item<T, E: Error>() -> Result<(), E> {
    charge(3 * size_of::<T>())
}

#[cold]
#[inline(never)]
fn next_step(bytes: u64) -> Result<(), &'static str> {
    let left = LEFT.get();
    let rest = STEP_LEFT.get().saturating_add(left.rest);
    let is_late = left.deadline.is_some_and(|deadline| Instant::now() >= deadline);
    let over = if left.over.is_some() {
        left.over
    } else if is_late {
        Some(Over::Time)
    } else {
        None
    };
    match (over, rest.checked_sub(bytes)) {
        (None, Some(rest)) => {
            let step = rest.min(STEP);
            STEP_LEFT.set(step);
            LEFT.set(Left { rest: rest - step, ..left });
            Ok(())
        }
        (over, _) => {
            // Nothing can be charged from here on, so the decode ends soon, whoever catches the error.
            STEP_LEFT.set(0);
            LEFT.set(Left { rest: 0, over: over.or(Some(Over::Memory)), ..left });
            Err("a limit was reached")
        }
    }
}

/// Runs a decode of a text of this length within its budget. Returns also the limit that it reached.
pub(crate) fn within<T>(budget: &Budget, length: usize, decode: impl FnOnce() -> T) -> (T, Option<Over>) {
    /// Restores the budget of an outer decode, even if this one panics.
    struct Restore(u64, Left);

    impl Drop for Restore {
        fn drop(&mut self) {
            STEP_LEFT.set(self.0);
            LEFT.set(self.1);
        }
    }

    let rest = budget.least.max(budget.per_byte * length as u64);
    let step = rest.min(STEP);
    let left = Left { rest: rest - step, deadline: DEADLINE.get(), over: None };
    let _restore = Restore(STEP_LEFT.replace(step), LEFT.replace(left));
    let result = decode();
    (result, LEFT.get().over)
}

/// Runs a decode that must end by this time.
pub(crate) fn until<T>(deadline: Instant, decode: impl FnOnce() -> T) -> T {
    struct Restore(Option<Instant>);

    impl Drop for Restore {
        fn drop(&mut self) {
            DEADLINE.set(self.0);
        }
    }

    let _restore = Restore(DEADLINE.replace(Some(deadline)));
    decode()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spend(bytes: u64) -> bool {
        charge::<serde_json::Error>(bytes as usize).is_ok()
    }

    #[test]
    fn a_budget_ends_and_the_outer_one_goes_on() {
        let (inner, over) =
            within(&Budget::of(10 * STEP), 0, || [spend(6 * STEP), spend(4 * STEP), spend(1), spend(0)]);
        assert_eq!((inner, over), ([true, true, false, true], Some(Over::Memory)));
        let (inner, over) = within(&Budget::of(10 * STEP), 0, || (0..2000).all(|_| spend(STEP / 200)));
        assert_eq!((inner, over), (true, None));
        assert!(within(&Budget { least: 10, per_byte: 20 }, 100, || spend(2000)).0, "or by the length of the text");
        let nested = within(&Budget::of(10), 0, || (within(&Budget::of(100), 0, || spend(50)).0, spend(9), spend(2)));
        assert_eq!(nested.0, (true, true, false));
        assert!(spend(1 << 40), "nothing is bounded outside");
    }

    #[test]
    fn the_time_is_looked_at_now_and_then() {
        let late = until(Instant::now(), || within(&Budget::of(10 * STEP), 0, || [spend(STEP), spend(1), spend(1)]));
        assert_eq!(late, ([true, false, false], Some(Over::Time)));
        let later = Instant::now() + std::time::Duration::from_secs(3600);
        assert_eq!(until(later, || within(&Budget::of(10 * STEP), 0, || spend(5 * STEP))), (true, None));
    }
}
