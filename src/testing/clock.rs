//! The stand-in's clock, which a test can advance.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

pub(crate) type Time = DateTime<Utc>;

/// The system's time, plus the time by which a test moved it.
pub(crate) struct Clock {
    ahead: TimeDelta,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { ahead: TimeDelta::zero() }
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        self.ahead = self.ahead.checked_add(&by).unwrap_or(TimeDelta::MAX);
    }

    /// Sets the time, from which the clock goes on.
    pub(crate) fn set(&mut self, now: Time) {
        self.ahead = now - Utc::now();
    }

    pub(crate) fn now(&self) -> Time {
        after(Utc::now(), self.ahead)
    }
}

/// `start` plus `by`, at most the last time that chrono can express.
pub(crate) fn after(start: Time, by: TimeDelta) -> Time {
    start.checked_add_signed(by).unwrap_or(Time::MAX_UTC)
}

/// A time as Kratos and Hydra write it: RFC 3339, in UTC, with microseconds.
pub(crate) fn rfc3339(time: Time) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advances_at_most_to_the_end_of_time() {
        let mut clock = Clock::new();
        let before = clock.now();
        clock.advance(Duration::from_secs(60));
        assert!(clock.now() >= before + TimeDelta::minutes(1));
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Time::MAX_UTC);
    }
}
