//! What all clones of `Sessions` share, and the calls to Kratos.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::answer::{Answer, Fresh};
use super::cache::Cache;
use super::counters::Counters;
use super::credential::Credential;
use super::entry::{Entry, Keeping};
use super::flights::{Flight, Flights, Joined};
use super::refusal::Refusal;
use super::tombstones::Tombstones;
use super::trace;
use crate::client::Client;
use crate::error::Error;
use crate::platform::in_span;
use crate::privacy::{HashKey, KeyedHash, Location};

/// How often a check asks again because the session was revoked while it was asked for.
const TRIES: usize = 3;

pub(super) struct Store {
    pub(super) client: Client,
    pub(super) keeping: Keeping,
    pub(super) stale_if_error: Duration,
    pub(super) timeout: Duration,
    pub(super) second_factor_url: Option<Location>,
    pub(super) sign_in_again_url: Option<Location>,
    pub(super) keys: KeyedHash,
    /// `None` if nothing is kept.
    pub(super) cache: Option<Cache>,
    pub(super) flights: Flights,
    pub(super) tombstones: Tombstones,
    pub(super) permits: Arc<Semaphore>,
    pub(super) counters: Counters,
}

impl Store {
    /// Makes a call for this check alone.
    pub(super) async fn ask_alone(&self, who: &Credential) -> Answer {
        let permit = self.permit()?;
        let answer = self.call(who, self.tombstones.next(), Instant::now()).await;
        drop(permit);
        answer
    }

    /// Asks for a session, together with everybody who asks for the same. The call must be at most `max_age` old, and have
    /// a number above `after`.
    pub(super) async fn ask(
        self: &Arc<Self>,
        key: HashKey,
        who: &Credential,
        max_age: Duration,
        mut after: u64,
    ) -> Answer {
        for _ in 0..TRIES {
            let now = Instant::now();
            let is_good =
                |flight: &Flight| flight.number > after && now.saturating_duration_since(flight.sent) <= max_age;
            let begun = self.flights.join_or_start(key, is_good, |sender| {
                // The call of another check may have ended since this one looked.
                if let Some(entry) = self.kept(key, max_age, after) {
                    return Err(Ok(Fresh { entry, cookies: Arc::default() }));
                }
                let runtime = Handle::try_current().map_err(|_| Err(without_runtime()))?;
                let permit = self.permit().map_err(Err)?;
                let (number, sent) = (self.tombstones.next(), Instant::now());
                let landing = Landing { store: Arc::clone(self), key, number, answered: false };
                let who = who.clone();
                // A task of its own: whoever began the call may go away, and the others still get the answer.
                runtime.spawn(in_span(async move {
                    let answer = landing.store.call(&who, number, sent).await;
                    landing.keep(&answer);
                    drop(permit);
                    // Nobody may be left who waits for it.
                    let _ = sender.send(Some(answer));
                }));
                Ok((number, sent))
            });
            let (flight, Joined(joined)) = match begun {
                Ok(begun) => begun,
                Err(answer) => return answer,
            };
            if joined {
                self.counters.joined.add();
                trace::note("joined");
            }
            let answer = flight.answer().await.unwrap_or_else(|| Err(dropped()));
            match &answer {
                Ok(fresh) => match self.tombstones.covering(&fresh.entry, key) {
                    Some(revoked) => after = revoked,
                    None => return answer,
                },
                Err(_) => return answer,
            }
        }
        Err(Refusal::unknown())
    }

    /// The session in the cache, if it is what a check asks for.
    fn kept(&self, key: HashKey, max_age: Duration, after: u64) -> Option<Arc<Entry>> {
        let entry = self.cache.as_ref()?.get(&key)?;
        let is_good = entry.number > after && entry.is_current(Instant::now(), max_age);
        (is_good && self.tombstones.covering(&entry, key).is_none()).then_some(entry)
    }

    fn permit(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.permits).try_acquire_owned().map_err(|_| {
            self.counters.shed.add();
            trace::note("shed");
            Refusal::unknown()
        })
    }

    async fn call(&self, who: &Credential, number: u64, sent: Instant) -> Answer {
        self.counters.calls.add();
        let answer = match who.client(&self.client).to_session().timeout(self.timeout).send().await {
            Ok(response) => {
                let cookies = response.set_cookies().collect();
                let entry = Entry::of(response, number, sent, self.keeping);
                entry.map(|entry| Fresh { entry: Arc::new(entry), cookies })
            }
            Err(error) => Err(self.with_url(Refusal::of(error))),
        };
        if answer.as_ref().is_err_and(Refusal::is_unavailable) {
            self.counters.failed.add();
        }
        answer
    }

    /// Adds the page to go to, where the server named none.
    pub(super) fn with_url(&self, refusal: Refusal) -> Refusal {
        match refusal {
            Refusal::SecondFactor { url: None } => Refusal::SecondFactor { url: self.second_factor_url.clone() },
            Refusal::SignInAgain { url: None } => Refusal::SignInAgain { url: self.sign_in_again_url.clone() },
            other => other,
        }
    }
}

/// The end of a call. It is noted even if the task is dropped or panics.
struct Landing {
    store: Arc<Store>,
    key: HashKey,
    number: u64,
    answered: bool,
}

impl Landing {
    /// Keeps the answer: a session that may be kept, or that there is none any more.
    fn keep(mut self, answer: &Answer) {
        let Some(cache) = &self.store.cache else { return };
        self.answered = true;
        let keep = || match answer {
            Ok(fresh) if fresh.entry.keep.is_zero() => cache.remove(&self.key),
            Ok(fresh) => cache.insert(self.key, Arc::clone(&fresh.entry)),
            // It says nothing about the session.
            Err(refusal) if refusal.is_unavailable() => {}
            Err(_) => cache.remove(&self.key),
        };
        self.store.flights.end(self.key, self.number, Some(keep));
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        if !self.answered {
            self.store.flights.end(self.key, self.number, None::<fn()>);
        }
    }
}

fn without_runtime() -> Refusal {
    let error = Error::configuration("toSession", "expected a tokio runtime, but there is none");
    Refusal::of(error)
}

/// The runtime of the call ended before the call did.
fn dropped() -> Refusal {
    Refusal::of(Error::configuration("toSession", "the runtime that made the call has ended"))
}
