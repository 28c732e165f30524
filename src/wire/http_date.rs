//! Reads the date of a header as browsers read the date of a cookie: RFC 6265, section 5.1.1. That includes the three
//! forms of RFC 9110, section 5.6.7.

use chrono::{DateTime, NaiveDate, Utc};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The date, in whatever order and with whatever separators its parts come. `None` if a part is missing or wrong.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        // The first token of each kind counts, in this order of kinds.
        if time.is_none()
            && let Some(found) = time_of_day(token)
        {
            time = Some(found);
        } else if day.is_none()
            && let Some(found) = number(token, 1, 2)
        {
            day = Some(found);
        } else if month.is_none()
            && let Some(found) = month_number(token)
        {
            month = Some(found);
        } else if year.is_none()
            && let Some(found) = number(token, 2, 4)
        {
            year = Some(found);
        }
    }
    let year = match year? {
        year @ 70..=99 => 1900 + year,
        year @ 0..=69 => 2000 + year,
        year if year < 1601 => return None,
        year => year,
    };
    let (hour, minute, second) = time?;
    let date = NaiveDate::from_ymd_opt(year.try_into().ok()?, month?, day?)?;
    Some(date.and_hms_opt(hour, minute, second)?.and_utc())
}

/// Everything but digits, letters, colons, control characters and what is not ASCII.
fn is_delimiter(c: char) -> bool {
    matches!(c, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~')
}

/// The number at the start of a token, of so many digits. Anything but a digit may follow.
fn number(token: &str, fewest: usize, most: usize) -> Option<u32> {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    if (fewest..=most).contains(&digits) { token[..digits].parse().ok() } else { None }
}

/// `hour:minute:second`, each of one or two digits.
fn time_of_day(token: &str) -> Option<(u32, u32, u32)> {
    let mut parts = token.splitn(3, ':');
    let mut exact = || {
        let part = parts.next()?;
        if part.bytes().all(|byte| byte.is_ascii_digit()) { number(part, 1, 2) } else { None }
    };
    let (hour, minute) = (exact()?, exact()?);
    Some((hour, minute, number(parts.next()?, 1, 2)?))
}

fn month_number(token: &str) -> Option<u32> {
    let start = token.get(..3)?.to_ascii_lowercase();
    let index = MONTHS.iter().position(|month| *month == start)?;
    u32::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_browsers_read() {
        let epoch = [
            "Thu, 01 Jan 1970 00:00:01 GMT",
            "Thu, 01-Jan-1970 00:00:01 GMT",
            "Thursday, 01-Jan-70 00:00:01 GMT",
            "Thu Jan  1 00:00:01 1970",
            "01 jan 1970 0:0:1",
            "1970 01 JANUARY 00:00:01",
            "Thu, 1-Jan-1970 00:00:01 +0000",
            "Thu, 01/Jan/1970 00:00:01 UTC",
            "00:00:01 1st Jan 1970",
        ];
        for text in epoch {
            assert_eq!(parse(text).map(|time| time.timestamp()), Some(1), "{text}");
        }
        let year = |text: &str| parse(text).unwrap().format("%Y-%m-%d %H:%M:%S").to_string();
        assert_eq!(year("Sun, 29-Nov-26 10:11:12 GMT"), "2026-11-29 10:11:12");
        assert_eq!(year("Sun, 29 Nov 69 10:11:12 GMT"), "2069-11-29 10:11:12");
        assert_eq!(year("Tue, 31 Dec 9999 23:59:59 GMT"), "9999-12-31 23:59:59");
    }

    #[test]
    fn what_browsers_refuse() {
        for text in [
            "",
            "0",
            "Thu, 01 Jan 1970",
            "Thu, 00 Jan 1970 00:00:01 GMT",
            "Thu, 32 Jan 1970 00:00:01 GMT",
            "Thu, 30 Feb 1970 00:00:01 GMT",
            "Thu, 01 Foo 1970 00:00:01 GMT",
            "Thu, 01 Jan 1600 00:00:01 GMT",
            "Thu, 01 Jan 1970 24:00:00 GMT",
            "Thu, 01 Jan 1970 00:60:00 GMT",
            "Thu, 01 Jan 1970 00:00 GMT",
            "Thu, 01 Jan 12345 00:00:01 GMT",
            "ü1 Jan 1970 00:00:01",
            "Jän 01 1970 00:00:01",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
