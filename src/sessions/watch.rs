//! Watches over a session for as long as a connection lives.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::check::Check;
use super::credential::Credential;
use super::handle::Sessions;
use super::refusal::Refusal;
use super::signed_in::SignedIn;

/// Watches over a session: [`SignedIn::watch`].
///
/// ```
/// # async fn example(sessions: ory_sdk::sessions::Sessions, person: ory_sdk::sessions::SignedIn) {
/// use std::time::Duration;
///
/// let mut watch = person.watch(&sessions, Duration::from_secs(30)).tolerate_outage(Duration::from_secs(300));
/// println!("the session ended: {}", watch.ended().await);
/// # }
/// ```
///
/// A session that is revoked ends within the interval and [`max_age`](super::SessionsBuilder::max_age). Intervals vary by a
/// tenth, so that many connections do not check at once.
#[derive(Clone)]
pub struct Watch {
    sessions: Sessions,
    who: Credential,
    every: Duration,
    outage: Duration,
    next: Instant,
    ends: Option<Instant>,
    confirmed: Instant,
}

impl Watch {
    pub(super) fn new(sessions: Sessions, person: &SignedIn, every: Duration) -> Self {
        let now = Instant::now();
        Self {
            sessions,
            who: person.who.clone(),
            every,
            outage: every,
            next: after(now, every),
            ends: person.entry.ends,
            confirmed: now,
        }
    }

    /// Sets how long the session counts as valid while Kratos cannot be reached. One interval by default.
    pub fn tolerate_outage(mut self, time: Duration) -> Self {
        self.outage = time;
        self
    }

    /// Waits until the session has ended, and says why. [`Refusal::Unavailable`] means that Kratos could not be reached for
    /// longer than is tolerated.
    ///
    /// It can be dropped and called again, in a `tokio::select!` for example, and goes on where it was.
    pub async fn ended(&mut self) -> Refusal {
        loop {
            sleep_until(self.ends.map_or(self.next, |end| end.min(self.next))).await;
            match self.sessions.check_with(&self.who, Check::new()).await {
                Ok(person) => {
                    self.confirmed = Instant::now();
                    // An end that is over already is one of a clock that goes wrong: Kratos says that the session is valid.
                    self.ends = person.entry.ends.filter(|end| *end > self.confirmed);
                }
                Err(refusal) => {
                    let now = Instant::now();
                    let has_ended = self.ends.is_some_and(|end| end <= now);
                    let silence = now.saturating_duration_since(self.confirmed);
                    if !refusal.is_unavailable() || has_ended || silence > self.outage.saturating_add(self.every) {
                        return refusal;
                    }
                }
            }
            self.next = after(Instant::now(), self.every);
        }
    }
}

/// The time of the next check: nine to eleven tenths of the interval from now.
fn after(now: Instant, every: Duration) -> Instant {
    // A day is long enough for an interval that no clock can count.
    let every = every.clamp(Duration::from_millis(100), Duration::from_secs(86_400));
    now + every.mul_f64(0.9 + 0.2 * fastrand::f64())
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("every", &self.every).field("outage", &self.outage).finish_non_exhaustive()
    }
}
