//! The cookies of one browser, for flows that a Rust program runs.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use http::{HeaderMap, header};
use reqwest::Url;

use super::cookies::of_headers;
use super::header::sensitive;
use crate::privacy::Secret;

/// The longest cookie that is kept: the bytes of its name and value together (RFC 6265bis, section 5.6).
const LONGEST: usize = 4096;
/// How many cookies an origin may have. Browsers keep at least as many for a domain (RFC 6265bis, section 6.1).
const MOST_OF_ORIGIN: usize = 50;
/// How many cookies the jar may have. Browsers keep at least as many in total.
const MOST: usize = 3000;

/// The cookies of one browser, to run a browser flow from Rust: [`Client::with_cookie_jar`](crate::Client::with_cookie_jar).
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::Error> {
/// use ory_sdk::credentials::CookieJar;
///
/// let browser = client.with_cookie_jar(CookieJar::default());
/// let flow = browser.initialize_self_service_login_flow_for_browsers().send().await?;
/// // `browser` sends the CSRF cookie of that response with its next requests.
/// # Ok(())
/// # }
/// ```
///
/// A clone is the same jar. Cookies go back only to the scheme, host and port that set them, whatever their `Domain`
/// says. A cookie for another domain is dropped. Use one jar per user.
///
/// Only the calls that carry the user's cookies fill the jar: self-service and session calls, and the pages of Hydra. A
/// call that brings a credential of its own neither reads nor fills it.
///
/// The jar keeps up to 50 cookies per origin and 3000 in all, the newest ones, as browsers do at least. A cookie whose name
/// and value have more than 4096 bytes is dropped. Source: RFC 6265bis, sections 5.6 and 6.1.
#[derive(Clone, Default)]
pub struct CookieJar {
    /// In the order in which they were set.
    cookies: Arc<Mutex<Vec<Kept>>>,
}

struct Kept {
    origin: String,
    name: String,
    value: Secret,
    expires: Option<DateTime<Utc>>,
}

impl CookieJar {
    /// The number of cookies.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether the jar is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all cookies.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Writes the `Cookie` header of a request to this URL, in place of an earlier one.
    pub(crate) fn write(&self, url: &Url, headers: &mut HeaderMap) -> Result<(), String> {
        match self.cookies_for(url) {
            Some(cookies) => headers.insert(header::COOKIE, sensitive(cookies.expose())?),
            None => headers.remove(header::COOKIE),
        };
        Ok(())
    }

    /// The cookies for a URL, if the jar has any.
    pub(crate) fn cookies_for(&self, url: &Url) -> Option<Secret> {
        let origin = origin(url);
        let now = Utc::now();
        let mut cookies = self.lock();
        cookies.retain(|cookie| cookie.expires.is_none_or(|time| time > now));
        let mine = cookies.iter().filter(|cookie| cookie.origin == origin);
        let pairs: Vec<String> = mine.map(|cookie| format!("{}={}", cookie.name, cookie.value.expose())).collect();
        (!pairs.is_empty()).then(|| pairs.join("; ").into())
    }

    /// Keeps the cookies that a response from this URL sets.
    pub(crate) fn keep(&self, url: &Url, headers: &HeaderMap) {
        let (origin, now) = (origin(url), Utc::now());
        let host = url.host_str().unwrap_or_default();
        let mut cookies = self.lock();
        cookies.retain(|cookie| cookie.expires.is_none_or(|time| time > now));
        for set in of_headers(headers) {
            let foreign = set
                .domain
                .as_ref()
                .is_some_and(|domain| !domain.is_empty() && host != domain && !host.ends_with(&format!(".{domain}")));
            if foreign || set.name.len() + set.value.expose().len() > LONGEST {
                continue;
            }
            cookies.retain(|known| known.origin != origin || known.name != set.name);
            if set.is_removal(now) {
                continue;
            }
            let age = set.max_age.and_then(chrono::Duration::try_seconds).and_then(|age| now.checked_add_signed(age));
            let expires = if set.max_age.is_some() { age } else { set.expires };
            cookies.push(Kept { origin: origin.clone(), name: set.name, value: set.value, expires });
            make_room(&mut cookies, &origin);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Kept>> {
        // Every change is a single step, so a panic elsewhere leaves the list intact.
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes the oldest cookie if the origin has too many, or else if the jar has.
fn make_room(cookies: &mut Vec<Kept>, origin: &str) {
    let mut of_origin = cookies.iter().enumerate().filter(|(_, cookie)| cookie.origin == origin).map(|(at, _)| at);
    let oldest = of_origin.next();
    let oldest = if of_origin.count() >= MOST_OF_ORIGIN { oldest } else { (cookies.len() > MOST).then_some(0) };
    if let Some(oldest) = oldest {
        cookies.remove(oldest);
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
    use http::header;

    use super::*;

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
        assert_eq!(jar.cookies_for(&home).unwrap().expose(), "a=1; b=2");
        for other in ["http://127.0.0.1:4444/", "https://127.0.0.1:4433/", "http://127.0.0.2:4433/"] {
            assert!(jar.cookies_for(&url(other)).is_none(), "{other}");
        }
        jar.keep(&home, &headers(&["a=; Max-Age=0", "b=3; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "c=x=y"]));
        assert_eq!(jar.cookies_for(&home).unwrap().expose(), "c=x=y");
        assert_eq!(format!("{jar:?}"), "CookieJar { names: [\"c\"], .. }");
        // Proxies write dates in the form of 1994, and browsers read it.
        jar.keep(&home, &headers(&["c=; Expires=Thu, 01-Jan-1970 00:00:01 GMT"]));
        assert!(jar.cookies_for(&home).is_none() && jar.is_empty());
        for removal in ["c=; Max-Age=-99999999999999999999", "c=; Max-Age=-0", "c=; Max-Age=-1; Expires=later"] {
            jar.keep(&home, &headers(&["c=1"]));
            jar.keep(&home, &headers(&[removal]));
            assert!(jar.is_empty(), "{removal}");
        }
    }

    #[test]
    fn a_jar_is_bounded() {
        let url = |port: usize| Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
        let jar = CookieJar::default();
        let names = |port: usize| {
            let Some(cookies) = jar.cookies_for(&url(port)) else { return Vec::new() };
            let pairs = cookies.expose().split("; ");
            pairs.filter_map(|pair| pair.split('=').next()).map(str::to_owned).collect::<Vec<_>>()
        };
        // Name and value: 4096 bytes are kept, one more is not, and what was there before stays.
        for (length, kept) in [(4095, 4095), (4096, 4095), (70_000, 4095)] {
            jar.keep(&url(1), &headers(&[&format!("a={}", "x".repeat(length))]));
            assert_eq!(jar.cookies_for(&url(1)).unwrap().expose().len(), "a=".len() + kept);
        }
        jar.keep(&url(1), &headers(&[&format!("{}=", "n".repeat(4097))]));
        assert_eq!(jar.len(), 1);
        // The oldest of an origin goes first. A cookie that is set again is new again.
        for number in 1..50 {
            jar.keep(&url(1), &headers(&[&format!("c{number}=1")]));
        }
        assert_eq!((names(1).len(), names(1)[0].as_str()), (50, "a"));
        jar.keep(&url(1), &headers(&["a=again", "c50=1", "c51=1"]));
        assert_eq!((names(1).len(), names(1)[0].as_str(), names(1)[47].as_str()), (50, "c3", "a"));
        // A flood in one response.
        let flood: Vec<String> = (0..10_000).map(|number| format!("f{number}=1")).collect();
        jar.keep(&url(2), &headers(&flood.iter().map(String::as_str).collect::<Vec<_>>()));
        assert_eq!((names(2).len(), names(2)[0].as_str()), (50, "f9950"));
        assert_eq!(names(1).len(), 50, "another origin loses nothing");
        // A removal makes room, and so does a cookie that has expired.
        jar.keep(&url(2), &headers(&["f9950=; Max-Age=0", "g=1"]));
        assert_eq!((names(2).len(), names(2)[0].as_str()), (50, "f9951"));
        // Many origins.
        for port in 3..=80 {
            jar.keep(&url(port), &headers(&flood[..60].iter().map(String::as_str).collect::<Vec<_>>()));
        }
        assert_eq!((jar.len(), names(1).len(), names(20).len(), names(80).len()), (3000, 0, 0, 50));
        assert_eq!(names(21).len(), 50);
    }
}
