//! The browser of a person, as far as the examples need one: it keeps cookies and follows redirects on this machine.

use reqwest::redirect::Policy;

pub struct Browser {
    client: reqwest::Client,
    cookies: String,
}

/// A page, and where it is. Outside of this machine, there is only the latter.
pub struct Page {
    pub url: String,
    pub text: String,
}

impl Browser {
    /// A browser with these cookies, of any site.
    pub fn new(cookies: &str) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder().redirect(Policy::none()).build()?;
        Ok(Self { client, cookies: cookies.to_owned() })
    }

    pub async fn open(&mut self, url: &str) -> reqwest::Result<Page> {
        self.send(url, None).await
    }

    /// Submits a form of a page.
    pub async fn submit(&mut self, page: &Page, form: String) -> reqwest::Result<Page> {
        self.send(&page.url, Some(form)).await
    }

    async fn send(&mut self, url: &str, mut form: Option<String>) -> reqwest::Result<Page> {
        let mut url = url.to_owned();
        while url.starts_with("http://127.0.0.1:") {
            let request = match form.take() {
                Some(form) => self.client.post(&url).header("sec-fetch-site", "same-origin").body(form),
                None => self.client.get(&url),
            };
            let response = request.header("cookie", &self.cookies).send().await?;
            println!("  {} {}", response.status().as_u16(), url.split('?').next().unwrap_or_default());
            for line in response.headers().get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()) {
                self.cookies = format!("{}; {}", line.split(';').next().unwrap_or_default(), self.cookies);
            }
            match response.headers().get("location").and_then(|url| url.to_str().ok()) {
                Some(next) => url = next.to_owned(),
                None => return Ok(Page { url, text: response.text().await? }),
            }
        }
        Ok(Page { url, text: String::new() })
    }
}

impl Page {
    /// The form that allows an application what it asks for.
    pub fn consent(&self, scopes: &[&str]) -> Option<String> {
        let (_, rest) = self.text.split_once("name=\"consent_challenge\" value=\"")?;
        let challenge = rest.split('"').next()?.replace('=', "%3D");
        let scopes: String = scopes.iter().map(|scope| format!("&scope={scope}")).collect();
        Some(format!("consent_challenge={challenge}{scopes}&decision=accept"))
    }
}
