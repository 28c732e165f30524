//! A browser: cookies for a host whatever the port, redirects one by one, and forms.

use std::collections::BTreeMap;
use std::sync::Mutex;

use http::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use ory_sdk::testing::SignedInPerson;
use url::Url;

/// The most redirects that a browser follows.
const MOST_HOPS: usize = 20;

#[derive(Default)]
pub struct Browser {
    cookies: Mutex<BTreeMap<String, String>>,
    /// Cookies that do not reach this origin, as if they belonged to another host.
    pub hidden_from: Option<String>,
}

/// Where a browser ended up.
pub struct Page {
    pub url: String,
    /// `None` at the page of an application, which nobody serves.
    pub status: Option<StatusCode>,
    pub headers: HeaderMap,
    pub body: String,
    /// Every URL on the way, and the status of each redirect.
    pub hops: Vec<(String, u16)>,
}

impl Page {
    /// A parameter of the URL.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let url = Url::parse(&self.url).unwrap();
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The value of a hidden field.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start).unwrap_or_else(|| panic!("no {name}: {}", self.body));
        rest.split_once('"').unwrap().0.replace("&amp;", "&")
    }

    #[track_caller]
    pub fn is(&self, status: u16, path: &str) {
        let at = Url::parse(&self.url).unwrap();
        let status_here = self.status.map(|status| status.as_u16());
        assert_eq!((status_here, at.path()), (Some(status), path), "{} {:?}", self.body, self.hops);
    }

    /// The URLs on the way whose path ends so.
    pub fn visited(&self, path: &str) -> Vec<&str> {
        let all = self.hops.iter().map(|(url, _)| url.as_str());
        all.filter(|url| Url::parse(url).unwrap().path().ends_with(path)).collect()
    }
}

impl Browser {
    /// A browser in which somebody is signed in.
    pub fn of(person: &SignedInPerson) -> Self {
        let browser = Self::default();
        browser.sign_in(person);
        browser
    }

    pub fn sign_in(&self, person: &SignedInPerson) {
        let (name, value) = person.cookie().expose().split_once('=').unwrap();
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub fn has_cookie(&self, start: &str) -> bool {
        self.cookies.lock().unwrap().keys().any(|name| name.starts_with(start))
    }

    /// Opens a URL, and follows redirects.
    pub async fn open(&self, url: impl AsRef<str>) -> Page {
        self.follow(url.as_ref().to_owned(), None, &[]).await
    }

    /// Posts a form of the page itself.
    pub async fn post(&self, url: &str, form: &[(&str, &str)]) -> Page {
        let origin = Url::parse(url).unwrap().origin().ascii_serialization();
        self.post_from(url, form, &[(ORIGIN.as_str(), &origin), ("sec-fetch-site", "same-origin")]).await
    }

    /// Posts a form with these headers.
    pub async fn post_from(&self, url: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.follow(url.to_owned(), Some(body), headers).await
    }

    async fn follow(&self, mut url: String, mut body: Option<String>, headers: &[(&str, &str)]) -> Page {
        let mut hops = Vec::new();
        loop {
            assert!(hops.len() < MOST_HOPS, "in circles: {hops:?}");
            // Pages of applications.
            if !url.starts_with("http://127.0.0.1:") {
                return Page { url, status: None, headers: HeaderMap::new(), body: String::new(), hops };
            }
            let is_post = body.is_some();
            let response = self.send(&url, body.take(), if is_post { headers } else { &[] }).await;
            let status = response.status();
            self.keep(response.headers());
            if !status.is_redirection() {
                let headers = response.headers().clone();
                let body = response.text().await.unwrap();
                return Page { url, status: Some(status), headers, body, hops };
            }
            hops.push((url.clone(), status.as_u16()));
            let location = response.headers()[LOCATION].to_str().unwrap();
            url = Url::parse(&url).unwrap().join(location).unwrap().into();
        }
    }

    async fn send(&self, url: &str, body: Option<String>, headers: &[(&str, &str)]) -> reqwest::Response {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut request = match body {
            None => client.get(url).header("sec-fetch-mode", "navigate"),
            Some(body) => client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body),
        };
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let is_hidden = self.hidden_from.as_ref().is_some_and(|origin| url.starts_with(origin));
        let pairs: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !pairs.is_empty() && !is_hidden {
            request = request.header(COOKIE, pairs.join("; "));
        }
        request.header("accept", "text/html").send().await.unwrap()
    }

    fn keep(&self, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE) {
            let cookie = ory_sdk::credentials::SetCookie::parse(line.to_str().unwrap()).unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if cookie.is_removal(chrono::Utc::now()) {
                cookies.remove(cookie.name());
            } else {
                cookies.insert(cookie.name().to_owned(), cookie.value().expose().to_owned());
            }
        }
    }
}
