//! Which tokens were used, as long as they could be used again.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

/// The most tokens to remember. Beyond that, the ones that end first are forgotten.
const MOST: usize = 10_000;

/// Tokens by when they end, and by a hash of their id, so that a long id takes no more memory.
#[derive(Debug, Default)]
pub(super) struct Used {
    tokens: Mutex<BTreeMap<(i64, u64), ()>>,
    state: RandomState,
}

impl Used {
    /// Whether a token that ends at `end` is used for the first time.
    pub(super) fn is_first(&self, id: &str, now: i64, end: i64) -> bool {
        let key = (end, self.state.hash_one(id));
        // Every change is complete before anything else can panic.
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        while tokens.first_key_value().is_some_and(|((end, _), ())| *end <= now) || tokens.len() >= MOST {
            tokens.pop_first();
        }
        tokens.insert(key, ()).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_used_once_and_forgotten_when_it_ends() {
        let used = Used::default();
        assert!(used.is_first("a", 0, 10) && used.is_first("b", 0, 10));
        assert!(!used.is_first("a", 5, 10) && !used.is_first("b", 9, 10));
        assert!(used.is_first("c", 10, 20));
        assert_eq!(used.tokens.lock().unwrap().len(), 1);
        for number in 0..3 * MOST {
            assert!(used.is_first(&number.to_string(), 10, 30));
        }
        assert!(used.tokens.lock().unwrap().len() <= MOST);
    }
}
