//! The request that each operation sends, byte for byte, and what its response decodes to.
//!
//! A case reads like this:
//!
//! ```ignore
//! let recorded = wire.recorded("adminGetIdentity");
//! let identity = wire.client.admin_get_identity().id("a/b").include_credential(["password"]).send().await.unwrap();
//! wire.saw("GET /kratos-admin/admin/identities/a%2Fb?include_credential=password", &[ACCESS], "");
//! assert_eq!(identity.id.to_string(), recorded["id"]);
//! ```
//!
//! Each file of cases has `pub async fn cases() -> Vec<Seen>`. The last test here looks through all these requests for
//! arguments and body fields that no case sends.

mod any_request;
mod api_keys;
mod awaited;
mod calls;
mod courier;
mod coverage;
mod credentials;
mod events;
mod flows;
mod frontend;
mod frontend_login;
mod frontend_recovery;
mod frontend_registration;
mod frontend_sessions;
mod frontend_settings;
mod frontend_steps;
mod identity;
mod identity_batch;
mod identity_sessions;
mod jwk;
mod metadata;
mod oauth2_clients;
mod oauth2_clients_parts;
mod oauth2_flows;
mod onboarding;
mod organizations;
mod permission;
mod permission_answers;
mod permission_refusals;
mod project;
mod recordings;
mod redirects;
mod refusals;
mod sent_back;
mod unknown_route;
mod workspace;

use std::sync::{Arc, Mutex};

use ory_sdk::contract::Operation;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, Error, ErrorKind, Response, Sending};
use serde_json::Value;

use crate::support::server::{Reply, Request, Server};

/// The header of a JSON body.
pub const JSON: &str = "content-type: application/json";
/// The header of a form body.
pub const FORM: &str = "content-type: application/x-www-form-urlencoded";
/// The credential of administrative calls.
pub const ACCESS: &str = "authorization: Bearer ory_pat_project";
/// The credential of console calls.
pub const CONSOLE: &str = "authorization: Bearer ory_pat_console";

// The other credentials of `Wire::loaded`.

/// An OAuth2 client's id and secret: the base64 of `id%3A1:s%2Fe+c%2Br%C3%A9t`.
pub const BASIC: &str = "authorization: Basic aWQlM0ExOnMlMkZlK2MlMkJyJUMzJUE5dA==";
/// An OAuth2 access token.
pub const OAUTH2: &str = "authorization: Bearer ory_at_person";
/// The token with which an OAuth2 client manages its own registration.
pub const REGISTRATION: &str = "authorization: Bearer ory_at_registration";
/// A browser's cookies.
pub const COOKIES: &str = "cookie: ory_hydra_session=1; ory_hydra_csrf=2";

/// Headers of every request, with the feature `gzip`. Cases name only the others.
const USUAL: [(&str, &str); 3] =
    [("accept", "application/json"), ("accept-encoding", "gzip"), ("user-agent", "cases/1")];

/// A request that a case sent.
#[derive(Debug, Clone)]
pub struct Seen {
    pub operation: &'static Operation,
    pub request: Request,
}

/// A client, the server behind all its endpoints, and the requests that the server saw.
pub struct Wire {
    /// Has the access token and the console token, but no user's session. The path of each request shows its endpoint:
    /// `/kratos`, `/kratos-admin`, `/hydra`, `/hydra-admin`, `/keto`, `/keto-write`, `/keto-opl`, `/api-keys` or `/console`.
    pub client: Client,
    server: Server,
    response: Arc<Mutex<Reply>>,
    operation: Option<&'static Operation>,
    seen: Vec<Seen>,
}

impl Wire {
    pub async fn new() -> Self {
        let response = Arc::new(Mutex::new(Reply::new(500, &[], "no response was set")));
        let given = Arc::clone(&response);
        let server = Server::start(move |_| given.lock().unwrap().clone()).await;
        let url = server.url();
        let client = Client::builder()
            .kratos_public_url(format!("{url}/kratos"))
            .kratos_admin_url(format!("{url}/kratos-admin"))
            .hydra_public_url(format!("{url}/hydra"))
            .hydra_admin_url(format!("{url}/hydra-admin"))
            .keto_read_url(format!("{url}/keto"))
            .keto_write_url(format!("{url}/keto-write"))
            .keto_opl_url(format!("{url}/keto-opl"))
            .named_endpoint("api_keys", format!("{url}/api-keys"))
            .console_url(format!("{url}/console"))
            .access_token("ory_pat_project")
            .console_token("ory_pat_console")
            .user_agent("cases/1")
            .retry(Retry::off())
            .build()
            .unwrap();
        Self { client, server, response, operation: None, seen: Vec::new() }
    }

    /// A handle that also has cookies and every OAuth2 credential, so that a case shows which one its operation uses.
    pub fn loaded(&self) -> Client {
        self.client
            .with_cookies("ory_hydra_session=1; ory_hydra_csrf=2")
            .with_client_credentials("id:1", "s/e c+rét")
            .with_oauth2_token("ory_at_person")
            .with_registration_token("ory_at_registration")
    }

    /// Starts a case: from here on, the server gives this response to calls of the operation.
    pub fn replies(&mut self, operation: &str, response: Reply) {
        let found = ory_sdk::contract::operations().iter().find(|known| known.id == operation);
        self.operation = Some(found.unwrap_or_else(|| panic!("no operation {operation}")));
        *self.response.lock().unwrap() = response;
    }

    /// Like `replies`, with this JSON and status 200.
    pub fn json(&mut self, operation: &str, body: Value) {
        self.replies(operation, Reply::json(200, &body));
    }

    /// Like `replies`, with status 204.
    pub fn empty(&mut self, operation: &str) {
        self.replies(operation, Reply::new(204, &[], ""));
    }

    /// Like `replies`, with the first success of this operation recorded from a real server. Returns its JSON body.
    pub fn recorded(&mut self, operation: &str) -> Value {
        let recording = recordings::first_success(operation);
        self.replies(operation, recording.response.reply());
        recordings::json(recording)
    }

    /// Like `recorded`, with the recording of this name: `kratos-26.2.0/toSession.cookie`.
    pub fn replays(&mut self, name: &str) -> Value {
        let recording = recordings::named(name);
        self.replies(&recording.operation, recording.response.reply());
        recordings::json(recording)
    }

    /// Checks the only request since the last check: its method and target, its headers (in any order, without the
    /// usual ones and those of HTTP itself), and its body.
    #[track_caller]
    pub fn saw(&mut self, line: &str, headers: &[&str], body: &str) {
        let request = self.server.take();
        let mut expected: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        expected.sort();
        let of = |line: &str, headers: &[String], body: &str| format!("{line}\n{}\n\n{body}\n", headers.join("\n"));
        let text = String::from_utf8(request.body.clone()).unwrap();
        let seen = of(&format!("{} {}", request.method, request.target), &unusual(&request, headers), &text);
        let expected = of(line, &expected, body);
        assert!(seen == expected, "\n--- expected ---\n{expected}\n--- seen ---\n{seen}");
        let operation = self.operation.expect("a case starts with its response");
        self.seen.push(Seen { operation, request });
    }

    /// Sends a call, and returns the line and the JSON body of its request. The response does not matter.
    pub async fn sent<T>(&self, call: Sending<T>) -> (String, Value) {
        let _ = call.await;
        let request = self.server.take();
        (format!("{} {}", request.method, request.target), serde_json::from_slice(&request.body).unwrap())
    }

    /// Checks that a call was refused with this error, and that nothing was sent.
    #[track_caller]
    pub fn refused<T>(&self, response: Result<Response<T>, Error>, kind: ErrorKind, text: &str) {
        let error = response.err().unwrap_or_else(|| panic!("expected {text:?}, got a success"));
        assert_eq!(error.to_string(), text);
        assert_eq!(error.kind(), kind, "{text}");
        assert_eq!(self.server.seen(), [], "{text}");
    }

    /// All checked requests.
    pub fn into_seen(self) -> Vec<Seen> {
        assert_eq!(self.server.seen(), [], "a request that no case has checked");
        self.seen
    }
}

/// The headers as sorted lines, without those that every request has. A usual header is included if `named` has it.
fn unusual(request: &Request, named: &[&str]) -> Vec<String> {
    let host = request.header("host").expect("every request has a host");
    assert!(host.starts_with("127.0.0.1:"), "{host}");
    let length = request.header("content-length").unwrap_or("0");
    assert_eq!(length, request.body.len().to_string());
    let mut headers = request.headers.clone();
    headers.retain(|(name, _)| !matches!(name.as_str(), "host" | "content-length"));
    for (name, value) in USUAL {
        if named.iter().any(|line| line.starts_with(&format!("{name}:"))) {
            continue;
        }
        assert_eq!(request.all(name), [value], "{name} of {} {}", request.method, request.target);
        headers.retain(|(other, _)| other != name);
    }
    let mut lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.sort();
    lines
}

/// The requests of the cases of all areas.
async fn all() -> Vec<Seen> {
    let mut seen = Vec::new();
    seen.extend(api_keys::cases().await);
    seen.extend(courier::cases().await);
    seen.extend(events::cases().await);
    seen.extend(frontend_login::cases().await);
    seen.extend(frontend_recovery::cases().await);
    seen.extend(frontend_registration::cases().await);
    seen.extend(frontend_sessions::cases().await);
    seen.extend(frontend_settings::cases().await);
    seen.extend(frontend_steps::cases().await);
    seen.extend(identity::cases().await);
    seen.extend(identity_batch::cases().await);
    seen.extend(identity_sessions::cases().await);
    seen.extend(jwk::cases().await);
    seen.extend(metadata::cases().await);
    seen.extend(oauth2_clients::cases().await);
    seen.extend(oauth2_clients_parts::cases().await);
    seen.extend(oauth2_flows::cases().await);
    seen.extend(onboarding::cases().await);
    seen.extend(organizations::cases().await);
    seen.extend(permission::cases().await);
    seen.extend(project::cases().await);
    seen.extend(workspace::cases().await);
    seen
}

#[tokio::test]
async fn every_argument_has_a_case() {
    let sent = coverage::sent(&all().await);
    let missing: Vec<String> = coverage::declared().into_iter().filter(|name| !sent.contains(name)).collect();
    assert!(missing.is_empty(), "{} that no case sends:\n{}", missing.len(), missing.join("\n"));
}
