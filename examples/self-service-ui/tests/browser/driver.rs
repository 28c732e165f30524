//! chromedriver on a free port, with one browser.

use std::fmt;
use std::process::Stdio;
use std::time::Duration;

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use ory_sdk::http::Method;
use ory_sdk::url::{ParseError, Url};
use serde_json::{Map, Value, json};
use tokio::process::{Child, Command};

/// A browser with a profile of its own. Dropping it ends it.
pub struct Driver {
    pub client: Client,
    process: Child,
}

impl Driver {
    pub async fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let process = command.spawn().expect("chromedriver is needed: on Debian, `apt-get install chromium-driver`");
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-sync",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ];
        let options =
            json!({"goog:chromeOptions": {"args": arguments}, "timeouts": {"implicit": 0, "pageLoad": 60_000}});
        let options: Map<String, Value> = serde_json::from_value(options).unwrap();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let builder = builder.capabilities(options);
        for _ in 0..1000 {
            if let Ok(client) = builder.connect(&format!("http://127.0.0.1:{port}")).await {
                return Self { client, process };
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("chromedriver starts no browser")
    }

    /// Ends the browser, and then what started it.
    pub async fn stop(mut self) {
        let _ = self.client.close().await;
        let _ = self.process.kill().await;
    }
}

/// A command of Chromium's own protocol.
pub struct DevTools(pub &'static str, pub Value);

impl fmt::Debug for DevTools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"cmd": self.0, "params": self.1}).to_string()))
    }
}
