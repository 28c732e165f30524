//! The limits that gateways state.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode, header};

use crate::wire::header::text;
use crate::wire::http_date;

/// The rate limits of the Ory Network, from the headers of a response.
///
/// ```
/// # fn example(error: ory_sdk::Error) {
/// if let Some(limit) = error.rate_limit() {
///     println!("{:?} of {:?} requests are left, for {:?}", limit.remaining, limit.limit, limit.reset);
/// }
/// # }
/// ```
///
/// Source: `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset` of the Ory Network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests that the current window allows.
    pub limit: Option<u64>,
    /// The number of requests that are left.
    pub remaining: Option<u64>,
    /// The time until the window ends.
    pub reset: Option<Duration>,
}

impl RateLimit {
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        // `10, 10;w=1, 300;w=60`: the limit of the current window comes first.
        let number = |name: &str| {
            let text = text(headers, name)?;
            text.split([',', ';']).next()?.trim().parse::<u64>().ok()
        };
        let this = Self {
            limit: number("x-ratelimit-limit"),
            remaining: number("x-ratelimit-remaining"),
            reset: number("x-ratelimit-reset").map(Duration::from_secs),
        };
        (this.limit.is_some() || this.remaining.is_some() || this.reset.is_some()).then_some(this)
    }
}

/// How long the server asks to wait: `Retry-After` in seconds or as a date, or after a 429 the end of the window.
pub(crate) fn wait(status: StatusCode, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let asked = text(headers, header::RETRY_AFTER).and_then(|text| {
        let text = text.trim();
        match text.parse::<u64>() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => {
                // HTTP has three forms of dates, all in UTC. Some servers write another zone, as mails have it.
                let mail = DateTime::parse_from_rfc2822(text).map(|time| time.to_utc());
                let time = mail.ok().or_else(|| http_date::parse(text))?;
                Some((time - now).to_std().unwrap_or(Duration::ZERO))
            }
        }
    });
    // Every response says when its window ends. Only a 429 says that nothing is left until then.
    let limited = status == StatusCode::TOO_MANY_REQUESTS;
    asked.or_else(|| RateLimit::read(headers).filter(|_| limited)?.reset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<HeaderMap>()
    }

    #[test]
    fn limits_and_waits() {
        let network = headers(&[
            ("x-ratelimit-limit", "10, 10;w=1, 300;w=60"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "7"),
        ]);
        let read = RateLimit::read(&network).unwrap();
        assert_eq!((read.limit, read.remaining, read.reset), (Some(10), Some(0), Some(Duration::from_secs(7))));
        assert_eq!(RateLimit::read(&HeaderMap::new()), None);
        let limited = StatusCode::TOO_MANY_REQUESTS;
        let now = DateTime::parse_from_rfc3339("2026-11-22T13:49:00Z").unwrap().with_timezone(&Utc);
        assert_eq!(wait(limited, &network, now), Some(Duration::from_secs(7)));
        assert_eq!(wait(limited, &headers(&[("retry-after", "3")]), now), Some(Duration::from_secs(3)));
        for date in [
            "Sun, 22 Nov 2026 13:49:05 GMT",
            "Sunday, 22-Nov-26 13:49:05 GMT",
            "Sun Nov 22 13:49:05 2026",
            "Sun, 22-Nov-2026 13:49:05 UTC",
            "Sun, 22 Nov 2026 14:49:05 +0100",
        ] {
            assert_eq!(wait(limited, &headers(&[("retry-after", date)]), now), Some(Duration::from_secs(5)), "{date}");
        }
        assert_eq!(
            wait(limited, &headers(&[("retry-after", "Sun, 22 Nov 2020 13:49:05 GMT")]), now),
            Some(Duration::ZERO)
        );
        for other in ["soon", "", "-3", "3.5", "22 Nov 2026", "Sun, 31 Feb 2026 13:49:05 GMT"] {
            assert_eq!(wait(limited, &headers(&[("retry-after", other)]), now), None, "{other}");
        }
        assert_eq!(wait(StatusCode::BAD_GATEWAY, &network, now), None, "its window has room for another try");
    }
}
