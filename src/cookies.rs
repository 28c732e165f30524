//! Cookies: which of a browser's are Ory's, what a server sets, and a jar for a browser flow run from Rust.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use http::{HeaderMap, header};
use reqwest::Url;

use crate::Secret;

/// The names of Ory's cookies begin like this; development and project suffixes follow.
const OURS: [&str; 5] = ["ory_session_", "ory_kratos_session", "csrf_token_", "ory_kratos_continuity", "ory_hydra_"];

/// Keeps of a `Cookie` header what is Ory's: other cookies are no business of its servers. Empty if nothing is.
pub(crate) fn filter(header: &str, more: &[String]) -> String {
    let ours =
        |name: &str| OURS.iter().any(|prefix| name.starts_with(prefix)) || more.iter().any(|known| known == name);
    let kept = header.split(';').map(str::trim).filter(|pair| ours(pair.split('=').next().unwrap_or_default().trim()));
    kept.collect::<Vec<_>>().join("; ")
}

/// One `Set-Cookie` line of an answer.
///
/// ```
/// use ory_sdk::SetCookie;
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
    name: String,
    value: Secret,
    domain: Option<String>,
    expires: Option<DateTime<Utc>>,
    max_age: Option<i64>,
}

impl SetCookie {
    /// Reads a line; `None` if it names no cookie.
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
                "max-age" => cookie.max_age = value.parse().ok(),
                "expires" => {
                    cookie.expires = DateTime::parse_from_rfc2822(value).ok().map(|time| time.with_timezone(&Utc));
                }
                _ => {}
            }
        }
        Some(cookie)
    }

    /// The cookie's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cookie's value.
    pub fn value(&self) -> &Secret {
        &self.value
    }

    /// The whole line, to hand to the person's browser as it is.
    pub fn line(&self) -> &Secret {
        &self.line
    }

    /// Whether it takes the cookie away instead of setting it.
    pub fn is_removal(&self, now: DateTime<Utc>) -> bool {
        match self.max_age {
            Some(seconds) => seconds <= 0,
            None => self.expires.is_some_and(|time| time <= now),
        }
    }
}

impl fmt::Debug for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetCookie").field("name", &self.name).field("domain", &self.domain).finish_non_exhaustive()
    }
}

/// The `Set-Cookie` lines of an answer, in order and unmerged. A line that names no cookie is left out.
pub(crate) fn of_headers(headers: &HeaderMap) -> impl Iterator<Item = SetCookie> {
    let lines = headers.get_all(header::SET_COOKIE).into_iter();
    lines.filter_map(|value| SetCookie::parse(&String::from_utf8_lossy(value.as_bytes())))
}

/// One browser's cookies, for flows that are run from Rust: [`Client::with_cookie_jar`](crate::Client::with_cookie_jar).
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::Error> {
/// use ory_sdk::CookieJar;
///
/// let browser = client.with_cookie_jar(CookieJar::default());
/// let flow = browser.initialize_self_service_login_flow_for_browsers().send().await?;
/// // The CSRF cookie of that answer goes along with whatever `browser` sends next.
/// # Ok(())
/// # }
/// ```
///
/// A clone is the same jar. Cookies go back only to the scheme, host and port that set them, whatever their
/// `Domain` says; one that is set for another domain is dropped. Keep one jar a person.
#[derive(Clone, Default)]
pub struct CookieJar {
    cookies: Arc<Mutex<Vec<Kept>>>,
}

#[derive(Clone)]
struct Kept {
    origin: String,
    name: String,
    value: Secret,
    expires: Option<DateTime<Utc>>,
}

impl CookieJar {
    /// How many cookies are in it.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is none in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes all cookies out.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The `Cookie` header for a URL, if there is any cookie for it.
    pub(crate) fn header(&self, url: &Url) -> Option<Secret> {
        let origin = origin(url);
        let now = Utc::now();
        let mut cookies = self.lock();
        cookies.retain(|cookie| cookie.expires.is_none_or(|time| time > now));
        let mine = cookies.iter().filter(|cookie| cookie.origin == origin);
        let pairs: Vec<String> = mine.map(|cookie| format!("{}={}", cookie.name, cookie.value.expose())).collect();
        (!pairs.is_empty()).then(|| pairs.join("; ").into())
    }

    /// Keeps what an answer from this URL sets.
    pub(crate) fn keep(&self, url: &Url, headers: &HeaderMap) {
        let (origin, now) = (origin(url), Utc::now());
        let host = url.host_str().unwrap_or_default();
        let mut cookies = self.lock();
        for set in of_headers(headers) {
            let foreign = set
                .domain
                .as_ref()
                .is_some_and(|domain| !domain.is_empty() && host != domain && !host.ends_with(&format!(".{domain}")));
            if foreign {
                continue;
            }
            cookies.retain(|known| known.origin != origin || known.name != set.name);
            if set.is_removal(now) {
                continue;
            }
            let age = set.max_age.and_then(chrono::Duration::try_seconds).and_then(|age| now.checked_add_signed(age));
            let expires = if set.max_age.is_some() { age } else { set.expires };
            cookies.push(Kept { origin: origin.clone(), name: set.name, value: set.value, expires });
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Kept>> {
        // A panic elsewhere leaves the list whole: it is changed by single steps.
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cookies = self.lock();
        let names: Vec<&str> = cookies.iter().map(|cookie| cookie.name.as_str()).collect();
        f.debug_struct("CookieJar").field("names", &names).finish_non_exhaustive()
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

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::SET_COOKIE, line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_jar_gives_back_to_the_origin_alone() {
        let url = |text: &str| Url::parse(text).unwrap();
        let jar = CookieJar::default();
        let home = url("http://127.0.0.1:4433/self-service/login/browser");
        jar.keep(&home, &headers(&["a=1; Path=/", "b=2; Max-Age=60", "evil=3; Domain=evil.org", "=x", "nonsense"]));
        assert_eq!(jar.header(&home).unwrap().expose(), "a=1; b=2");
        assert!(jar.header(&url("http://127.0.0.1:4444/")).is_none());
        assert!(jar.header(&url("https://127.0.0.1:4433/")).is_none());
        jar.keep(&home, &headers(&["a=; Max-Age=0", "b=3; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "c=x=y"]));
        assert_eq!(jar.header(&home).unwrap().expose(), "c=x=y");
        assert_eq!(format!("{jar:?}"), "CookieJar { names: [\"c\"], .. }");
    }

    #[test]
    fn a_set_cookie_shows_no_value() {
        let cookie = SetCookie::parse("n=hunter2; Domain=.Example.org").unwrap();
        assert_eq!(format!("{cookie:?}"), "SetCookie { name: \"n\", domain: Some(\"example.org\"), .. }");
        assert_eq!(cookie.line().expose(), "n=hunter2; Domain=.Example.org");
        assert!(SetCookie::parse("n=a\r\nX: y").is_none());
    }
}
