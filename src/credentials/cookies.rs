//! Which cookies of a browser belong to Ory, and what a `Set-Cookie` header says.

use std::fmt;

use chrono::{DateTime, Utc};
use http::{HeaderMap, header};

use crate::contract::Endpoint;
use crate::privacy::Secret;
use crate::wire::header::value_text;
use crate::wire::http_date;

/// The beginnings of the names of Kratos' session cookies. Suffixes of the project and of development follow.
const OF_SESSIONS: [&str; 2] = ["ory_session_", "ory_kratos_session"];

/// The beginnings of the names of each server's cookies.
const PREFIXES: [(Endpoint, &[&str]); 3] = [
    (Endpoint::KratosPublic, &OF_SESSIONS),
    (Endpoint::KratosPublic, &["csrf_token_", "ory_kratos_continuity"]),
    (Endpoint::HydraPublic, &["ory_hydra_"]),
];

/// The longest value of an attribute that browsers read, in bytes (RFC 6265bis, section 5.6).
const LONGEST_ATTRIBUTE: usize = 1024;

/// The names of Ory's cookies: those that the servers have by default, and those that a configuration gives them.
#[derive(Debug, Clone, Default)]
pub(crate) struct CookieNames {
    pub(crate) renamed: Vec<(Endpoint, String)>,
}

impl CookieNames {
    /// Ory's cookies of a `Cookie` header. Other cookies do not concern its servers. Empty if there are none.
    pub(crate) fn ours(&self, header: &str) -> String {
        self.of_servers(header, |_| true)
    }

    /// The cookies of a `Cookie` header that belong to the servers that `is_wanted`.
    pub(crate) fn of_servers(&self, header: &str, is_wanted: impl Fn(&Endpoint) -> bool) -> String {
        let prefixes: Vec<&str> =
            PREFIXES.iter().filter(|(server, _)| is_wanted(server)).flat_map(|(_, names)| *names).copied().collect();
        self.filtered(header, &prefixes, is_wanted)
    }

    /// The cookies of a `Cookie` header that may be Kratos' session cookie.
    #[cfg_attr(not(feature = "sessions"), allow(dead_code))]
    pub(crate) fn of_sessions(&self, header: &str) -> String {
        self.filtered(header, &OF_SESSIONS, |server| *server == Endpoint::KratosPublic)
    }

    /// The cookies whose names have one of the prefixes, or belong to a server that `is_wanted` by the configuration.
    fn filtered(&self, header: &str, prefixes: &[&str], is_wanted: impl Fn(&Endpoint) -> bool) -> String {
        let is_renamed = |name: &str| self.renamed.iter().any(|(server, known)| known == name && is_wanted(server));
        let is_kept = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix)) || is_renamed(name);
        let pairs = header.split(';').map(str::trim);
        let kept = pairs.filter(|pair| is_kept(pair.split('=').next().unwrap_or_default().trim()));
        kept.collect::<Vec<_>>().join("; ")
    }
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
/// Source: RFC 6265, section 5.2. An attribute that browsers do not read counts as not there: one that is malformed or
/// longer than 1024 bytes.
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
            if value.len() > LONGEST_ATTRIBUTE {
                continue;
            }
            match key.trim().to_ascii_lowercase().as_str() {
                "domain" => cookie.domain = Some(value.trim_start_matches('.').to_ascii_lowercase()),
                "max-age" => cookie.max_age = max_age(value).or(cookie.max_age),
                "expires" => cookie.expires = http_date::parse(value).or(cookie.expires),
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

/// Appends cookies to the headers of a response, each as a line of its own.
#[cfg(feature = "web")]
pub(crate) fn append(cookies: &[SetCookie], to: &mut HeaderMap) {
    for cookie in cookies {
        // It came in a header.
        if let Ok(line) = super::header::sensitive(cookie.line().expose()) {
            to.append(header::SET_COOKIE, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_cookies_are_kept() {
        let names = |renamed: &[(Endpoint, &str)]| CookieNames {
            renamed: renamed.iter().map(|(server, name)| (server.clone(), (*name).to_owned())).collect(),
        };
        let header = "a=1; ory_kratos_session=s; csrf_token_ab_dev=c;ory_session_slug=x; ory_hydra_login_csrf_dev_1=h; my=2; xory_session_=n";
        let mine = names(&[(Endpoint::KratosPublic, "my")]);
        assert_eq!(
            mine.ours(header),
            "ory_kratos_session=s; csrf_token_ab_dev=c; ory_session_slug=x; ory_hydra_login_csrf_dev_1=h; my=2"
        );
        assert_eq!(names(&[]).ours("a=1; my=2"), "");
        let of = |names: &CookieNames, server: Endpoint| names.of_servers(header, |known| *known == server);
        let kratos = "ory_kratos_session=s; csrf_token_ab_dev=c; ory_session_slug=x";
        assert_eq!(of(&mine, Endpoint::KratosPublic), format!("{kratos}; my=2"));
        assert_eq!(of(&mine, Endpoint::HydraPublic), "ory_hydra_login_csrf_dev_1=h");
        let mine = names(&[(Endpoint::HydraPublic, "my")]);
        assert_eq!(of(&mine, Endpoint::KratosPublic), kratos);
        assert_eq!(of(&mine, Endpoint::HydraPublic), "ory_hydra_login_csrf_dev_1=h; my=2");
        assert_eq!(of(&mine, Endpoint::KratosAdmin), "");
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
            "n=; Max-Age=-99999999999999999999; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
            "n=; Max-Age=-9223372036854775808",
            "n=; Max-Age=-0",
            "n=; Max-Age=00000000000000000000000",
            "n=; Max-Age=-000000000000000000000000001",
            "n=; Max-Age=1; Max-Age=-99999999999999999999",
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
            "n=v; Max-Age=99999999999999999999",
            "n=v; Max-Age=000000000000000000000000000001",
            "n=v; Max-Age=+0",
            "n=v; Max-Age=--1",
            "n=v; Max-Age=-",
            "n=v; Max-Age=-1.5",
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
