//! A visit of the pages, as a browser would make it. A page that is not the expected one is an error.

use std::collections::BTreeMap;
use std::error::Error;

use ory_sdk::http::{Method, header};
use ory_sdk::url::{Url, form_urlencoded};

pub async fn visit(url: &str) -> Result<(), Box<dyn Error>> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let mut browser = Browser { client, cookies: BTreeMap::new(), url: url.parse()?, html: String::new() };
    let (email, password) = ("ada@example.org", "a-Long-passw0rd!");

    browser.send(Method::GET, "/registration", String::new()).await?;
    browser.is_at("a form to register", "200 /registration", "traits.email")?;
    browser.submit(&[("traits.email", email), ("password", password), ("method", "password")]).await?;
    browser.is_at("registered and signed in", "200 /", "Hello!")?;

    browser.send(Method::POST, "/logout", String::new()).await?;
    browser.is_at("signed out", "200 /login", "identifier")?;
    browser.submit(&[("identifier", email), ("password", "wrong"), ("method", "password")]).await?;
    browser.is_at("a wrong password is refused", "400 /login", "The provided credentials are invalid")?;
    browser.submit(&[("identifier", email), ("password", password), ("method", "password")]).await?;
    browser.is_at("signed in again", "200 /", "Hello!")?;
    browser.send(Method::GET, "/settings", String::new()).await?;
    browser.is_at("the settings are for whoever is signed in", "200 /settings", email)
}

/// A browser with the page that it shows.
struct Browser {
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
    url: Url,
    html: String,
}

impl Browser {
    /// Sends a request, keeps the cookies, and follows redirects.
    async fn send(&mut self, mut method: Method, url: &str, mut form: String) -> Result<(), Box<dyn Error>> {
        self.url = self.url.join(url)?;
        loop {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = self.client.request(method, self.url.clone()).header(header::COOKIE, pairs.join("; "));
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let response = request.body(std::mem::take(&mut form)).send().await?;
            for line in response.headers().get_all(header::SET_COOKIE) {
                let pair = line.to_str()?.split(';').next().and_then(|pair| pair.split_once('='));
                let (name, value) = pair.ok_or("a cookie without a name")?;
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            let Some(location) = response.headers().get(header::LOCATION) else {
                self.html = format!("{} {}\n", response.status().as_u16(), self.url.path()) + &response.text().await?;
                return Ok(());
            };
            self.url = self.url.join(location.to_str()?)?;
            method = Method::GET;
        }
    }

    /// Submits the form of the page with the CSRF token that it holds.
    async fn submit(&mut self, fields: &[(&str, &str)]) -> Result<(), Box<dyn Error>> {
        let after = |start: &str| {
            let value = self.html.split_once(start).and_then(|(_, rest)| rest.split('"').next());
            value.map(|value| value.replace("&amp;", "&")).ok_or_else(|| format!("no {start} in the page"))
        };
        let (action, token) = (after("action=\"")?, after("name=\"csrf_token\" value=\"")?);
        let mut body = form_urlencoded::Serializer::new(String::new());
        let body = body.append_pair("csrf_token", &token).extend_pairs(fields).finish();
        self.send(Method::POST, &action, body).await
    }

    fn is_at(&self, what: &str, page: &str, text: &str) -> Result<(), Box<dyn Error>> {
        if self.html.lines().next() != Some(page) || !self.html.contains(text) {
            return Err(format!("expected {what}, {page} with {text:?}, but got {}", self.html).into());
        }
        println!("{page}: {what}");
        Ok(())
    }
}
