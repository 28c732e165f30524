//! Which cookies of a browser belong to Ory, and what a `Set-Cookie` header says.

use std::fmt;

use chrono::{DateTime, Utc};
use http::{HeaderMap, header};

use super::cookie_date;
use crate::privacy::Secret;
use crate::wire::header::value_text;

/// The beginnings of the names of Ory's cookies. Suffixes of the project and of development follow.
const OURS: [&str; 5] = ["ory_session_", "ory_kratos_session", "csrf_token_", "ory_kratos_continuity", "ory_hydra_"];

/// Keeps Ory's cookies of a `Cookie` header. Other cookies do not concern its servers. Empty if there are none.
pub(crate) fn filter(header: &str, more: &[String]) -> String {
    let ours =
        |name: &str| OURS.iter().any(|prefix| name.starts_with(prefix)) || more.iter().any(|known| known == name);
    let kept = header.split(';').map(str::trim).filter(|pair| ours(pair.split('=').next().unwrap_or_default().trim()));
    kept.collect::<Vec<_>>().join("; ")
}

/// One `Set-Cookie` header of a response.
///
/// ```
/// use ory_sdk::credentials::SetCookie;
///
/// let cookie = SetCookie::parse("ory_kratos_session=abc; Path=/; HttpOnly").unwrap();
/// assert_eq!(cookie.name(), "ory_kratos_session");
/// assert_eq!(cookie.value().expose(), "abc");
/// ```
///
/// Source: RFC 6265, section 5.2.
#[derive(Clone, PartialEq, Eq)]
pub struct SetCookie {
    line: Secret,
    pub(super) name: String,
    pub(super) value: Secret,
    pub(super) domain: Option<String>,
    pub(super) expires: Option<DateTime<Utc>>,
    pub(super) max_age: Option<i64>,
}

impl SetCookie {
    /// Reads the value of the header. `None` if it does not name a cookie.
    pub fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || line.chars().any(|c| c.is_control() && c != '\t') {
            return None;
        }
        let mut cookie = Self {
            line: line.into(),
            name: name.to_owned(),
            value: value.trim().into(),
            domain: None,
            expires: None,
            max_age: None,
        };
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "domain" => cookie.domain = Some(value.trim_start_matches('.').to_ascii_lowercase()),
                // An attribute that browsers cannot read counts as not there.
                "max-age" => cookie.max_age = max_age(value).or(cookie.max_age),
                "expires" => cookie.expires = cookie_date::parse(value).or(cookie.expires),
                _ => {}
            }
        }
        Some(cookie)
    }

    /// The name of the cookie.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value of the cookie.
    pub fn value(&self) -> &Secret {
        &self.value
    }

    /// The whole value of the header, to pass on to a browser.
    pub fn line(&self) -> &Secret {
        &self.line
    }

    /// Whether the header removes the cookie.
    pub fn is_removal(&self, now: DateTime<Utc>) -> bool {
        match self.max_age {
            Some(seconds) => seconds <= 0,
            None => self.expires.is_some_and(|time| time <= now),
        }
    }
}

/// A number of seconds (RFC 6265, section 5.2.2). One that is too large to count stands for the largest.
fn max_age(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(value.parse().unwrap_or(if value.starts_with('-') { i64::MIN } else { i64::MAX }))
}

impl fmt::Debug for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetCookie").field("name", &self.name).field("domain", &self.domain).finish_non_exhaustive()
    }
}

/// The `Set-Cookie` headers of a response, in order. A header that does not name a cookie is left out.
pub(crate) fn of_headers(headers: &HeaderMap) -> impl Iterator<Item = SetCookie> {
    let lines = headers.get_all(header::SET_COOKIE).into_iter();
    lines.filter_map(|value| SetCookie::parse(&value_text(value)))
}

/// Appends the `Set-Cookie` headers of one response to another.
pub(crate) fn relay(from: &HeaderMap, to: &mut HeaderMap) {
    for value in from.get_all(header::SET_COOKIE) {
        let mut value = value.clone();
        value.set_sensitive(true);
        to.append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_cookies_are_kept() {
        let header = "a=1; ory_kratos_session=s; csrf_token_ab_dev=c;ory_session_slug=x; ory_hydra_login_csrf_dev_1=h; my=2; xory_session_=n";
        assert_eq!(
            filter(header, &["my".to_owned()]),
            "ory_kratos_session=s; csrf_token_ab_dev=c; ory_session_slug=x; ory_hydra_login_csrf_dev_1=h; my=2"
        );
        assert_eq!(filter("a=1", &[]), "");
    }

    #[test]
    fn a_removal_is_what_browsers_take_for_one() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for removal in [
            "n=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "n=; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
            "n=; Expires=Thursday, 01-Jan-70 00:00:01 GMT",
            "n=; expires=Thu Jan  1 00:00:01 1970",
            "n=; Max-Age=0",
            "n=; Max-Age=-1; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
            "n=; Max-Age=-99999999999999999999",
            "n=; Max-Age=0; Max-Age=soon",
            "n=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; Expires=later",
        ] {
            assert!(SetCookie::parse(removal).unwrap().is_removal(now), "{removal}");
        }
        for kept in [
            "n=v",
            "n=",
            "n=v; Expires=Fri, 01-Jan-2100 00:00:00 GMT",
            "n=v; Max-Age=99999999999999999999; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
            "n=v; Max-Age=+0",
            "n=v; Max-Age=",
            "n=v; Expires=",
        ] {
            assert!(!SetCookie::parse(kept).unwrap().is_removal(now), "{kept}");
        }
    }

    #[test]
    fn a_set_cookie_shows_no_value() {
        let cookie = SetCookie::parse("n=hunter2; Domain=.Example.org").unwrap();
        assert_eq!(format!("{cookie:?}"), "SetCookie { name: \"n\", domain: Some(\"example.org\"), .. }");
        assert_eq!(cookie.line().expose(), "n=hunter2; Domain=.Example.org");
        assert!(SetCookie::parse("n=a\r\nX: y").is_none());
    }
}
