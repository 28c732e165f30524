//! Decides whether a call is repeated, and after how long.

use std::time::Duration;

use http::StatusCode;

use crate::contract::Repeat;

/// How calls are repeated.
///
/// ```
/// use std::time::Duration;
///
/// use ory_sdk::retry::Retry;
///
/// let retry = Retry::new().tries(5).longest_wait(Duration::from_secs(2));
/// let client = ory_sdk::Client::builder().project("my-slug").retry(retry).build()?;
/// # Ok::<(), ory_sdk::error::InvalidSetting>(())
/// ```
///
/// Operations that change nothing, and operations that have the same effect when sent twice, are repeated after a broken
/// connection, a 429, 502, 503 or 504. Operations that may do harm when sent twice are repeated only after a 429, or if
/// nothing was sent. The contract says which operation is which: [`Repeat`].
///
/// Waits are random, up to a bound that doubles (full jitter). If the server says how long to wait (`Retry-After`, or
/// `x-ratelimit-reset` of a 429), the random wait is added to that, so that clients that were sent away together do not
/// return together. After a 429 that does not say how long, the wait is about a second, and doubles with
/// every try.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    pub(crate) tries: u32,
    pub(crate) first_wait: Duration,
    pub(crate) limited_wait: Duration,
    pub(crate) longest_wait: Duration,
    pub(crate) longest_sum: Duration,
    pub(crate) budget: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            tries: 3,
            first_wait: Duration::from_millis(200),
            limited_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(10),
            longest_sum: Duration::from_secs(20),
            budget: 20,
        }
    }
}

impl Retry {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends every call once.
    pub fn off() -> Self {
        Self::new().tries(1)
    }

    /// Sets the greatest number of tries of one call, including the first. The default is 3; 1 switches retries off.
    pub fn tries(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// Sets the bound of the first wait. The default is 200 ms.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// Sets the first wait after a 429 that does not say how long to wait. The default is 1 second. The wait varies by a
    /// quarter in both directions, and doubles with every try.
    pub fn limited_wait(mut self, wait: Duration) -> Self {
        self.limited_wait = wait;
        self
    }

    /// Sets the longest single wait. The default is 10 seconds. If the server asks for a longer one, the call returns its
    /// response at once.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Sets the longest sum of waits of one call. The default is 20 seconds.
    pub fn longest_sum(mut self, wait: Duration) -> Self {
        self.longest_sum = wait;
        self
    }

    /// Sets how many retries a client may send without a success in between. The default is 20. Every success gives back
    /// a tenth of a retry. The budget keeps a broken server from a storm of requests.
    pub fn budget(mut self, retries: u32) -> Self {
        self.budget = retries;
        self
    }
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Without a connection, so nothing was done.
    NotSent,
    /// Without a complete response, so nobody knows what was done.
    Broken,
    /// With a response of this status.
    Responded(StatusCode),
}

impl Ending {
    /// Whether the server may have done what was asked without responding.
    pub(crate) fn is_unknown(self) -> bool {
        matches!(self, Self::Broken | Self::Responded(StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT))
    }
}

/// Whether an operation may be repeated after a try with this ending.
pub(crate) fn may_repeat(repeat: Repeat, ending: Ending) -> bool {
    let passing = [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ];
    match (repeat, ending) {
        (_, Ending::NotSent | Ending::Responded(StatusCode::TOO_MANY_REQUESTS)) => true,
        (Repeat::Safe | Repeat::Repeatable, Ending::Broken) => true,
        (Repeat::Safe | Repeat::Repeatable, Ending::Responded(status)) => passing.contains(&status),
        (Repeat::Once, _) => false,
    }
}

/// How long to wait before the next try, after one with this ending. `None` if that is too long.
pub(crate) fn wait(
    policy: &Retry,
    tries: u32,
    ending: Ending,
    asked: Option<Duration>,
    waited: Duration,
    random: f64,
) -> Option<Duration> {
    let factor = 1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX);
    let doubled = |first: Duration| first.saturating_mul(factor).min(policy.longest_wait);
    let random = random.clamp(0.0, 1.0);
    // A limit lasts a second at least, so a wait near zero would only use up the tries.
    let is_limited = ending == Ending::Responded(StatusCode::TOO_MANY_REQUESTS);
    let drawn = if is_limited && asked.is_none() {
        times(doubled(policy.limited_wait), 0.75 + random / 2.0)
    } else {
        times(doubled(policy.first_wait), random)
    };
    let asked = asked.unwrap_or_default();
    let wait = asked.saturating_add(drawn).min(policy.longest_wait.max(asked));
    (wait <= policy.longest_wait && waited.saturating_add(wait) <= policy.longest_sum).then_some(wait)
}

/// A part of a wait, or a little more than all of it. Callers may set any wait, also the longest that there is.
fn times(wait: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(wait.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_repeated() {
        let responded = |status: u16| Ending::Responded(StatusCode::from_u16(status).unwrap());
        for repeat in [Repeat::Safe, Repeat::Repeatable] {
            for ending in
                [Ending::NotSent, Ending::Broken, responded(429), responded(502), responded(503), responded(504)]
            {
                assert!(may_repeat(repeat, ending), "{repeat:?} {ending:?}");
            }
            for status in [200, 400, 404, 409, 500, 501] {
                assert!(!may_repeat(repeat, responded(status)), "{repeat:?} {status}");
            }
        }
        assert!(may_repeat(Repeat::Once, Ending::NotSent) && may_repeat(Repeat::Once, responded(429)));
        for ending in [Ending::Broken, responded(502), responded(503), responded(504), responded(500)] {
            assert!(!may_repeat(Repeat::Once, ending), "{ending:?}");
        }
    }

    #[test]
    fn waits() {
        let policy = Retry::default();
        let ms = Duration::from_millis;
        let wait = |policy: &Retry, tries, asked, waited, random| {
            super::wait(policy, tries, Ending::Broken, asked, waited, random)
        };
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
    fn any_setting_is_a_wait_or_none() {
        let most = [Duration::ZERO, Duration::from_nanos(1), Duration::from_secs(1), Duration::MAX];
        for (first, longest) in most.iter().flat_map(|first| most.iter().map(move |longest| (*first, *longest))) {
            let policy = Retry::new().first_wait(first).limited_wait(first).longest_wait(longest).longest_sum(longest);
            for ending in [Ending::Broken, Ending::Responded(StatusCode::TOO_MANY_REQUESTS)] {
                for asked in [None, Some(Duration::ZERO), Some(Duration::MAX)] {
                    for (tries, waited, random) in [(1, Duration::ZERO, 1.0), (u32::MAX, Duration::MAX, f64::NAN)] {
                        let wait = wait(&policy, tries, ending, asked, waited, random);
                        assert!(wait.is_none_or(|wait| wait <= longest), "{policy:?} {wait:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_limit_without_a_hint_is_waited_out() {
        let policy = Retry::default();
        let ms = Duration::from_millis;
        let wait = |policy: &Retry, tries, asked, random| {
            let ending = Ending::Responded(StatusCode::TOO_MANY_REQUESTS);
            super::wait(policy, tries, ending, asked, Duration::ZERO, random)
        };
        assert_eq!(wait(&policy, 1, None, 0.0), Some(ms(750)));
        assert_eq!(wait(&policy, 1, None, 1.0), Some(ms(1_250)));
        assert_eq!(wait(&policy, 2, None, 0.5), Some(ms(2_000)));
        assert_eq!(wait(&policy, 3, None, 0.5), Some(ms(4_000)));
        assert_eq!(wait(&policy, 40, None, 1.0), Some(policy.longest_wait));
        assert_eq!(wait(&policy, 1, Some(ms(3_000)), 0.5), Some(ms(3_100)), "with a hint it is the hint");
        assert_eq!(wait(&policy, 1, Some(ms(0)), 0.5), Some(ms(100)), "zero is a hint too");
        let impatient = Retry::new().limited_wait(ms(10));
        assert_eq!(wait(&impatient, 1, None, 0.5), Some(ms(10)));
        assert_eq!(wait(&Retry::new().limited_wait(Duration::MAX), 1, None, 0.0), Some(ms(7_500)));
    }
}
