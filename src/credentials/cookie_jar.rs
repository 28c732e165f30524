//! The cookies of one browser, for flows that a Rust program runs.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use http::HeaderMap;
use reqwest::Url;

use super::cookies::of_headers;
use crate::privacy::Secret;

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

    /// The `Cookie` header for a URL, if the jar has cookies for it.
    pub(crate) fn header(&self, url: &Url) -> Option<Secret> {
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
        // Every change is a single step, so a panic elsewhere leaves the list intact.
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
        assert_eq!(jar.header(&home).unwrap().expose(), "a=1; b=2");
        assert!(jar.header(&url("http://127.0.0.1:4444/")).is_none());
        assert!(jar.header(&url("https://127.0.0.1:4433/")).is_none());
        jar.keep(&home, &headers(&["a=; Max-Age=0", "b=3; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "c=x=y"]));
        assert_eq!(jar.header(&home).unwrap().expose(), "c=x=y");
        assert_eq!(format!("{jar:?}"), "CookieJar { names: [\"c\"], .. }");
        // Proxies write dates in the form of 1994, and browsers read it.
        jar.keep(&home, &headers(&["c=; Expires=Thu, 01-Jan-1970 00:00:01 GMT"]));
        assert!(jar.header(&home).is_none() && jar.is_empty());
    }
}
