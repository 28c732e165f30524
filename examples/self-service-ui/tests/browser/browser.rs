//! What a person does in a browser.

use std::future::Future;
use std::time::Duration;

use fantoccini::{Client, Locator};
use ory_sdk::testing::StandIn;
use serde_json::{Value, json};

use crate::driver::{DevTools, Driver};
use crate::site::{PASSWORD, Site};

/// How often to look for what a page should show, and the time between: half a minute in all, for a machine that is busy.
const TRIES: usize = 750;
const PAUSE: Duration = Duration::from_millis(40);

/// Runs a test with a site and a browser, and ends both, whatever happens.
pub async fn visit<F: Future<Output = ()> + Send + 'static>(test: impl FnOnce(Site, Browser) -> F) {
    visit_site(Site::start(StandIn::builder()).await, test).await;
}

/// Like [`visit`], with this site.
pub async fn visit_site<F: Future<Output = ()> + Send + 'static>(site: Site, test: impl FnOnce(Site, Browser) -> F) {
    let driver = Driver::start().await;
    let browser = Browser { client: driver.client.clone(), url: site.url.clone() };
    let result = tokio::spawn(test(site, browser)).await;
    driver.stop().await;
    if let Err(error) = result {
        std::panic::resume_unwind(error.into_panic());
    }
}

#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    pub url: String,
}

impl Browser {
    /// Opens a path of the site, or a URL.
    pub async fn open(&self, path: &str) {
        let url = if path.starts_with('/') { format!("{}{path}", self.url) } else { path.to_owned() };
        self.client.goto(&url).await.unwrap();
    }

    /// The path, or the URL of another site, without its query.
    pub async fn at(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        let url = url.as_str().split(['?', '#']).next().unwrap_or_default();
        url.strip_prefix(self.url.as_str()).unwrap_or(url).to_owned()
    }

    /// Checks where the browser is, and the heading of the page.
    pub async fn shows(&self, path: &str, heading: &str) {
        let (mut at, mut shown) = (String::new(), String::new());
        // A redirect may be under way.
        for _ in 0..TRIES {
            (at, shown) = (self.at().await, self.heading().await);
            if at == path && shown == heading {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("expected {heading:?} at {path}, but it is {shown:?} at {at}: {}", self.text().await)
    }

    /// Waits until the browser is somewhere, and does not look at the page.
    pub async fn comes_to(&self, path: &str) {
        let mut at = String::new();
        for _ in 0..TRIES {
            at = self.at().await;
            if at == path {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("expected {path}, but it is {at}")
    }

    async fn heading(&self) -> String {
        let script = "const h1 = document.querySelector('h1'); return h1 ? h1.textContent : ''";
        self.script(script).await.as_str().unwrap_or_default().to_owned()
    }

    /// All that a person can read.
    pub async fn text(&self) -> String {
        self.script("return document.body ? document.body.innerText : ''").await.as_str().unwrap_or_default().to_owned()
    }

    /// Checks that the page says something, which may take a moment.
    pub async fn reads(&self, text: &str) {
        let mut shown = String::new();
        for _ in 0..TRIES {
            shown = self.text().await;
            if shown.contains(text) {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{text:?} is not in: {shown}")
    }

    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// The value of an expression.
    pub async fn value(&self, expression: &str) -> Value {
        self.script(&format!("return {expression}")).await
    }

    /// Types into the field with this label, instead of what is there.
    pub async fn fill(&self, label: &str, text: &str) {
        let find = "const label = [...document.querySelectorAll('label')].find((it) => it.textContent === arguments[0]); \
                    return label && label.htmlFor";
        let id = self.client.execute(find, vec![label.into()]).await.unwrap();
        let id = id.as_str().unwrap_or_else(|| panic!("no field has the label {label:?}")).to_owned();
        let field = self.client.find(Locator::Id(&id)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Clicks the button or link with this text, and waits for the page that follows.
    pub async fn press(&self, text: &str) {
        self.press_in("", text).await;
    }

    /// The same, below an element.
    pub async fn press_in(&self, place: &str, text: &str) {
        let (button, link) =
            (format!("{place}//button[normalize-space()='{text}']"), format!("{place}//a[normalize-space()='{text}']"));
        let found = self.client.find(Locator::XPath(&format!("{button} | {link}"))).await;
        let Ok(found) = found else { panic!("no button {text:?} at {}: {}", self.at().await, self.text().await) };
        self.script("window.isOld = true").await;
        found.click().await.unwrap();
        // A click does not wait for the next page.
        for _ in 0..TRIES {
            if self
                .client
                .execute("return !window.isOld && document.readyState === 'complete'", Vec::new())
                .await
                .is_ok_and(|it| it == true)
            {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{text:?} leads nowhere")
    }

    pub async fn sign_in(&self, email: &str) {
        self.open("/login").await;
        self.type_credentials(email, PASSWORD).await;
        self.shows("/", "Hello Jane").await;
    }

    /// Signs in again, where the site knows who it is. Some servers still ask.
    pub async fn confirm(&self, email: &str) {
        self.shows("/login", "Confirm it is you").await;
        if self.text().await.contains("E-Mail") {
            self.fill("E-Mail", email).await;
        }
        self.fill("Password", PASSWORD).await;
        self.press("Sign in").await;
    }

    pub async fn type_credentials(&self, email: &str, password: &str) {
        self.fill("E-Mail", email).await;
        self.fill("Password", password).await;
        self.press("Sign in with password").await;
    }

    /// Whether somebody is signed in, as the site says.
    pub async fn is_signed_in(&self) -> bool {
        self.open("/").await;
        self.text().await.contains("You are signed in as")
    }

    /// Another browser session of the same person: a native app that signs in.
    pub async fn elsewhere(site: &Site, email: &str, password: &str) {
        let flow = site.client.create_flow(ory_sdk::flow::FlowKind::Login).native().await.unwrap();
        let body = json!({"method": "password", "identifier": email, "password": password});
        let submit = site.client.submit_flow(ory_sdk::flow::FlowKind::Login, &flow.id).json_body(body);
        submit.send().await.unwrap();
    }

    pub async fn dev_tools(&self, command: &'static str, parameters: Value) {
        self.client.issue_cmd(DevTools(command, parameters)).await.unwrap();
    }

    /// The status of the page that is shown.
    pub async fn status(&self) -> u64 {
        self.value("performance.getEntriesByType('navigation')[0].responseStatus").await.as_u64().unwrap_or_default()
    }
}
