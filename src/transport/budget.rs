//! How many retries a client may still send, so that a broken server does not meet a storm of them.

use std::sync::{Mutex, PoisonError};

/// A bucket of retries. Each success puts a tenth of one back.
#[derive(Debug)]
pub(crate) struct Budget {
    tenths: Mutex<u32>,
    most: u32,
}

impl Budget {
    pub(crate) fn new(retries: u32) -> Self {
        let most = retries.saturating_mul(10);
        Self { tenths: Mutex::new(most), most }
    }

    /// Takes one retry, if one is left.
    pub(crate) fn take(&self) -> bool {
        let mut tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        match tenths.checked_sub(10) {
            Some(rest) => {
                *tenths = rest;
                true
            }
            None => false,
        }
    }

    /// Counts a success.
    pub(crate) fn success(&self) {
        let mut tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        *tenths = tenths.saturating_add(1).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_runs_out_and_fills() {
        let budget = Budget::new(2);
        assert_eq!([budget.take(), budget.take(), budget.take()], [true, true, false]);
        (0..9).for_each(|_| budget.success());
        assert!(!budget.take());
        budget.success();
        assert!(budget.take() && !budget.take());
    }

    #[test]
    fn the_greatest_budget_stays_one() {
        for retries in [u32::MAX, u32::MAX / 10, u32::MAX / 10 + 1] {
            let budget = Budget::new(retries);
            budget.success();
            assert!(budget.take(), "{retries}");
        }
    }
}
