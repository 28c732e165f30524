//! Access tokens that Hydra is asked about (RFC 7662).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use http::Method;
use quick_cache::sync::Cache;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::access_token::AccessToken;
use super::audience::Audience;
use super::claims::Claims;
use super::invalid_token::InvalidToken;
use super::refusal::Refusal;
use crate::call::{CallOptions, Draft};
use crate::client::{Client, Sending, operation_where};
use crate::contract::{Endpoint, Operation};
use crate::credentials::Caller;
use crate::error::Error;
use crate::input::InvalidSetting;
use crate::platform::SingleFlight;
use crate::privacy::{HashKey, KeyedHash, Secret};
use crate::response::{decode, redacted};
use crate::routing::canonical;

const TIMEOUT: Duration = Duration::from_secs(2);
const MAX_IN_FLIGHT: usize = 256;
const LONGEST_AGE: Duration = Duration::from_secs(3600);

/// The most tokens that are kept. An entry takes about a kilobyte.
const MOST_TOKENS: usize = 10_000;

/// The longest token that is sent on.
const LONGEST_TOKEN: usize = 16 << 10;

/// Checks access tokens by asking Hydra, which knows of each whether it was revoked.
///
/// ```
/// # #[cfg(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use ory_sdk::jwt::{Introspection, InvalidToken, Refusal};
///
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// # let client = ory.client_builder().build()?;
/// let tokens = Introspection::builder(&client)
///     .audience("https://api.example.org")
///     .max_age(Duration::from_secs(10))
///     .build()?;
/// let refused = tokens.check("ory_at_made-up").await;
/// assert!(matches!(refused, Err(Refusal::Invalid(InvalidToken::Inactive))));
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
/// # fn main() {}
/// ```
///
/// - Without `max_age`, every check makes a call. With it, an active token is kept for that long, counted from when Hydra was
///   asked, and never beyond its end: so long is a revoked token still good. At most 10,000 are kept, by a keyed hash. A
///   token that is not active is asked for each time.
/// - At most one call for a token is under way. Checks that start meanwhile wait for its response.
/// - With too many calls under way, a check is refused at once as [`Refusal::Unavailable`].
///
/// It is an administrative call, so the client needs Hydra's administrative URL, and on the Ory Network an API key.
///
/// Source: Ory's operation `introspectOAuth2Token`; RFC 7662.
#[derive(Clone)]
pub struct Introspection {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    operation: &'static Operation,
    audience: Audience,
    max_age: Duration,
    timeout: Duration,
    hash: KeyedHash,
    /// `None` if nothing is kept.
    cache: Option<Cache<HashKey, Entry>>,
    flights: SingleFlight<HashKey, Result<Entry, Refusal>>,
    permits: Arc<Semaphore>,
}

#[derive(Clone)]
struct Entry {
    token: AccessToken,
    /// When Hydra was asked.
    sent: Instant,
}

impl Introspection {
    /// Starts to build the checks. They use the connections and settings of `client`, but nobody's credential.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let tokens = ory_sdk::jwt::Introspection::builder(client).any_audience().build()?;
    /// # let _ = tokens;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(client: &Client) -> IntrospectionBuilder {
        IntrospectionBuilder {
            client: client.clone(),
            audience: Vec::new(),
            any_audience: false,
            max_age: Duration::ZERO,
            timeout: TIMEOUT,
            max_in_flight: MAX_IN_FLIGHT,
        }
    }

    /// Checks a token.
    ///
    /// ```
    /// # async fn example(tokens: &ory_sdk::jwt::Introspection, sent: &str) -> Result<(), ory_sdk::jwt::Refusal> {
    /// let token = tokens.check(sent).await?;
    /// println!("{} may {:?}", token.subject(), token.scopes());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] if Hydra says that it is not active, if it is a refresh token, or if it is for another audience.
    /// [`Refusal::Unavailable`] if Hydra cannot be asked.
    pub async fn check(&self, token: &str) -> Result<AccessToken, Refusal> {
        if token.len() > LONGEST_TOKEN {
            return Err(InvalidToken::malformed("the token is longer than 16 KiB").into());
        }
        let inner = &self.inner;
        let key = inner.hash.of(token);
        if let Some(entry) = inner.kept(key) {
            return Ok(entry.token);
        }
        let asked = Instant::now();
        let work = || {
            let permit = Arc::clone(&inner.permits).try_acquire_owned().map_err(|_| Err(Refusal::unknown()))?;
            let (inner, token) = (Arc::clone(inner), Secret::from(token));
            Ok(async move {
                let answer = inner.ask(key, &token).await;
                drop(permit);
                answer
            })
        };
        // What was asked before this check began is good for it only if it could have been kept that long.
        let mut answer = inner.flights.join_or_start(key, work).await;
        let is_too_old = |entry: &Entry| asked.saturating_duration_since(entry.sent) > inner.max_age;
        if matches!(&answer, Some(Ok(entry)) if is_too_old(entry)) {
            answer = inner.flights.join_or_start(key, work).await;
        }
        answer.unwrap_or_else(|| Err(Refusal::unknown())).map(|entry| entry.token)
    }
}

impl Inner {
    fn kept(&self, key: HashKey) -> Option<Entry> {
        let entry = self.cache.as_ref()?.get(&key)?;
        let is_current = entry.sent.elapsed() < self.max_age;
        let is_running = entry.token.expires_at().is_none_or(|end| end > Utc::now());
        (is_current && is_running).then_some(entry)
    }

    async fn ask(&self, key: HashKey, token: &Secret) -> Result<Entry, Refusal> {
        let sent = Instant::now();
        let draft = self.draft(token);
        let call = Sending::new(self.client.clone(), draft, decode::own_json::<Map<String, Value>>, redacted);
        let response = call.await.map_err(|error| Refusal::of(Arc::new(error)))?;
        let token = self.read(response.into_body());
        if let Some(cache) = &self.cache {
            match &token {
                Ok(token) => cache.insert(key, Entry { token: token.clone(), sent }),
                Err(_) => drop(cache.remove(&key)),
            }
        }
        Ok(Entry { token: token?, sent })
    }

    fn draft(&self, token: &Secret) -> Result<Draft, Error> {
        let mut options = CallOptions::default();
        options.form([("token", token.expose())]);
        options.timeout(self.timeout);
        Draft::new(self.operation, options).ready()
    }

    /// What Hydra says about the token.
    fn read(&self, answer: Map<String, Value>) -> Result<AccessToken, InvalidToken> {
        if answer.get("active") != Some(&Value::Bool(true)) {
            return Err(InvalidToken::Inactive);
        }
        // Hydra says of refresh tokens too that they are active.
        if answer.get("token_use").is_some_and(|kind| kind != "access_token") {
            return Err(InvalidToken::Kind { expected: "an access token", why: "Hydra says that it is another one" });
        }
        let claims = Claims::of(answer);
        let token = AccessToken::of(claims)?;
        self.audience.check(token.audience())?;
        Ok(token)
    }
}

impl fmt::Debug for Introspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspection")
            .field("audience", &self.inner.audience)
            .field("max_age", &self.inner.max_age)
            .finish_non_exhaustive()
    }
}

/// Collects the settings of an [`Introspection`]. [`build`](Self::build) checks them all.
///
/// ```
/// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
/// use std::time::Duration;
///
/// let tokens = ory_sdk::jwt::Introspection::builder(client)
///     .audience("https://api.example.org")
///     .max_age(Duration::from_secs(10))
///     .build()?;
/// # let _ = tokens;
/// # Ok(())
/// # }
/// ```
///
/// | setting | default | limit |
/// | --- | --- | --- |
/// | [`audience`](Self::audience) | none: it must be set | |
/// | [`max_age`](Self::max_age) | 0: nothing is cached | 1 hour |
/// | [`timeout`](Self::timeout) | 2 seconds | |
/// | [`max_in_flight`](Self::max_in_flight) | 256 calls | |
#[must_use = "it does nothing before `build`"]
#[derive(Clone)]
pub struct IntrospectionBuilder {
    client: Client,
    audience: Vec<String>,
    any_audience: bool,
    max_age: Duration,
    timeout: Duration,
    max_in_flight: usize,
}

impl IntrospectionBuilder {
    /// Adds a service that tokens may be for. One of them is enough. Required, unless any audience is allowed.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) {
    /// let builder = ory_sdk::jwt::Introspection::builder(client).audience("https://api.example.org");
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience.push(audience.into());
        self
    }

    /// Accepts tokens for any audience, and without one, which is what Hydra's are unless the client asks for one.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) {
    /// let builder = ory_sdk::jwt::Introspection::builder(client).any_audience();
    /// # let _ = builder;
    /// # }
    /// ```
    ///
    /// Only for a single service: every service that gets such a token could use it at the others.
    pub fn any_audience(mut self) -> Self {
        self.any_audience = true;
        self
    }

    /// Sets for how long an active token is kept, and so for how long a revoked one may still be good.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) {
    /// use std::time::Duration;
    /// let builder = ory_sdk::jwt::Introspection::builder(client).max_age(Duration::from_secs(10));
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age;
        self
    }

    /// Sets the time limit of a call to Hydra, with its retries.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) {
    /// use std::time::Duration;
    /// let builder = ory_sdk::jwt::Introspection::builder(client).timeout(Duration::from_millis(500));
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Sets how many calls to Hydra may be under way. Checks that would exceed it are refused at once.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) {
    /// let builder = ory_sdk::jwt::Introspection::builder(client).max_in_flight(32);
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn max_in_flight(mut self, calls: usize) -> Self {
        self.max_in_flight = calls;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// The audience is missing or empty, a setting is beyond its limit, or the client has no URL for Hydra's administrative
    /// API. The error names the setting.
    pub fn build(self) -> Result<Introspection, InvalidSetting> {
        let Self { client, audience, any_audience, max_age, timeout, max_in_flight } = self;
        let wrong = |why: String| Err(InvalidSetting::new(why));
        if client.endpoint(&Endpoint::HydraAdmin).is_none() {
            let why =
                "the client has no URL for Hydra's administrative API, which checks tokens: set `hydra_admin_url`";
            return wrong(why.into());
        }
        let audience = Audience::of("audience", audience, any_audience)?;
        if max_age > LONGEST_AGE {
            return wrong(format!("`max_age`: expected at most 1 hour, not {max_age:?}"));
        }
        if timeout.is_zero() {
            return wrong("`timeout` is zero, so that no check could succeed".into());
        }
        if max_in_flight == 0 || max_in_flight > Semaphore::MAX_PERMITS {
            return wrong(format!("`max_in_flight`: expected at least 1, not {max_in_flight}"));
        }
        let is_it = |it: &Operation| {
            let own = canonical(it.path);
            own.strip_prefix("/admin").unwrap_or(own) == "/oauth2/introspect"
        };
        let operation = operation_where("introspection", &Method::POST, "/admin/oauth2/introspect", is_it);
        let operation = operation.map_err(|error| InvalidSetting::new(error.to_string()))?;
        let inner = Inner {
            client: Client { caller: Arc::new(Caller::default()), ..client },
            operation,
            audience,
            max_age,
            timeout,
            hash: KeyedHash::default(),
            cache: (!max_age.is_zero()).then(|| Cache::new(MOST_TOKENS)),
            flights: SingleFlight::default(),
            permits: Arc::new(Semaphore::new(max_in_flight)),
        };
        Ok(Introspection { inner: Arc::new(inner) })
    }
}

impl fmt::Debug for IntrospectionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntrospectionBuilder")
            .field("audience", &self.audience)
            .field("max_age", &self.max_age)
            .field("timeout", &self.timeout)
            .field("max_in_flight", &self.max_in_flight)
            .finish_non_exhaustive()
    }
}
