//! Ends the restarts of a flow that cannot be shown, before they become a loop.
//!
//! A restart leaves a mark. A flow that fails soon after one is not restarted again. The mark is in the URL, since a browser
//! that blocks cookies is the usual reason for a loop. Where Kratos starts the flows it does not keep that URL, so the mark
//! is in a cookie there.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, header};

/// The query parameter with the time of the restart. It holds a time, since the URL stays in the browser, and a flow that
/// expires there later is to be restarted.
pub(super) const MARK: &str = "again";

/// The cookie that marks a restart.
const COOKIE: &str = "ory_sdk_again";

/// How long a restart counts, in seconds.
const LASTS: u64 = 30;

/// The value of the mark.
pub(super) fn mark() -> String {
    now().to_string()
}

/// Whether a mark is of a recent restart. The clocks of two servers may differ a little.
pub(super) fn is_recent(mark: &str) -> bool {
    mark.parse::<u64>().is_ok_and(|time| now().abs_diff(time) < LASTS)
}

/// Whether the cookie marks a recent restart.
pub(super) fn has_cookie(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut names = lines.flat_map(|line| line.split(';')).filter_map(|pair| Some(pair.split_once('=')?.0.trim()));
    names.any(|name| name == COOKIE)
}

/// Sets the cookie that marks a restart.
pub(super) fn set_cookie(is_https: bool, headers: &mut HeaderMap) {
    append_cookie("1", LASTS, is_https, headers);
}

/// Removes the cookie, once a flow can be shown: what fails afterwards has nothing to do with that restart.
pub(super) fn remove_cookie(is_https: bool, headers: &mut HeaderMap) {
    append_cookie("", 0, is_https, headers);
}

fn append_cookie(value: &str, lasts: u64, is_https: bool, headers: &mut HeaderMap) {
    let secure = if is_https { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Max-Age={lasts}; Path=/; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_lasts_a_while() {
        assert!(is_recent(&mark()));
        assert!(is_recent(&(now() + 5).to_string()), "the clock of another server is ahead");
        for old in [now() - LASTS, now() + 2 * LASTS, 0, u64::MAX] {
            assert!(!is_recent(&old.to_string()), "{old}");
        }
        for wrong in ["", "-1", "soon", "99999999999999999999999"] {
            assert!(!is_recent(wrong), "{wrong}");
        }
    }
}
