//! The settings of the checks.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::cache::Cache;
use super::counters::Counters;
use super::entry::Keeping;
use super::flights::Flights;
use super::handle::Sessions;
use super::store::Store;
use super::tombstones::Tombstones;
use crate::client::Client;
use crate::contract::Endpoint;
use crate::credentials::Caller;
use crate::flow::FlowKind;
use crate::input::InvalidSetting;
use crate::privacy::KeyedHash;

const LONGEST_AGE: Duration = Duration::from_secs(3600);
const LONGEST_STALE: Duration = Duration::from_secs(15 * 60);
const TIMEOUT: Duration = Duration::from_secs(2);
const MAX_IN_FLIGHT: usize = 256;
const CAPACITY: u64 = 64 << 20;

/// Below that, not even one session fits.
const SMALLEST_CAPACITY: u64 = 1 << 20;

/// Collects the settings of a [`Sessions`]. [`build`](Self::build) checks them all.
///
/// ```
/// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
/// use std::time::Duration;
///
/// let sessions = ory_sdk::sessions::Sessions::builder(client)
///     .max_age(Duration::from_secs(10))
///     .stale_if_error(Duration::from_secs(60))
///     .build()?;
/// # Ok(())
/// # }
/// ```
///
/// | setting | default | limit |
/// | --- | --- | --- |
/// | [`max_age`](Self::max_age) | 0: nothing is cached | 1 hour |
/// | [`stale_if_error`](Self::stale_if_error) | 0: never | 15 minutes |
/// | [`timeout`](Self::timeout) | 2 seconds | |
/// | [`max_in_flight`](Self::max_in_flight) | 256 calls | |
/// | [`capacity_bytes`](Self::capacity_bytes) | 64 MiB | at least 1 MiB |
pub struct SessionsBuilder {
    client: Client,
    keeping: Keeping,
    stale_if_error: Duration,
    timeout: Duration,
    max_in_flight: usize,
    capacity_bytes: u64,
}

impl SessionsBuilder {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            keeping: Keeping { max_age: Duration::ZERO, only_if_server_allows: false },
            stale_if_error: Duration::ZERO,
            timeout: TIMEOUT,
            max_in_flight: MAX_IN_FLIGHT,
            capacity_bytes: CAPACITY,
        }
    }

    /// Sets how old a session may be, counted from when Kratos was asked. Without it, every check asks Kratos.
    ///
    /// It bounds how long a revoked session is still accepted: a few seconds save nearly all calls. A session is kept for
    /// less if Kratos says so (`Ory-Session-Cache-For`), or if it ends before.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.keeping.max_age = age;
        self
    }

    /// Caches only what Kratos allows to be cached (`Ory-Session-Cache-For`), which it does if its configuration has
    /// `feature_flags.cacheable_sessions`.
    pub fn only_if_server_allows(mut self) -> Self {
        self.keeping.only_if_server_allows = true;
        self
    }

    /// Sets for how long after its time a cached session may be used while Kratos cannot be reached. Only checks that
    /// [allow it](super::Check::allow_stale) do so.
    ///
    /// **Danger:** whoever can keep Kratos from responding keeps a revoked session alive for that long.
    pub fn stale_if_error(mut self, time: Duration) -> Self {
        self.stale_if_error = time;
        self
    }

    /// Sets the time limit of a call to Kratos, with its retries. Keep it short: a request waits for it.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Sets how many calls to Kratos may be under way. Checks that would exceed it are refused at once.
    pub fn max_in_flight(mut self, calls: usize) -> Self {
        self.max_in_flight = calls;
        self
    }

    /// Sets the memory of the cache.
    pub fn capacity_bytes(mut self, bytes: u64) -> Self {
        self.capacity_bytes = bytes;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// A setting is beyond its limit, settings exclude each other, or the client has no URL for Kratos' public API. The
    /// error names the setting.
    pub fn build(self) -> Result<Sessions, InvalidSetting> {
        let Self { client, keeping, stale_if_error, timeout, max_in_flight, capacity_bytes } = self;
        let wrong = |why: String| Err(InvalidSetting::new(why));
        if client.endpoint(&Endpoint::KratosPublic).is_none() {
            return wrong(
                "the client has no URL for Kratos' public API, which checks sessions: set `kratos_public_url`".into(),
            );
        }
        if keeping.max_age > LONGEST_AGE {
            return wrong(format!("`max_age`: expected at most 1 hour, not {:?}", keeping.max_age));
        }
        if stale_if_error > LONGEST_STALE {
            return wrong(format!("`stale_if_error`: expected at most 15 minutes, not {stale_if_error:?}"));
        }
        if keeping.max_age.is_zero() && !stale_if_error.is_zero() {
            return wrong("`stale_if_error` needs `max_age`: without it nothing is cached".into());
        }
        if keeping.max_age.is_zero() && keeping.only_if_server_allows {
            return wrong("`only_if_server_allows` needs `max_age`: without it nothing is cached".into());
        }
        if timeout.is_zero() {
            return wrong("`timeout` is zero, so that no check could succeed".into());
        }
        if max_in_flight == 0 || max_in_flight > Semaphore::MAX_PERMITS {
            return wrong(format!("`max_in_flight`: expected at least 1, not {max_in_flight}"));
        }
        if capacity_bytes < SMALLEST_CAPACITY {
            return wrong(format!("`capacity_bytes`: expected at least 1 MiB, not {capacity_bytes} bytes"));
        }
        let client = Client { caller: Arc::new(Caller::default()), ..client };
        let login = || client.create_flow(FlowKind::Login);
        let store = Store {
            keeping,
            stale_if_error,
            timeout,
            second_factor_url: login().aal2().url().ok(),
            sign_in_again_url: login().refresh().url().ok(),
            keys: KeyedHash::default(),
            cache: (!keeping.max_age.is_zero()).then(|| Cache::new(capacity_bytes)),
            flights: Flights::default(),
            tombstones: Tombstones::default(),
            permits: Arc::new(Semaphore::new(max_in_flight)),
            counters: Counters::default(),
            client,
        };
        Ok(Sessions { store: Arc::new(store) })
    }
}

impl fmt::Debug for SessionsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionsBuilder")
            .field("keeping", &self.keeping)
            .field("stale_if_error", &self.stale_if_error)
            .field("timeout", &self.timeout)
            .field("max_in_flight", &self.max_in_flight)
            .field("capacity_bytes", &self.capacity_bytes)
            .finish_non_exhaustive()
    }
}
