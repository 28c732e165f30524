//! Spans and events as a subscriber sees them.
#![cfg(feature = "tracing")]

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{self, ThreadId};
use std::time::Duration;

use ory_sdk::Client;
use ory_sdk::retry::Retry;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::server::{Reply, Server};

/// Keeps every field of every span and event as text.
#[derive(Clone, Default)]
pub struct Captured {
    fields: Arc<Mutex<Vec<(ThreadId, String, String)>>>,
    next: Arc<AtomicU64>,
}

impl Visit for Captured {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let value = format!("{value:?}").trim_matches('"').to_owned();
        self.fields.lock().unwrap().push((thread::current().id(), field.name().to_owned(), value));
    }
}

impl Captured {
    /// Installs the only subscriber of the process. Each test reads the fields of its own thread. One subscriber per
    /// test would not work: a callsite that another test's thread reaches first, while a single subscriber exists
    /// elsewhere, stays disabled for good.
    pub fn install() -> Self {
        static ALL: OnceLock<Captured> = OnceLock::new();
        let new = || {
            let captured = Captured::default();
            tracing::subscriber::set_global_default(captured.clone()).unwrap();
            captured
        };
        ALL.get_or_init(new).clone()
    }

    /// Each field of this thread's spans and events, with its value.
    pub fn all(&self) -> Vec<(String, String)> {
        let fields = self.fields.lock().unwrap();
        let mine = fields.iter().filter(|(thread, ..)| *thread == thread::current().id());
        mine.map(|(_, name, value)| (name.clone(), value.clone())).collect()
    }

    /// Every value of a field.
    pub fn get(&self, name: &str) -> Vec<String> {
        self.all().into_iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect()
    }
}

impl Subscriber for Captured {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "ory_sdk"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(self.next.fetch_add(1, Ordering::SeqCst) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_is_a_span_with_opentelemetrys_names() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::new(503, &[], "hunter2-body"),
        _ => Reply::new(
            404,
            &[("X-Request-Id", "req-1"), ("X-Secret", "hunter2-header")],
            json!({"error": {"reason": "hunter2-reason"}}).to_string(),
        ),
    })
    .await;
    let retry = Retry::new().first_wait(Duration::from_millis(1));
    let client =
        Client::builder().hydra_admin_url(server.url()).access_token("hunter2-token").retry(retry).build().unwrap();
    let captured = Captured::install();
    let call =
        client.admin_get_oauth2_login_request().login_challenge("hunter2-challenge").header("traceparent", "00-a-b-01");
    call.send().await.unwrap_err();
    let port = server.address.port().to_string();
    for (name, value) in [
        ("otel.name", "GET /admin/oauth2/auth/requests/login"),
        ("ory.operation", "adminGetOAuth2LoginRequest"),
        ("http.request.method", "GET"),
        ("url.template", "/admin/oauth2/auth/requests/login"),
        ("server.address", "127.0.0.1"),
        ("server.port", port.as_str()),
        ("http.request.resend_count", "1"),
        ("error.type", "404"),
        ("ory.request_id", "req-1"),
        ("message", "trying again"),
        ("tries", "1"),
    ] {
        assert_eq!(captured.get(name), [value], "{name}");
    }
    // The retry's event says how the first try ended.
    assert_eq!(captured.get("http.response.status_code"), ["503", "404"]);
    let all = captured.all();
    assert!(all.iter().all(|(_, value)| !value.contains("hunter2")), "{all:?}");
    // The caller's trace context was sent too.
    assert_eq!(server.seen()[0].header("traceparent"), Some("00-a-b-01"));
}

#[tokio::test]
async fn a_success_has_its_id_and_a_misfit_is_an_error() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::new(200, &[("X-Request-Id", "req-1")], "[]"),
        _ => Reply::new(200, &[("X-Request-Id", "req-2")], r#"{"hunter2": true}"#),
    })
    .await;
    let client = Client::builder().kratos_admin_url(server.url()).build().unwrap();
    let captured = Captured::install();
    client.admin_list_identities().send().await.unwrap();
    assert_eq!(captured.get("ory.request_id"), ["req-1"]);
    assert!(captured.get("error.type").is_empty());
    client.admin_list_identities().send().await.unwrap_err();
    assert_eq!(captured.get("http.response.status_code"), ["200", "200", "200"], "told again with the error");
    assert_eq!(captured.get("error.type"), ["Decode"]);
    assert!(captured.all().iter().all(|(_, value)| !value.contains("hunter2")));
}

#[tokio::test]
async fn a_broken_try_is_told_by_its_kind() {
    let captured = Captured::install();
    let retry = Retry::new().tries(2).first_wait(Duration::ZERO);
    let client = Client::builder().kratos_admin_url("http://127.0.0.1:9").retry(retry).build().unwrap();
    client.admin_list_identities().send().await.unwrap_err();
    // The event of the retry, then the span's end.
    assert_eq!(captured.get("error.type"), ["Transport", "Transport"]);
}
