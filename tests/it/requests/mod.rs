//! What leaves for each operation, byte for byte, and what its answer decodes to.
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
//! Each file has `pub async fn cases() -> Vec<Seen>`, and the last test here looks through all that was seen for
//! arguments and body fields that no case has sent.

mod calls;
mod courier;
mod coverage;
mod credentials;
mod frontend;
mod frontend_login;
mod frontend_recovery;
mod frontend_registration;
mod frontend_sessions;
mod frontend_settings;
mod identity;
mod jwk;
mod oauth2_clients;
mod oauth2_flows;
mod project;
mod recordings;
mod redirects;
mod refusals;

use std::sync::{Arc, Mutex};

use ory_sdk::contract::Operation;
use ory_sdk::{Client, Error, ErrorKind, Response, Retry};
use serde_json::Value;

use crate::server::{Answer, Request, Server};

/// The header of a JSON body.
pub const JSON: &str = "content-type: application/json";
/// The header of a form body.
pub const FORM: &str = "content-type: application/x-www-form-urlencoded";
/// What an administrative call carries.
pub const ACCESS: &str = "authorization: Bearer ory_pat_project";
/// What a call of the console carries.
pub const CONSOLE: &str = "authorization: Bearer ory_pat_console";

// What calls of `Wire::loaded` carry besides.

/// An OAuth2 client's id and secret: the base64 of `id%3A1:s%2Fe+c%2Br%C3%A9t`.
pub const BASIC: &str = "authorization: Basic aWQlM0ExOnMlMkZlK2MlMkJyJUMzJUE5dA==";
/// An OAuth2 access token.
pub const OAUTH2: &str = "authorization: Bearer ory_at_person";
/// The token by which an OAuth2 client manages its own registration.
pub const REGISTRATION: &str = "authorization: Bearer ory_at_registration";
/// A browser's cookies.
pub const COOKIES: &str = "cookie: ory_hydra_session=1; ory_hydra_csrf=2";

/// Headers that every request has, so that cases name only the others.
const USUAL: [(&str, &str); 2] = [("accept", "application/json"), ("user-agent", "cases/1")];

/// A request that a case has sent.
#[derive(Debug, Clone)]
pub struct Seen {
    pub operation: &'static Operation,
    pub request: Request,
}

/// A client, the server that all its endpoints lead to, and what that server saw.
pub struct Wire {
    /// Has the access tokens, and nobody's session. Each endpoint has a path prefix of its own, which shows in
    /// the requests: `/kratos`, `/kratos-admin`, `/hydra`, `/hydra-admin`, `/console`.
    pub client: Client,
    server: Server,
    answer: Arc<Mutex<Answer>>,
    operation: Option<&'static Operation>,
    seen: Vec<Seen>,
}

impl Wire {
    pub async fn new() -> Self {
        let answer = Arc::new(Mutex::new(Answer::new(500, &[], "no answer was set")));
        let given = Arc::clone(&answer);
        let server = Server::start(move |_| given.lock().unwrap().clone()).await;
        let url = server.url();
        let client = Client::builder()
            .kratos_public_url(format!("{url}/kratos"))
            .kratos_admin_url(format!("{url}/kratos-admin"))
            .hydra_public_url(format!("{url}/hydra"))
            .hydra_admin_url(format!("{url}/hydra-admin"))
            .console_url(format!("{url}/console"))
            .access_token("ory_pat_project")
            .console_token("ory_pat_console")
            .user_agent("cases/1")
            .retry(Retry::off())
            .build()
            .unwrap();
        Self { client, server, answer, operation: None, seen: Vec::new() }
    }

    /// A handle that has every credential there is, so that a case shows which one its operation takes.
    pub fn loaded(&self) -> Client {
        self.client
            .with_cookies("ory_hydra_session=1; ory_hydra_csrf=2")
            .with_client_credentials("id:1", "s/e c+rét")
            .with_oauth2_token("ory_at_person")
            .with_registration_token("ory_at_registration")
    }

    /// Starts a case: from here on the server gives this answer to calls of the operation.
    pub fn answers(&mut self, operation: &str, answer: Answer) {
        let found = ory_sdk::operations().iter().find(|known| known.id == operation);
        self.operation = Some(found.unwrap_or_else(|| panic!("no operation {operation}")));
        *self.answer.lock().unwrap() = answer;
    }

    /// The same, with this JSON and 200.
    pub fn json(&mut self, operation: &str, body: Value) {
        self.answers(operation, Answer::json(200, &body));
    }

    /// The same, with 204.
    pub fn empty(&mut self, operation: &str) {
        self.answers(operation, Answer::new(204, &[], ""));
    }

    /// The same, with the first success that a real server gave to this operation; returns its JSON body.
    pub fn recorded(&mut self, operation: &str) -> Value {
        let recording = recordings::first_success(operation);
        self.answers(operation, recording.response.answer());
        recordings::json(recording)
    }

    /// The same, with one recording by its name: `kratos-26.2.0/toSession.cookie`.
    pub fn replays(&mut self, name: &str) -> Value {
        let recording = recordings::named(name);
        self.answers(&recording.operation, recording.response.answer());
        recordings::json(recording)
    }

    /// Checks the only request since the last check: method and target, all headers beside the usual ones and
    /// those of HTTP itself (in any order), body.
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
        let operation = self.operation.expect("a case starts with its answer");
        self.seen.push(Seen { operation, request });
    }

    /// Checks that a call was refused with this text, and that nothing was sent.
    #[track_caller]
    pub fn refused<T>(&self, answer: Result<Response<T>, Error>, kind: ErrorKind, text: &str) {
        let error = answer.err().unwrap_or_else(|| panic!("expected {text:?}, got a success"));
        assert_eq!(error.to_string(), text);
        assert_eq!(error.kind(), kind, "{text}");
        assert_eq!(self.server.seen(), [], "{text}");
    }

    /// All requests that were checked.
    pub fn into_seen(self) -> Vec<Seen> {
        assert_eq!(self.server.seen(), [], "a request that no case has checked");
        self.seen
    }
}

/// Each header as a line, sorted, without those that are as on every request. A case that names a usual header
/// sees it.
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

/// Everything that the cases of all areas send.
async fn all() -> Vec<Seen> {
    let mut seen = Vec::new();
    seen.extend(courier::cases().await);
    seen.extend(frontend_login::cases().await);
    seen.extend(frontend_recovery::cases().await);
    seen.extend(frontend_registration::cases().await);
    seen.extend(frontend_sessions::cases().await);
    seen.extend(frontend_settings::cases().await);
    seen.extend(identity::cases().await);
    seen.extend(jwk::cases().await);
    seen.extend(oauth2_clients::cases().await);
    seen.extend(oauth2_flows::cases().await);
    seen.extend(project::cases().await);
    seen
}

#[tokio::test]
async fn every_argument_has_a_case() {
    let sent = coverage::sent(&all().await);
    let missing: Vec<String> = coverage::declared().into_iter().filter(|name| !sent.contains(name)).collect();
    assert!(missing.is_empty(), "{} that no case sends:\n{}", missing.len(), missing.join("\n"));
}
