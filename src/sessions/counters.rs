//! Counters of what the checks did.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the checks of a [`Sessions`](super::Sessions) did since it was built: [`Sessions::stats`](super::Sessions::stats).
///
/// ```
/// # fn example(sessions: &ory_sdk::sessions::Sessions) {
/// let stats = sessions.stats();
/// println!("{} of {} checks made no call", stats.hits + stats.joined, stats.checks);
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SessionStats {
    /// Checks of a credential. Requests without one are not counted.
    pub checks: u64,
    /// Checks that found a cached session.
    pub hits: u64,
    /// Checks that waited for the call of another one.
    pub joined: u64,
    /// Calls to Kratos.
    pub calls: u64,
    /// Checks that got a stale session, since Kratos could not be reached.
    pub stale: u64,
    /// Checks that were turned away because too many calls were under way.
    pub shed: u64,
    /// Calls that did not tell who it is: an outage.
    pub failed: u64,
    /// Sessions in the cache.
    pub entries: u64,
    /// The memory that they take, in bytes: an estimate by the size of each response.
    pub bytes: u64,
}

#[derive(Default)]
pub(super) struct Counters {
    pub(super) checks: Counter,
    pub(super) hits: Counter,
    pub(super) joined: Counter,
    pub(super) calls: Counter,
    pub(super) stale: Counter,
    pub(super) shed: Counter,
    pub(super) failed: Counter,
}

#[derive(Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
