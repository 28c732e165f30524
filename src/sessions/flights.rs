//! Calls under way: one for each credential at a time, whose answer all who wait for it share.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::Instant;

use super::answer::Answer;
use crate::privacy::HashKey;

/// A call under way.
#[derive(Clone)]
pub(super) struct Flight {
    pub(super) number: u64,
    /// When its request was sent.
    pub(super) sent: Instant,
    answer: watch::Receiver<Option<Answer>>,
}

impl Flight {
    /// Waits for the answer. `None` if the call was dropped: its runtime ended.
    pub(super) async fn answer(mut self) -> Option<Answer> {
        let answer = self.answer.wait_for(Option::is_some).await;
        answer.ok().and_then(|answer| answer.clone())
    }
}

/// The calls of one credential. There are several only after fresh checks.
#[derive(Default)]
struct Calls {
    under_way: usize,
    latest: Option<Flight>,
    /// The number of the latest call that has an answer.
    answered: u64,
}

#[derive(Default)]
pub(super) struct Flights {
    calls: Mutex<HashMap<HashKey, Calls>>,
}

impl Flights {
    /// Finds a call under way that `is_good`, or starts one by `start`, which gets the way to send its answer. All under
    /// one lock, so that two never start the same.
    pub(super) fn join_or_start<E>(
        &self,
        key: HashKey,
        is_good: impl Fn(&Flight) -> bool,
        start: impl FnOnce(watch::Sender<Option<Answer>>) -> Result<(u64, Instant), E>,
    ) -> Result<(Flight, Joined), E> {
        let mut calls = self.lock();
        if let Some(flight) = calls.get(&key).and_then(|calls| calls.latest.as_ref()).filter(|flight| is_good(flight)) {
            return Ok((flight.clone(), Joined(true)));
        }
        let (sender, answer) = watch::channel(None);
        let (number, sent) = start(sender)?;
        let flight = Flight { number, sent, answer };
        let own = calls.entry(key).or_default();
        own.under_way += 1;
        own.latest = Some(flight.clone());
        Ok((flight, Joined(false)))
    }

    /// Notes that a call ended. With an answer, it returns whether no later call of this credential was answered before:
    /// then `keep` may change the cache, still under the lock.
    pub(super) fn end(&self, key: HashKey, number: u64, keep: Option<impl FnOnce()>) {
        let mut calls = self.lock();
        let Some(own) = calls.get_mut(&key) else { return };
        if let Some(keep) = keep
            && own.answered < number
        {
            own.answered = number;
            keep();
        }
        own.under_way -= 1;
        if own.latest.as_ref().is_some_and(|flight| flight.number == number) {
            own.latest = None;
        }
        if own.under_way == 0 {
            calls.remove(&key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<HashKey, Calls>> {
        // Every change is complete before anything else can panic.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether somebody else's call was joined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joined(pub(super) bool);
