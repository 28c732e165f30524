//! Work that many wait for and that is done once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;

use super::in_span;

/// Work under way: one piece for each key, whose result all who wait for it share.
///
/// It runs in a task of its own. Whoever began it may go away, and the others still get the result.
pub(crate) struct SingleFlight<K: Eq + Hash, T> {
    under_way: Arc<Mutex<Waiting<K, T>>>,
}

type Waiting<K, T> = HashMap<K, watch::Receiver<Option<T>>>;

impl<K: Eq + Hash, T> Default for SingleFlight<K, T> {
    fn default() -> Self {
        Self { under_way: Arc::default() }
    }
}

impl<K, T> SingleFlight<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Waits for the work of this key. If none is under way, `start` returns it, or what the result is without any.
    ///
    /// `start` runs under a lock that no other key is started or ended with, so it must be quick. The result is `None` if
    /// there is no tokio runtime, or if it ended.
    pub(crate) async fn join_or_start<F>(&self, key: K, start: impl FnOnce() -> Result<F, T>) -> Option<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        match self.begin(key, start)? {
            Ok(mut result) => result.wait_for(Option::is_some).await.ok()?.clone(),
            Err(result) => Some(result),
        }
    }

    /// Starts the work of this key, unless it is under way, and waits for nothing.
    pub(crate) fn start<F>(&self, key: K, work: impl FnOnce() -> F)
    where
        F: Future<Output = T> + Send + 'static,
    {
        let _ = self.begin(key, || Ok::<F, T>(work()));
    }

    fn begin<F>(&self, key: K, start: impl FnOnce() -> Result<F, T>) -> Option<Result<watch::Receiver<Option<T>>, T>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let runtime = Handle::try_current().ok()?;
        let mut under_way = lock(&self.under_way);
        if let Some(result) = under_way.get(&key) {
            return Some(Ok(result.clone()));
        }
        let work = match start() {
            Ok(work) => work,
            Err(result) => return Some(Err(result)),
        };
        let (sender, result) = watch::channel(None);
        under_way.insert(key.clone(), result.clone());
        let end = End { under_way: Arc::clone(&self.under_way), key };
        // A runtime that shuts down drops the work at once, which takes the lock again.
        drop(under_way);
        runtime.spawn(in_span(async move {
            let result = work.await;
            // Whoever comes from now on starts anew.
            drop(end);
            // Nobody may be left who waits for it.
            let _ = sender.send(Some(result));
        }));
        Some(Ok(result))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change is complete before anything else can panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the work even if its task is dropped or panics.
struct End<K: Eq + Hash, T> {
    under_way: Arc<Mutex<Waiting<K, T>>>,
    key: K,
}

impl<K: Eq + Hash, T> Drop for End<K, T> {
    fn drop(&mut self) {
        lock(&self.under_way).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::platform::sleep;

    #[tokio::test(start_paused = true)]
    async fn one_works_and_all_get_the_result() {
        let flights = Arc::new(SingleFlight::<u8, usize>::default());
        let started = Arc::new(AtomicUsize::new(0));
        let join = |key| {
            let (flights, started) = (Arc::clone(&flights), Arc::clone(&started));
            tokio::spawn(async move {
                let work = || {
                    let number = started.fetch_add(1, Ordering::SeqCst);
                    Ok(async move {
                        sleep(Duration::from_secs(1)).await;
                        number
                    })
                };
                flights.join_or_start(key, work).await
            })
        };
        let leader = join(1);
        tokio::task::yield_now().await;
        let others: Vec<_> = (0..100).map(|_| join(1)).collect();
        tokio::task::yield_now().await;
        // Whoever began it goes away.
        leader.abort();
        for other in others {
            assert_eq!(other.await.unwrap(), Some(0));
        }
        assert_eq!(started.load(Ordering::SeqCst), 1);
        assert_eq!((join(1).await.unwrap(), join(2).await.unwrap()), (Some(1), Some(2)));
        assert!(lock(&flights.under_way).is_empty());
    }

    #[tokio::test]
    async fn work_that_panics_ends() {
        let flights = SingleFlight::<u8, usize>::default();
        let failed = flights.join_or_start(1, || Ok(async { panic!("a fault of the work") })).await;
        assert_eq!(failed, None);
        let next = flights.join_or_start(1, || Ok(async { 7 })).await;
        assert_eq!(next, Some(7));
        let nothing = flights.join_or_start(1, || Err::<std::future::Ready<usize>, _>(9)).await;
        assert_eq!(nothing, Some(9));
    }

    #[test]
    fn a_runtime_that_has_ended_holds_nobody_up() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let handle = runtime.handle().clone();
        runtime.shutdown_background();
        let (sender, result) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let flights = SingleFlight::<u8, usize>::default();
            let dropped = handle.block_on(flights.join_or_start(1, || Ok(async { 7 })));
            let _ = sender.send((dropped, lock(&flights.under_way).is_empty()));
        });
        assert_eq!(result.recv_timeout(Duration::from_secs(10)), Ok((None, true)));
    }
}
