//! Go's durations (`1h30m0s`), in which Ory's servers write lifespans.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::InvalidArgument;

/// A duration as Go writes it: `1h30m0s`, `1.5s`, `0s`. Ory's servers write lifespans this way.
///
/// ```
/// use std::time::Duration;
///
/// use ory_sdk::input::GoDuration;
///
/// let lifespan: GoDuration = "1h30m".parse()?;
/// assert_eq!(Duration::from(lifespan), Duration::from_secs(5400));
/// assert_eq!(GoDuration::from(Duration::from_millis(1500)).to_string(), "1.5s");
/// # Ok::<(), ory_sdk::error::InvalidArgument>(())
/// ```
///
/// Every setter that takes a lifespan as text takes a `GoDuration` too.
///
/// Its text has the units `ns`, `us` (or `µs`), `ms`, `s`, `m` and `h`; `0` needs none. Parsing fails for any other text,
/// for a negative duration, and for more than 2^64 nanoseconds (about 584 years).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoDuration(Duration);

impl From<Duration> for GoDuration {
    fn from(duration: Duration) -> Self {
        Self(duration)
    }
}

impl From<GoDuration> for Duration {
    fn from(duration: GoDuration) -> Self {
        duration.0
    }
}

impl From<GoDuration> for String {
    fn from(duration: GoDuration) -> Self {
        duration.to_string()
    }
}

impl FromStr for GoDuration {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, InvalidArgument> {
        parse(text).map(Self)
    }
}

impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format(self.0))
    }
}

fn parse(text: &str) -> Result<Duration, InvalidArgument> {
    let wrong = |why: &str| InvalidArgument::new(format!("{text:?} is not a duration: {why}"));
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest.starts_with('-') {
        return Err(wrong("it is negative"));
    }
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(wrong("it is empty"));
    }
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(|| wrong("a unit is missing"))?;
        let (number, after) = rest.split_at(end);
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let scale: u128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return Err(wrong("units are ns, us, ms, s, m and h")),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || whole.len() > 20 {
            return Err(wrong("a number is malformed"));
        }
        let whole: u128 =
            if whole.is_empty() { 0 } else { whole.parse().map_err(|_| wrong("a number is malformed"))? };
        total = total.saturating_add(whole.saturating_mul(scale));
        let mut place = scale;
        for digit in fraction.bytes() {
            place /= 10;
            total = total.saturating_add(u128::from(digit - b'0') * place);
        }
        rest = after;
    }
    let nanoseconds = u64::try_from(total).map_err(|_| wrong("it is too long"))?;
    Ok(Duration::from_nanos(nanoseconds))
}

fn format(duration: Duration) -> String {
    let nanoseconds = duration.subsec_nanos();
    let seconds = duration.as_secs();
    if seconds == 0 && nanoseconds > 0 {
        let (scale, unit) = match nanoseconds {
            1_000_000.. => (1_000_000, "ms"),
            1_000.. => (1_000, "µs"),
            _ => (1, "ns"),
        };
        return format!("{}{unit}", decimal(u64::from(nanoseconds / scale), nanoseconds % scale, scale));
    }
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let rest = decimal(rest, nanoseconds, 1_000_000_000);
    if hours > 0 {
        format!("{hours}h{minutes}m{rest}s")
    } else if minutes > 0 {
        format!("{minutes}m{rest}s")
    } else {
        format!("{rest}s")
    }
}

/// A number with a fraction of `part` in `scale`, without trailing zeros.
fn decimal(whole: u64, part: u32, scale: u32) -> String {
    if part == 0 {
        return whole.to_string();
    }
    let digits = scale.ilog10() as usize;
    format!("{whole}.{}", format!("{part:0digits$}").trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_go_writes() {
        for (text, nanoseconds) in [
            ("0", 0),
            ("0s", 0),
            ("1h30m0s", 5_400_000_000_000),
            ("1.5h", 5_400_000_000_000),
            (".5s", 500_000_000),
            ("2m3.000000004s", 123_000_000_004),
            ("1µs1ns", 1_001),
            ("720h0m0s", 2_592_000_000_000_000),
        ] {
            assert_eq!(parse(text).unwrap(), Duration::from_nanos(nanoseconds), "{text}");
        }
        for bad in ["", "1", "-1s", "s", "1d", "1.2.3s", "..s", "h1", "99999999999999999999999h", "1 s", "१s"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5µs"),
            (2_000_000, "2ms"),
            (1_000_000_001, "1.000000001s"),
            (60_000_000_000, "1m0s"),
            (5_400_000_000_000, "1h30m0s"),
        ] {
            let duration = Duration::from_nanos(nanoseconds);
            assert_eq!(format(duration), text);
            assert_eq!(parse(text).unwrap(), duration);
        }
    }
}
