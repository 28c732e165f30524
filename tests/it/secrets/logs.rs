//! What the dependencies write to the log, and what this crate writes to traces.

use std::sync::Mutex;

use ory_sdk::Client;
use ory_sdk::retry::Retry;
use serde_json::json;

use super::SECRET;
use crate::support::server::{Reply, Server};

/// Keeps every log line of the process, at every level.
struct Lines(Mutex<Vec<String>>);

static LINES: Lines = Lines(Mutex::new(Vec::new()));

impl log::Log for Lines {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.0.lock().unwrap().push(format!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

/// Makes calls with every kind of outcome, with a secret wherever one can be.
async fn calls() {
    let body = json!({"id": SECRET, "error": {"reason": format!("https://host/?code={SECRET}"), "debug": SECRET}});
    for status in [200, 303, 307, 400, 404, 429, 503] {
        let headers =
            [("Location", "https://host.example/?code=hunter2"), ("Set-Cookie", "ory_kratos_session=hunter2")];
        let server = Server::always(Reply::new(status, &headers, body.to_string())).await;
        call(&server.url()).await;
    }
    // The listener is already closed.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    call(&format!("http://{closed}")).await;
}

async fn call(url: &str) {
    let retry = Retry::new().first_wait(std::time::Duration::from_millis(1));
    // The HTTP library would log every byte of a connection.
    let builder = Client::builder().customize(|http| http.connection_verbose(true));
    let client = builder.project_url(url).access_token(SECRET).retry(retry).build().unwrap();
    let person = client.with_session_token(SECRET).with_client_credentials("id", SECRET);
    let _ = person.to_session().send().await;
    let _ = person
        .submit_self_service_recovery_flow()
        .flow("f")
        .token(SECRET)
        .json_body(json!({"code": SECRET}))
        .send()
        .await;
    let _ = client.admin_get_oauth2_login_request().login_challenge(SECRET).send().await;
    let _ = client.with_oauth2_token(SECRET).get_oidc_user_info().send().await;
    let _ = person.perform_oauth2_token_flow().json_body(json!({"refresh_token": SECRET})).send().await;
}

#[tokio::test]
async fn no_log_holds_a_secret() {
    // This also captures the logs of other tests in this process. They must not show the secret either.
    log::set_logger(&LINES).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    calls().await;
    let lines = LINES.0.lock().unwrap().clone();
    assert!(!lines.is_empty(), "nothing was logged, so nothing was proved");
    for line in lines {
        assert!(!line.contains(SECRET), "{line}");
    }
}

#[cfg(feature = "tracing")]
#[tokio::test]
async fn no_trace_holds_a_secret() {
    let captured = crate::transport::traces::Captured::install();
    calls().await;
    assert!(captured.get("ory.operation").iter().any(|id| id == "toSession"));
    assert!(captured.get("error.type").iter().any(|kind| kind == "Transport"));
    for (name, value) in captured.all() {
        assert!(!value.contains(SECRET), "{name}: {value}");
    }
}
