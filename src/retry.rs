//! When to try again, and after how long.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;

use crate::operation::Repeat;

/// How calls are tried again.
///
/// ```
/// use std::time::Duration;
///
/// let mut retry = ory_sdk::Retry::default();
/// retry.tries = 5;
/// retry.longest_wait = Duration::from_secs(2);
/// let client = ory_sdk::Client::builder().project("my-slug").retry(retry).build()?;
/// # Ok::<(), ory_sdk::InvalidSetting>(())
/// ```
///
/// What changes nothing, and what twice is like once, is tried again after a broken connection, a 429, 502, 503
/// or 504. What may hurt twice is tried again only after a 429 or if no byte was sent. Which operation is which
/// stands in the contract ([`crate::contract::Repeat`]).
///
/// Waits are drawn at random up to a bound that doubles (full jitter). If the server says how long to wait
/// (`Retry-After`, or `x-ratelimit-reset` of a 429), the draw is added to that, so that clients that were sent away
/// together do not return together.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Retry {
    /// The most tries of one call, the first one included: 3 by default; 1 switches retries off.
    pub tries: u32,
    /// The bound of the first wait: 200 ms by default.
    pub first_wait: Duration,
    /// The longest single wait: 10 seconds by default. If a server asks for longer, its answer is given at once.
    pub longest_wait: Duration,
    /// The longest sum of waits of one call: 20 seconds by default.
    pub longest_sum: Duration,
    /// How many retries a client may do without a success in between: 20 by default. It keeps a broken server
    /// from a storm; every success gives back a tenth of one.
    pub budget: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            tries: 3,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(10),
            longest_sum: Duration::from_secs(20),
            budget: 20,
        }
    }
}

impl Retry {
    /// No call is tried twice.
    pub fn off() -> Self {
        Self { tries: 1, ..Self::default() }
    }
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// No connection, so nothing was done.
    NotSent,
    /// No whole answer, so nobody knows what was done.
    Broken,
    /// An answer with this status.
    Answered(StatusCode),
}

impl Ending {
    /// Whether the server may have done what was asked without saying so.
    pub(crate) fn is_unknown(self) -> bool {
        matches!(self, Self::Broken | Self::Answered(StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT))
    }
}

/// Whether an operation may be tried again after a try that ended like this.
pub(crate) fn may_repeat(repeat: Repeat, ending: Ending) -> bool {
    let passing = [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ];
    match (repeat, ending) {
        (_, Ending::NotSent | Ending::Answered(StatusCode::TOO_MANY_REQUESTS)) => true,
        (Repeat::Safe | Repeat::Repeatable, Ending::Broken) => true,
        (Repeat::Safe | Repeat::Repeatable, Ending::Answered(status)) => passing.contains(&status),
        (Repeat::Once, _) => false,
    }
}

/// How long to wait before the try after `tries` of them; `None` if that would be too long.
pub(crate) fn wait(
    policy: &Retry,
    tries: u32,
    asked: Option<Duration>,
    waited: Duration,
    random: f64,
) -> Option<Duration> {
    let doubled = policy.first_wait.saturating_mul(1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX));
    let drawn = doubled.min(policy.longest_wait).mul_f64(random.clamp(0.0, 1.0));
    let asked = asked.unwrap_or_default();
    let wait = asked.saturating_add(drawn).min(policy.longest_wait.max(asked));
    (wait <= policy.longest_wait && waited + wait <= policy.longest_sum).then_some(wait)
}

/// The retries that a client may still do: a bucket that successes fill by tenths.
#[derive(Debug)]
pub(crate) struct Budget {
    tenths: Mutex<u32>,
    most: u32,
}

impl Budget {
    pub(crate) fn new(retries: u32) -> Self {
        let most = retries.saturating_mul(10);
        Self { tenths: Mutex::new(most), most }
    }

    /// Takes one retry, if one is left.
    pub(crate) fn take(&self) -> bool {
        let mut tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        match tenths.checked_sub(10) {
            Some(rest) => {
                *tenths = rest;
                true
            }
            None => false,
        }
    }

    /// A call went well.
    pub(crate) fn success(&self) {
        let mut tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        *tenths = (*tenths + 1).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_repeated() {
        let answered = |status: u16| Ending::Answered(StatusCode::from_u16(status).unwrap());
        for repeat in [Repeat::Safe, Repeat::Repeatable] {
            for ending in [Ending::NotSent, Ending::Broken, answered(429), answered(502), answered(503), answered(504)]
            {
                assert!(may_repeat(repeat, ending), "{repeat:?} {ending:?}");
            }
            for status in [200, 400, 404, 409, 500, 501] {
                assert!(!may_repeat(repeat, answered(status)), "{repeat:?} {status}");
            }
        }
        assert!(may_repeat(Repeat::Once, Ending::NotSent) && may_repeat(Repeat::Once, answered(429)));
        for ending in [Ending::Broken, answered(502), answered(503), answered(504), answered(500)] {
            assert!(!may_repeat(Repeat::Once, ending), "{ending:?}");
        }
    }

    #[test]
    fn waits() {
        let policy = Retry::default();
        let ms = Duration::from_millis;
        assert_eq!(wait(&policy, 1, None, ms(0), 1.0), Some(ms(200)));
        assert_eq!(wait(&policy, 3, None, ms(0), 0.5), Some(ms(400)));
        assert_eq!(wait(&policy, 1, None, ms(0), 0.0), Some(ms(0)));
        assert_eq!(wait(&policy, 40, None, ms(0), 1.0), Some(policy.longest_wait));
        assert_eq!(wait(&policy, 1, Some(ms(5_000)), ms(0), 0.5), Some(ms(5_100)), "not all at once");
        assert_eq!(wait(&policy, 1, Some(policy.longest_wait), ms(0), 0.5), Some(policy.longest_wait));
        assert_eq!(wait(&policy, 1, Some(ms(60_000)), ms(0), 0.3), None, "longer than one wait may be");
        assert_eq!(wait(&policy, 1, Some(ms(5_000)), ms(16_000), 0.3), None, "longer than all may be");
    }

    #[test]
    fn the_budget_runs_out_and_fills() {
        let budget = Budget::new(2);
        assert_eq!([budget.take(), budget.take(), budget.take()], [true, true, false]);
        (0..9).for_each(|_| budget.success());
        assert!(!budget.take());
        budget.success();
        assert!(budget.take() && !budget.take());
    }
}
