//! Keys that a server publishes: when they are fetched, and how long they are good.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::Utc;
use http::Method;
use tokio::time::Instant;

use super::jws::Jws;
use super::keys::Keys;
use super::refusal::Refusal;
use crate::client::{Client, Sending};
use crate::contract::Endpoint;
use crate::credentials::Caller;
use crate::error::Error;
use crate::input::InvalidSetting;
use crate::platform::SingleFlight;
use crate::response::{DecodeFailure, Decoded, RawResponse, Unreadable, name_only};

/// How old keys may be before they are fetched again.
const FRESH: Duration = Duration::from_secs(10 * 60);

/// How long keys are good while fetching fails.
const GOOD: Duration = Duration::from_secs(24 * 3600);

/// How long to wait after a fetch that failed, or that a token with an unknown key made.
const PAUSE: Duration = Duration::from_secs(30);

/// The same while there are no keys, and so nobody can be let in.
const PAUSE_WITHOUT_KEYS: Duration = Duration::from_secs(1);

/// By how much the clocks of servers may differ.
const SKEW: i64 = 30;

const TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST: usize = 256 << 10;

pub(super) struct Remote {
    client: Client,
    endpoint: Endpoint,
    path: String,
    state: Mutex<State>,
    flight: SingleFlight<(), Fetched>,
}

#[derive(Default)]
struct State {
    /// The last keys.
    known: Option<Known>,
    /// When the last fetch that failed began, and its error, if no other one succeeded since.
    failed: Option<(Instant, Arc<Error>)>,
    /// When a token with an unknown key last began a fetch.
    on_demand: Option<Instant>,
}

#[derive(Clone)]
struct Known {
    keys: Arc<Keys>,
    /// When their request was sent, by both clocks.
    sent: Instant,
    sent_at: i64,
}

type Fetched = Result<Known, Failure>;

/// Why there is no newer set of keys.
#[derive(Clone)]
enum Failure {
    /// The last fetch failed.
    Failed(Refusal),
    /// No fetch is allowed yet.
    Paused(Duration),
}

impl Remote {
    pub(super) fn new(client: &Client, endpoint: Endpoint, path: &str) -> Result<Self, InvalidSetting> {
        let wrong = |why: String| InvalidSetting::new(format!("the key set: {why}"));
        client.transport.endpoints.base(&endpoint).map_err(wrong)?;
        if !path.starts_with('/') {
            return Err(wrong(format!("expected a path that starts with a slash, not {path:?}")));
        }
        let client =
            Client { transport: Arc::new(client.transport.once(LARGEST)), caller: Arc::new(Caller::default()) };
        Ok(Self { client, endpoint, path: path.to_owned(), state: Mutex::default(), flight: SingleFlight::default() })
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(super) async fn refresh(self: &Arc<Self>) -> Result<(), Refusal> {
        match self.flight.join_or_start((), || Ok(Arc::clone(self).call())).await {
            Some(Ok(_)) => Ok(()),
            Some(Err(Failure::Failed(refusal))) => Err(refusal),
            Some(Err(Failure::Paused(_))) | None => Err(Refusal::unknown()),
        }
    }

    /// The keys with which to check a token. `None` if none of them is the token's.
    ///
    /// `issued` is when the token says that it was issued. Keys that were fetched later contain its key, if it is genuine.
    pub(super) async fn keys_for(
        self: &Arc<Self>,
        token: &Jws<'_>,
        issued: Option<i64>,
    ) -> Result<Option<Arc<Keys>>, Refusal> {
        let asked = Instant::now();
        let may_be_new = |sent_at: i64| issued.is_some_and(|at| at.saturating_add(SKEW) >= sent_at);
        // The second time, if it joined a fetch that began before this check, and so perhaps before there was such a key.
        for _ in 0..2 {
            let known = self.known();
            if let Some(known) = known.as_ref().filter(|known| known.keys.knows(token)) {
                return Ok(Some(Arc::clone(&known.keys)));
            }
            let work = || self.permit().map(|()| Arc::clone(self).call()).map_err(Err);
            match self.flight.join_or_start((), work).await {
                Some(Ok(newer)) if newer.keys.knows(token) => return Ok(Some(newer.keys)),
                Some(Ok(newer)) if newer.sent >= asked || !may_be_new(newer.sent_at) => return Ok(None),
                Some(Ok(_)) => {}
                Some(Err(Failure::Failed(refusal))) => return Err(refusal),
                Some(Err(Failure::Paused(wait))) if known.is_none_or(|known| may_be_new(known.sent_at)) => {
                    return Err(Refusal::Unavailable { retry_after: wait, error: None });
                }
                Some(Err(Failure::Paused(_))) => return Ok(None),
                None => break,
            }
        }
        Err(Refusal::unknown())
    }

    /// The last keys, if they are still good. Those that are no longer fresh are fetched again in the background.
    fn known(self: &Arc<Self>) -> Option<Known> {
        let now = Instant::now();
        let (known, is_pausing) = {
            let state = self.lock();
            (state.good(now).cloned()?, state.pause_after_failure(now).is_some())
        };
        if now.saturating_duration_since(known.sent) >= FRESH && !is_pausing {
            self.flight.start((), || Arc::clone(self).call());
        }
        Some(known)
    }

    /// Whether a check may fetch keys. Whoever makes up tokens must not be able to make many fetches.
    fn permit(&self) -> Result<(), Failure> {
        let now = Instant::now();
        let mut state = self.lock();
        if let Some(refusal) = state.pause_after_failure(now) {
            return Err(Failure::Failed(refusal));
        }
        if state.good(now).is_some() {
            if let Some(wait) = state.on_demand.and_then(|since| pause(since, now, PAUSE)) {
                return Err(Failure::Paused(wait));
            }
            state.on_demand = Some(now);
        }
        Ok(())
    }

    /// Fetches the keys, and notes how that ended.
    async fn call(self: Arc<Self>) -> Fetched {
        let (sent, sent_at) = (Instant::now(), Utc::now().timestamp());
        let request = self.client.request(Method::GET, self.endpoint.clone(), self.path.clone()).timeout(TIMEOUT);
        let fetched = Sending::new(self.client.clone(), request.draft(), decode, name_only).await;
        let mut state = self.lock();
        match fetched {
            Ok(response) => {
                let known = Known { keys: Arc::new(response.into_body()), sent, sent_at };
                state.known = Some(known.clone());
                state.failed = None;
                Ok(known)
            }
            Err(error) => {
                let error = Arc::new(error);
                state.failed = Some((sent, Arc::clone(&error)));
                Err(Failure::Failed(Refusal::of(error)))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is complete before anything else can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The last keys, if they may still be used.
    fn good(&self, now: Instant) -> Option<&Known> {
        self.known.as_ref().filter(|known| now.saturating_duration_since(known.sent) < GOOD)
    }

    /// Why no key is fetched, for as long as a failure is recent.
    fn pause_after_failure(&self, now: Instant) -> Option<Refusal> {
        let (since, error) = self.failed.as_ref()?;
        let limit = if self.good(now).is_some() { PAUSE } else { PAUSE_WITHOUT_KEYS };
        let wait = pause(*since, now, limit)?;
        Some(Refusal::Unavailable { retry_after: wait, error: Some(Arc::clone(error)) })
    }
}

fn decode(response: &RawResponse, _: &mut Unreadable) -> Decoded<Keys> {
    let wrong = |why| DecodeFailure { path: String::new(), what: format!("the key set {why}"), over: None };
    Keys::parse(&response.body).map_err(wrong)
}

/// How long to wait yet after a fetch that began at `since`.
fn pause(since: Instant, now: Instant, limit: Duration) -> Option<Duration> {
    limit.checked_sub(now.saturating_duration_since(since)).filter(|wait| !wait.is_zero())
}
