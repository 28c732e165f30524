//! The site under test, with Ory behind it.

use std::sync::Arc;
use std::time::Duration;

use ory_sdk::Client;
use ory_sdk::contract::Endpoint;
use ory_sdk::http::Method;
use ory_sdk::testing::{StandIn, StandInBuilder};
use self_service_ui::{demo, site};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::JoinHandle;

pub const PASSWORD: &str = "a-Long-passw0rd!";

/// Real servers know one URL of the pages.
static TURN: Mutex<()> = Mutex::const_new(());

pub struct Site {
    pub url: String,
    pub client: Client,
    /// Ory in memory. With real servers, only the clock of its codes is used.
    pub ory: Arc<StandIn>,
    pub is_real: bool,
    server: JoinHandle<()>,
    _turn: Option<MutexGuard<'static, ()>>,
}

impl Site {
    pub async fn start(stand_in: StandInBuilder) -> Self {
        let is_real = std::env::var_os("ORY_KRATOS_PUBLIC_URL").is_some();
        let turn = if is_real { Some(TURN.lock().await) } else { None };
        let listen = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:4455".to_owned());
        let listener = bind(if is_real { &listen } else { "127.0.0.1:0" }).await;
        let url = format!("http://{}", listener.local_addr().unwrap());
        let url = if is_real { std::env::var("PUBLIC_URL").unwrap_or(url) } else { url };
        let stand_in = stand_in.self_service_url(&url).oauth2_url(format!("{url}/oauth2"));
        let ory = stand_in.start().await.unwrap();
        let ory = Arc::new(ory);
        let client = if is_real { Client::from_env().unwrap() } else { ory.client_builder().build().unwrap() };
        let pages = if is_real { None } else { Some(demo::set_up(Arc::clone(&ory), &client, &url).await.unwrap()) };
        let router = site(&client, &url, pages).unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, client, ory, is_real, server, _turn: turn }
    }

    /// Adds somebody with a password and a verified address, and returns the address.
    pub async fn person(&self, name: &str, more: Value) -> String {
        let email = self.address(name);
        let mut body = json!({
            "schema_id": "default",
            "traits": {"email": email, "name": {"first": "Jane"}},
            "credentials": {"password": {"config": {"password": PASSWORD}}},
            "verifiable_addresses": [{"value": email, "verified": true, "via": "email", "status": "completed"}],
        });
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.client.admin_create_identity().json_body(body).await.unwrap();
        email
    }

    /// An address that nobody has. Real servers keep what earlier runs left.
    pub fn address(&self, name: &str) -> String {
        let run = ory_sdk::chrono::Utc::now().timestamp_micros();
        if self.is_real { format!("{name}-{run}@example.org") } else { format!("{name}@example.org") }
    }

    /// The code of the newest mail to an address.
    pub async fn code(&self, email: &str) -> String {
        for _ in 0..50 {
            let list = self.client.request(Method::GET, Endpoint::KratosAdmin, "/admin/courier/messages");
            let list = list.query("recipient", email).send_json::<Value>().await.unwrap().into_body();
            let newest = list.as_array().and_then(|list| list.first()).and_then(|mail| mail["body"].as_str());
            let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
            if let Some(code) = newest.and_then(|body| body.split_whitespace().find(is_code)) {
                return code.to_owned();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no code was mailed to {email}")
    }

    /// What an authenticator app shows that was set up with this secret.
    pub fn totp(&self, secret: &str) -> String {
        self.ory.totp_code_of_secret(secret).expect("a secret of an authenticator app").expose().to_owned()
    }
}

/// The site of the test before may still be about to end.
async fn bind(address: &str) -> TcpListener {
    for _ in 0..100 {
        if let Ok(listener) = TcpListener::bind(address).await {
            return listener;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("cannot listen on {address}")
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}
