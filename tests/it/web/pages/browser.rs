//! A browser: it keeps cookies, follows redirects one by one, and submits forms.

use std::collections::BTreeMap;
use std::sync::Mutex;

use http::header;
use reqwest::redirect::Policy;
use serde_json::Value;
use url::Url;

/// More redirects than this are a loop. Browsers stop at 20.
const MOST_HOPS: usize = 20;

pub struct Browser {
    http: reqwest::Client,
    home: Url,
    /// By origin and name. Browsers do not tell ports apart, but a page must not depend on that.
    cookies: Mutex<BTreeMap<(String, String), String>>,
    /// Whether cookies of one port go to all, as in browsers.
    shares_cookies: bool,
    blocks_cookies: bool,
    /// Whether it may visit other hosts than its home.
    may_leave: bool,
}

/// A page that a browser shows, or one of the responses on the way to it.
#[derive(Debug)]
pub struct Page {
    pub url: Url,
    pub status: u16,
    pub headers: http::HeaderMap,
    pub text: String,
    /// The URLs that led here.
    pub hops: Vec<String>,
}

impl Browser {
    pub fn new(home: &str) -> Self {
        Self {
            http: reqwest::Client::builder().redirect(Policy::none()).build().unwrap(),
            home: home.parse().unwrap(),
            cookies: Mutex::default(),
            shares_cookies: false,
            blocks_cookies: false,
            may_leave: false,
        }
    }

    /// Lets it visit Kratos too. As browsers do, it sends the cookies of one port to all of the host.
    pub fn visiting_kratos(mut self) -> Self {
        self.shares_cookies = true;
        self.may_leave = true;
        self
    }

    /// Like `visiting_kratos`, with Kratos on another host.
    pub fn visiting_foreign_kratos(mut self) -> Self {
        self.may_leave = true;
        self
    }

    pub fn blocking_cookies(mut self) -> Self {
        self.blocks_cookies = true;
        self
    }

    fn origin(&self, url: &Url) -> String {
        if self.shares_cookies { String::new() } else { url.origin().ascii_serialization() }
    }

    pub fn keep_cookie(&self, url: &str, pair: &str) {
        let (name, value) = pair.split_once('=').unwrap();
        let key = (self.origin(&url.parse().unwrap()), name.to_owned());
        self.cookies.lock().unwrap().insert(key, value.to_owned());
    }

    fn keep(&self, url: &Url, headers: &http::HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            let key = (self.origin(url), name.to_owned());
            let mut cookies = self.cookies.lock().unwrap();
            if line.contains("Max-Age=0") {
                cookies.remove(&key);
            } else if !self.blocks_cookies {
                cookies.insert(key, value.to_owned());
            }
        }
    }

    /// All cookies, as a request carries them.
    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> = cookies.iter().map(|((_, name), value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// The names of the cookies.
    pub fn cookie_names(&self) -> Vec<String> {
        self.cookies.lock().unwrap().keys().map(|(_, name)| name.clone()).collect()
    }

    pub fn is_signed_in(&self) -> bool {
        self.cookie_names().contains(&"ory_kratos_session".to_owned())
    }

    fn request(&self, method: http::Method, url: &Url) -> reqwest::RequestBuilder {
        let origin = self.origin(url);
        let cookies = self.cookies.lock().unwrap();
        let mine = cookies.iter().filter(|((known, _), _)| *known == origin);
        let pairs: Vec<String> = mine.map(|((_, name), value)| format!("{name}={value}")).collect();
        let request = self.http.request(method, url.clone()).header("accept", "text/html,*/*;q=0.8");
        if pairs.is_empty() { request } else { request.header("cookie", pairs.join("; ")) }
    }

    /// Sends a request, and does not follow a redirect.
    pub async fn send(&self, method: http::Method, url: &str, body: Option<(&str, Vec<u8>)>) -> Page {
        let url = self.home.join(url).unwrap();
        let mut request = self.request(method, &url);
        if let Some((media_type, body)) = body {
            request = request.header("content-type", media_type).body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        self.keep(&url, &headers);
        if url.origin() == self.home.origin() && url.path() != "/error" {
            assert_eq!(headers["cache-control"].to_str().unwrap_or_default(), "no-store", "{url}");
        }
        Page { url, status, headers, text: response.text().await.unwrap(), hops: Vec::new() }
    }

    /// Follows the redirects of a response. All but the last page must be redirects by 303.
    pub async fn follow(&self, mut page: Page) -> Page {
        let mut hops = Vec::new();
        while let Some(to) = page.headers.get(header::LOCATION) {
            let to = page.url.join(to.to_str().unwrap()).unwrap();
            assert!(
                page.status == 303 || page.url.origin() != self.home.origin(),
                "{} redirects with {}",
                page.url,
                page.status
            );
            hops.push(page.url.to_string());
            assert!(hops.len() < MOST_HOPS, "a loop: {hops:#?}");
            let may_go = to.origin() == self.home.origin() || self.may_leave;
            assert!(may_go, "sent to {to}");
            page = if to.path() == "/" || to.path() == "/orders" {
                Page { url: to, status: 200, headers: Default::default(), text: String::new(), hops: Vec::new() }
            } else {
                self.send(http::Method::GET, to.as_str(), None).await
            };
        }
        page.hops = hops;
        page
    }

    /// Opens a page.
    pub async fn open(&self, url: &str) -> Page {
        self.follow(self.send(http::Method::GET, url, None).await).await
    }

    /// Sends the form of a page, with what a user fills in, and does not follow a redirect.
    pub async fn post(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let form = page.json();
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        for node in form["nodes"].as_array().unwrap() {
            let name = node["name"].as_str().unwrap();
            let is_filled_in = fields.iter().any(|(known, _)| *known == name);
            if ["submit", "button", "checkbox", ""].contains(&node["type"].as_str().unwrap()) || is_filled_in {
                continue;
            }
            match &node["value"] {
                Value::String(text) => body.append_pair(name, text),
                Value::Null => &mut body,
                value => body.append_pair(name, &value.to_string()),
            };
        }
        body.extend_pairs(fields);
        let body = Some(("application/x-www-form-urlencoded", body.finish().into_bytes()));
        self.send(http::Method::POST, form["action"].as_str().unwrap(), body).await
    }

    /// Sends the form of a page, and shows what comes after it.
    pub async fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        self.follow(self.post(page, fields).await).await
    }
}

impl Page {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{} {} is no form: {}", self.status, self.url, self.text))
    }

    pub fn path(&self) -> &str {
        self.url.path()
    }

    pub fn query(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The numbers of all messages.
    pub fn messages(&self) -> Vec<i64> {
        let form = self.json();
        let of = |value: &Value| value["messages"].as_array().cloned().unwrap_or_default();
        let nodes = form["nodes"].as_array().unwrap().iter().flat_map(of);
        of(&form).into_iter().chain(nodes).map(|message| message["id"].as_i64().unwrap()).collect()
    }

    /// The value of an input.
    pub fn value(&self, name: &str) -> String {
        let form = self.json();
        let node = form["nodes"].as_array().unwrap().iter().find(|node| node["name"] == name).cloned();
        node.unwrap_or_else(|| panic!("no {name} in {form}"))["value"].as_str().unwrap_or_default().to_owned()
    }

    pub fn has(&self, name: &str) -> bool {
        self.json()["nodes"].as_array().unwrap().iter().any(|node| node["name"] == name)
    }

    pub fn location(&self) -> Url {
        self.url.join(self.headers[header::LOCATION].to_str().unwrap()).unwrap()
    }

    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect()
    }

    /// Shows the form of a page.
    #[track_caller]
    pub fn shows(&self, status: u16, path: &str) -> &Self {
        assert_eq!((self.status, self.path()), (status, path), "after {:#?}: {}", self.hops, self.text);
        self
    }
}
