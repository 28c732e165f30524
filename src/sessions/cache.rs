//! The cache: bounded by the memory that its entries take.

use std::hash::RandomState;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::{Cache as QuickCache, DefaultLifecycle};

use super::entry::Entry;
use crate::privacy::HashKey;

/// What an entry takes on average, in bytes, to size the tables.
const USUAL_WEIGHT: u64 = 4096;

#[derive(Clone)]
struct ByMemory;

impl Weighter<HashKey, Arc<Entry>> for ByMemory {
    fn weight(&self, _: &HashKey, entry: &Arc<Entry>) -> u64 {
        entry.weight
    }
}

pub(super) struct Cache {
    entries: QuickCache<HashKey, Arc<Entry>, ByMemory>,
}

impl Cache {
    pub(super) fn new(capacity: u64) -> Self {
        let usual = usize::try_from(capacity / USUAL_WEIGHT).unwrap_or(usize::MAX);
        let (state, lifecycle) = (RandomState::default(), DefaultLifecycle::default());
        Self { entries: QuickCache::with(usual, capacity, ByMemory, state, lifecycle) }
    }

    pub(super) fn get(&self, key: &HashKey) -> Option<Arc<Entry>> {
        self.entries.get(key)
    }

    pub(super) fn insert(&self, key: HashKey, entry: Arc<Entry>) {
        self.entries.insert(key, entry);
    }

    pub(super) fn remove(&self, key: &HashKey) {
        self.entries.remove(key);
    }

    pub(super) fn clear(&self) {
        self.entries.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The memory that the entries take, in bytes.
    pub(super) fn weight(&self) -> u64 {
        self.entries.weight()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;
    use tokio::time::Instant;

    use super::*;
    use crate::generated::types;

    fn entry(weight: u64) -> Arc<Entry> {
        let session = json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"});
        let session: types::Session = serde_json::from_value(session).unwrap();
        let sent = Instant::now();
        Arc::new(Entry { session, number: 1, sent, ends: None, keep: Duration::from_secs(60), weight })
    }

    /// A million sessions that are used once do not push out those that are used all the time.
    #[test]
    fn a_flood_stays_within_the_bound_and_leaves_the_hot_ones() {
        const CAPACITY: u64 = 8 << 20;
        let cache = Cache::new(CAPACITY);
        let mut random = fastrand::Rng::with_seed(2026);
        let once = entry(4096);
        let mut hot = |cache: &Cache, counted: bool, hits: &mut (u32, u32)| {
            let key = [0, random.u64(..200)];
            let hit = cache.get(&key).is_some();
            if !hit {
                cache.insert(key, entry(4096));
            }
            if counted {
                hits.0 += u32::from(hit);
                hits.1 += 1;
            }
        };
        let mut hits = (0, 0);
        (0..2000).for_each(|_| hot(&cache, false, &mut hits));
        for number in 0..1_000_000 {
            cache.insert([1, number], Arc::clone(&once));
            if number % 10 == 0 {
                hot(&cache, true, &mut hits);
            }
            if number % 1000 == 0 {
                assert!(cache.weight() <= CAPACITY + CAPACITY / 10, "{} bytes", cache.weight());
            }
        }
        let (hit, all) = hits;
        assert!(hit * 100 >= all * 95, "{hit} of {all}");
    }
}
