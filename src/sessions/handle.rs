//! The checks.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;
use uuid::Uuid;

use super::answer::Fresh;
use super::builder::SessionsBuilder;
use super::check::Check;
use super::counters::SessionStats;
use super::credential::Credential;
use super::entry::Entry;
use super::refusal::Refusal;
use super::signed_in::{Checked, SignedIn};
use super::store::Store;
use super::tombstones::Revoked;
use super::trace;
use crate::client::Client;
use crate::privacy::HashKey;

/// Checks who is signed in.
///
/// ```
/// # async fn example(client: &ory_sdk::Client, headers: &http::HeaderMap) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use ory_sdk::sessions::{Refusal, Sessions};
///
/// let sessions = Sessions::builder(client).max_age(Duration::from_secs(10)).build()?;
///
/// let Some(credential) = sessions.credential(headers) else { return Err(Refusal::Nobody.into()) };
/// let person = sessions.check(&credential).await?;
/// println!("{} is signed in", person.identity().id);
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap and shares the cache. `Debug` shows counts only.
///
/// - At most one call for a credential is under way. Checks that start meanwhile wait for its response, if that is not
///   older than they accept. If whoever began the call goes away, the others still get it.
/// - Only sessions are kept: no refusal, no error, no credential (the keys are hashes with a random key of the process).
/// - With too many calls under way, a check is refused at once as [`Refusal::Unavailable`], so that an outage of Kratos
///   does not become one of your service.
///
/// [The module](super) states the promise that holds for sessions which are revoked.
#[derive(Clone)]
pub struct Sessions {
    pub(super) store: Arc<Store>,
}

impl Sessions {
    /// Starts to build the checks. They use the connections and settings of `client`, but nobody's credential.
    pub fn builder(client: &Client) -> SessionsBuilder {
        SessionsBuilder::new(client.clone())
    }

    /// Finds the credential of a request: `X-Session-Token`, else the session cookies, else a bearer token.
    ///
    /// ```
    /// # fn example(sessions: &ory_sdk::sessions::Sessions) {
    /// let mut headers = http::HeaderMap::new();
    /// assert!(sessions.credential(&headers).is_none());
    /// headers.insert("cookie", http::HeaderValue::from_static("theme=dark; ory_kratos_session=secret"));
    /// assert!(sessions.credential(&headers).is_some());
    /// # }
    /// ```
    ///
    /// A bearer token that is no session token is nobody's: an OAuth2 token or API key of Ory (`ory_at_` and others), or a
    /// JWT. Cookies are those whose names Kratos gives to session cookies, and those of
    /// [`ClientBuilder::cookie_name`](crate::ClientBuilder::cookie_name).
    pub fn credential(&self, headers: &HeaderMap) -> Option<Credential> {
        Credential::of_request(&self.store.client, headers)
    }

    /// Checks who it is. The same as [`check_with`](Self::check_with) and a [`Check`] without requirements.
    ///
    /// # Errors
    ///
    /// See [`Refusal`].
    pub async fn check(&self, who: &Credential) -> Result<SignedIn, Refusal> {
        self.check_with(who, Check::new()).await
    }

    /// Checks who it is, and that the session meets the requirements.
    ///
    /// ```
    /// # use ory_sdk::sessions::{Credential, Refusal, Sessions};
    /// # async fn example(sessions: &Sessions, who: &Credential) -> Result<(), Refusal> {
    /// use ory_sdk::sessions::Check;
    ///
    /// let person = sessions.check_with(who, Check::new().second_factor()).await?;
    /// assert!(person.has_second_factor());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: Ory's operation `toSession`.
    ///
    /// # Errors
    ///
    /// See [`Refusal`].
    pub async fn check_with(&self, who: &Credential, how: Check) -> Result<SignedIn, Refusal> {
        let person = self.find(who, how).await?;
        match self.meet(person, how).await? {
            (person, None) => Ok(person),
            (_, Some(refusal)) => Err(refusal),
        }
    }

    /// Like [`check_with`](Self::check_with), where the person may be known already: a call is made only if more is asked
    /// for. Whoever does not meet the requirements is returned too.
    #[cfg(feature = "web")]
    pub(crate) async fn check_known(
        &self,
        known: Option<SignedIn>,
        who: &Credential,
        how: Check,
    ) -> Result<(SignedIn, Option<Refusal>), Refusal> {
        let is_good = |person: &SignedIn| match person.checked {
            Checked::Fresh => true,
            Checked::Cached(_) => !how.fresh,
            Checked::Stale(_) => how.accepts_stale(),
        };
        let person = match known.filter(is_good) {
            Some(person) => person,
            None => self.find(who, how).await?,
        };
        self.meet(person, how).await
    }

    /// Finds out whether the session meets the requirements, now or when it is asked for again.
    async fn meet(&self, person: SignedIn, how: Check) -> Result<(SignedIn, Option<Refusal>), Refusal> {
        match self.unmet(&person, &how) {
            // The cached session may lack what the person has proved since.
            Some(_) if !person.is_fresh() => {
                let person = self.find(&person.who, how.fresh()).await?;
                let unmet = self.unmet(&person, &how);
                Ok((person, unmet))
            }
            unmet => Ok((person, unmet)),
        }
    }

    /// Makes this service ask Kratos again for the sessions of this credential, for example after a logout.
    pub fn forget(&self, who: &Credential) {
        let key = self.store.keys.of(who.parts());
        self.store.tombstones.revoke(Revoked::Credential(key));
        if let Some(cache) = &self.store.cache {
            cache.remove(&key);
        }
    }

    /// Makes this service ask Kratos again for this session, whichever of its cookies or tokens comes.
    ///
    /// It does not end the session in Kratos: do that first, or the next check finds it again.
    pub fn revoke_session(&self, id: Uuid) {
        self.store.tombstones.revoke(Revoked::Session(id));
    }

    /// Makes this service ask Kratos again for all sessions of this identity, for example after its traits or state changed.
    pub fn revoke_identity(&self, id: Uuid) {
        self.store.tombstones.revoke(Revoked::Identity(id));
    }

    /// Makes this service ask Kratos again for every session, and frees the memory of the cache.
    pub fn clear(&self) {
        self.store.tombstones.revoke_all();
        if let Some(cache) = &self.store.cache {
            cache.clear();
        }
    }

    /// What the checks did so far.
    pub fn stats(&self) -> SessionStats {
        let Store { counters, cache, .. } = &*self.store;
        let cache = cache.as_ref();
        SessionStats {
            checks: counters.checks.get(),
            hits: counters.hits.get(),
            joined: counters.joined.get(),
            calls: counters.calls.get(),
            stale: counters.stale.get(),
            shed: counters.shed.get(),
            failed: counters.failed.get(),
            entries: cache.map_or(0, |cache| cache.len() as u64),
            bytes: cache.map_or(0, |cache| cache.weight()),
        }
    }

    /// The client that makes the calls, without anybody's credential.
    pub fn client(&self) -> &Client {
        &self.store.client
    }

    /// Finds the session, cached, fresh or stale.
    async fn find(&self, who: &Credential, how: Check) -> Result<SignedIn, Refusal> {
        if who.is_nobody() {
            return Err(Refusal::Nobody);
        }
        let store = &self.store;
        store.counters.checks.add();
        let max_age = how.max_age.unwrap_or(Duration::MAX).min(store.keeping.max_age);
        let Some(cache) = &store.cache else {
            who.check()?;
            return store.ask_alone(who).await.map(|fresh| signed_in(fresh, who, Checked::Fresh));
        };
        let key = store.keys.of(who.parts());
        let now = Instant::now();
        let cached = cache.get(&key).filter(|entry| store.tombstones.covering(entry, key).is_none());
        if let Some(entry) = cached.as_ref().filter(|entry| !how.fresh && entry.is_current(now, max_age)) {
            store.counters.hits.add();
            trace::note("hit");
            return Ok(kept(entry, who, Checked::Cached(now.saturating_duration_since(entry.sent))));
        }
        who.check()?;
        // A fresh check joins no call that began before it.
        let after = if how.fresh { store.tombstones.last() } else { 0 };
        match store.ask(key, who, max_age, after).await {
            Ok(fresh) => {
                // Whoever joined a call that began before may get less than what the person has proved since.
                let is_own = fresh.entry.sent >= now;
                let age = || Instant::now().saturating_duration_since(fresh.entry.sent);
                let checked = if is_own { Checked::Fresh } else { Checked::Cached(age()) };
                Ok(signed_in(fresh, who, checked))
            }
            Err(refusal) if refusal.is_unavailable() && how.accepts_stale() => {
                self.stale(cached.as_ref(), key, who).ok_or(refusal)
            }
            Err(refusal) => Err(refusal),
        }
    }

    /// The cached session, if it may be used while Kratos cannot be reached.
    fn stale(&self, cached: Option<&Arc<Entry>>, key: HashKey, who: &Credential) -> Option<SignedIn> {
        let (store, now) = (&self.store, Instant::now());
        if store.stale_if_error.is_zero() {
            return None;
        }
        let entry = cached.filter(|entry| {
            let limit = entry.keep.saturating_add(store.stale_if_error);
            // It may have been revoked while Kratos was asked.
            store.tombstones.covering(entry, key).is_none()
                && entry.is_running(now)
                && now.saturating_duration_since(entry.sent) < limit
        })?;
        store.counters.stale.add();
        trace::note("stale");
        Some(kept(entry, who, Checked::Stale(now.saturating_duration_since(entry.sent))))
    }

    /// The first requirement that the session does not meet.
    fn unmet(&self, person: &SignedIn, how: &Check) -> Option<Refusal> {
        let refusal = if how.second_factor && !person.has_second_factor() {
            Refusal::SecondFactor { url: None }
        } else if how.within.is_some_and(|time| !person.signed_in_within(time)) {
            Refusal::SignInAgain { url: None }
        } else if how.verified && !person.has_verified_address() {
            Refusal::Unverified { url: None }
        } else {
            return None;
        };
        Some(self.store.with_url(refusal))
    }
}

fn signed_in(fresh: Fresh, who: &Credential, checked: Checked) -> SignedIn {
    SignedIn { entry: fresh.entry, who: who.clone(), checked, cookies: Some(fresh.cookies) }
}

fn kept(entry: &Arc<Entry>, who: &Credential, checked: Checked) -> SignedIn {
    SignedIn { entry: Arc::clone(entry), who: who.clone(), checked, cookies: None }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sessions").field(&self.stats()).finish()
    }
}
