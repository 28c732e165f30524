//! A Kratos that says what the test wants, and a clock that the test moves.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ory_sdk::Client;
use ory_sdk::sessions::{Sessions, SessionsBuilder};
use serde_json::{Value, json};

use crate::support::server::{Reply, Server};

pub const SESSION: &str = "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6";
pub const IDENTITY: &str = "1d4b1ba6-0a5c-4e0b-9f6e-7e8f3a5b9c2d";

/// A session as Kratos sends it.
pub fn session() -> Value {
    let now = chrono::Utc::now();
    let time = |seconds: i64| (now + chrono::Duration::seconds(seconds)).to_rfc3339();
    json!({
        "id": SESSION, "active": true, "expires_at": time(86_400), "authenticated_at": time(0), "issued_at": time(0),
        "authenticator_assurance_level": "aal1",
        "authentication_methods": [{"method": "password", "aal": "aal1", "completed_at": time(0)}],
        "identity": {
            "id": IDENTITY, "schema_id": "default", "schema_url": "http://kratos/schemas/default", "state": "active",
            "traits": {"email": "ada@example.org"}, "verifiable_addresses": [], "recovery_addresses": [],
        },
        "devices": [],
    })
}

/// The error with which Kratos refuses.
pub fn error(status: u16, id: &str) -> Reply {
    let body = json!({"error": {"id": id, "code": status, "status": "x", "reason": "r", "message": "m"}});
    Reply::json(status, &body)
}

/// A Kratos whose responses the test changes.
pub struct Kratos {
    server: Server,
    reply: Arc<Mutex<Reply>>,
    calls: Arc<AtomicU64>,
}

impl Kratos {
    pub async fn start(reply: Reply) -> Self {
        let reply = Arc::new(Mutex::new(reply));
        let calls = Arc::new(AtomicU64::new(0));
        let (current, counter) = (Arc::clone(&reply), Arc::clone(&calls));
        let server = Server::start(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
            current.lock().unwrap().clone()
        })
        .await;
        Self { server, reply, calls }
    }

    pub fn says(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    pub fn seen(&self) -> Vec<crate::support::server::Request> {
        self.server.seen()
    }

    pub fn client(&self) -> Client {
        let retry = ory_sdk::retry::Retry::off();
        Client::builder().kratos_public_url(self.server.url()).retry(retry).build().unwrap()
    }

    pub fn builder(&self) -> SessionsBuilder {
        Sessions::builder(&self.client())
    }
}

/// Stops the clock of tokio, which then moves only by `tokio::time::advance`: as long as a blocking task runs, tokio does
/// not move it by itself, and real sockets work.
pub struct StoppedClock {
    _running: std::sync::mpsc::Sender<()>,
}

impl StoppedClock {
    pub fn stop() -> Self {
        tokio::time::pause();
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || receiver.recv());
        Self { _running: sender }
    }

    pub async fn advance(&self, seconds: f64) {
        tokio::time::advance(Duration::from_secs_f64(seconds)).await;
    }
}
