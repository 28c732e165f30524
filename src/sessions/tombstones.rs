//! What was revoked, and when: responses that were asked for before do not count any more.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use uuid::Uuid;

use super::entry::Entry;
use crate::privacy::HashKey;

/// How many are kept. Beyond that, everything that is older than the oldest counts as revoked.
const MOST: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Revoked {
    Session(Uuid),
    Identity(Uuid),
    Credential(HashKey),
}

/// Calls and revocations are numbered together, so that there is no doubt which of two came first. Times could be equal.
#[derive(Default)]
pub(super) struct Tombstones {
    last: AtomicU64,
    /// The number of the latest revocation. Entries with a higher number need no further look.
    latest: AtomicU64,
    graves: RwLock<Graves>,
}

#[derive(Default)]
struct Graves {
    numbers: HashMap<Revoked, u64>,
    order: VecDeque<(u64, Revoked)>,
    /// Everything up to this number counts as revoked.
    floor: u64,
}

impl Tombstones {
    /// The number of a call that begins now.
    pub(super) fn next(&self) -> u64 {
        self.last.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The number of the last call or revocation.
    pub(super) fn last(&self) -> u64 {
        self.last.load(Ordering::SeqCst)
    }

    pub(super) fn revoke(&self, what: Revoked) {
        let mut graves = self.graves.write().unwrap_or_else(PoisonError::into_inner);
        let number = self.next();
        graves.numbers.insert(what, number);
        graves.order.push_back((number, what));
        if graves.order.len() > MOST
            && let Some((oldest, what)) = graves.order.pop_front()
            // Unless the same was revoked again since.
            && graves.numbers.get(&what) == Some(&oldest)
        {
            graves.numbers.remove(&what);
            graves.floor = oldest;
        }
        self.latest.store(number, Ordering::SeqCst);
    }

    /// Revokes everything.
    pub(super) fn revoke_all(&self) {
        let mut graves = self.graves.write().unwrap_or_else(PoisonError::into_inner);
        let number = self.next();
        *graves = Graves { floor: number, ..Graves::default() };
        self.latest.store(number, Ordering::SeqCst);
    }

    /// The number of the revocation that covers an entry, if one does.
    pub(super) fn covering(&self, entry: &Entry, key: HashKey) -> Option<u64> {
        if entry.number > self.latest.load(Ordering::SeqCst) {
            return None;
        }
        let graves = self.graves.read().unwrap_or_else(PoisonError::into_inner);
        let names = [
            Some(Revoked::Session(entry.session_id())),
            entry.identity_id().map(Revoked::Identity),
            Some(Revoked::Credential(key)),
        ];
        let numbers = names.into_iter().flatten().filter_map(|name| graves.numbers.get(&name).copied());
        numbers.chain([graves.floor]).max().filter(|number| *number >= entry.number)
    }
}
