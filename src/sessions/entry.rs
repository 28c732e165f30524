//! A session as Kratos returned it, with what the cache has to know.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use tokio::time::Instant;

use super::refusal::Refusal;
use crate::generated::types;
use crate::response::Response;

/// How long the response may be kept, according to the server, in seconds.
const CACHE_FOR: &str = "ory-session-cache-for";

/// What an entry takes beside the parts that grow with the body, in bytes.
const OWN_WEIGHT: usize = 1024;

/// A session, and when it was asked for.
pub(super) struct Entry {
    pub(super) session: types::Session,
    /// The number of the call. What was revoked under a higher number does not count any more.
    pub(super) number: u64,
    /// When the request was sent: a change on the server after that may be missing.
    pub(super) sent: Instant,
    /// When the session ends by itself.
    pub(super) ends: Option<Instant>,
    /// How long after `sent` it may be used, by the server's word and the settings. Zero is never.
    pub(super) keep: Duration,
    /// The memory it takes, in bytes.
    pub(super) weight: u64,
}

/// What decides how long a response may be kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keeping {
    pub(super) max_age: Duration,
    pub(super) only_if_server_allows: bool,
}

impl Entry {
    /// Reads the response.
    pub(super) fn of(
        response: Response<types::Session>,
        number: u64,
        sent: Instant,
        keeping: Keeping,
    ) -> Result<Self, Refusal> {
        let left = response.expires_at.map(|time| remaining(time, Utc::now()));
        let keep = keep(response.headers(), keeping).min(left.unwrap_or(Duration::MAX));
        let weight = (OWN_WEIGHT + 2 * response.raw_body().len()) as u64;
        let session = response.into_body();
        if session.active == Some(false) {
            return Err(Refusal::Nobody);
        }
        if session.identity.is_none() {
            return Err(Refusal::unknown());
        }
        let ends = left.and_then(|left| Instant::now().checked_add(left));
        Ok(Self { session, number, sent, ends, keep, weight })
    }

    /// Whether it may be used now, by a check that accepts this age.
    pub(super) fn is_current(&self, now: Instant, max_age: Duration) -> bool {
        now.saturating_duration_since(self.sent) < self.keep.min(max_age) && self.is_running(now)
    }

    /// Whether the session has not ended by itself.
    pub(super) fn is_running(&self, now: Instant) -> bool {
        self.ends.is_none_or(|end| now < end)
    }

    pub(super) fn session_id(&self) -> uuid::Uuid {
        self.session.id
    }

    pub(super) fn identity_id(&self) -> Option<uuid::Uuid> {
        self.session.identity.as_ref().map(|identity| identity.id)
    }
}

fn remaining(end: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    (end - now).to_std().unwrap_or_default()
}

/// How long a response may be kept: the shorter of the setting and of the server's word. A word that is not a number of
/// seconds is a no.
fn keep(headers: &HeaderMap, keeping: Keeping) -> Duration {
    let mut words = headers.get_all(CACHE_FOR).iter();
    let allowed = match (words.next(), words.next()) {
        (None, _) if keeping.only_if_server_allows => Duration::ZERO,
        (None, _) => Duration::MAX,
        (Some(word), None) => seconds(word.as_bytes()),
        (Some(_), Some(_)) => Duration::ZERO,
    };
    allowed.min(keeping.max_age)
}

fn seconds(word: &[u8]) -> Duration {
    let is_number = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(word).ok().filter(|_| is_number);
    // A number that is too large to count stands for the largest.
    Duration::from_secs(number.map_or(0, |number| number.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_the_server_can_only_shorten() {
        let kept = |words: &[&str], only_if_server_allows| {
            let mut headers = HeaderMap::new();
            for word in words {
                headers.append(CACHE_FOR, word.parse().unwrap());
            }
            keep(&headers, Keeping { max_age: Duration::from_secs(60), only_if_server_allows }).as_secs()
        };
        for (words, expected) in [
            (&["10"][..], 10),
            (&["86400"], 60),
            (&["99999999999999999999999"], 60),
            (&["0"], 0),
            (&["-1"], 0),
            (&["x"], 0),
            (&[""], 0),
            (&["1.5"], 0),
            (&["10", "20"], 0),
        ] {
            assert_eq!((kept(words, false), kept(words, true)), (expected, expected), "{words:?}");
        }
        assert_eq!((kept(&[], false), kept(&[], true)), (60, 0));
    }
}
