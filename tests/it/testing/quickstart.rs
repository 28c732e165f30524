//! Runs the example against the stand-in, against responses of the oldest servers, and with failures on the way.

#[path = "../../../examples/quickstart/main.rs"]
#[allow(dead_code)]
mod example;

use std::sync::atomic::{AtomicBool, Ordering};

use ory_sdk::Client;
use ory_sdk::testing::StandIn;
use serde_json::{Value, json};

use crate::support::recording;
use crate::support::server::{Reply, Server};

async fn counts(client: &Client) -> (usize, usize) {
    let identities = client.admin_list_identities().send().await.unwrap().len();
    (identities, client.admin_list_oauth2_clients().send().await.unwrap().len())
}

/// How the lines of its output begin.
const STEPS: [&str; 15] = [
    "kratos_public is",
    "kratos_admin is",
    "hydra_public is",
    "hydra_admin is",
    "registered quickstart-",
    "signed in",
    "asked whose",
    "changed a",
    "listed identities:",
    "created OAuth2",
    "got an",
    "introspected it:",
    "signed out:",
    "deleted the",
    "deleted the",
];

/// What it says more where there is a Keto.
const OF_KETO: [&str; 2] = ["asked Keto", "deleted the"];

/// The steps with a Keto.
fn with_keto() -> Vec<&'static str> {
    let mut steps = STEPS.to_vec();
    let at = STEPS.iter().position(|step| *step == "signed out:").unwrap();
    steps.insert(at, OF_KETO[0]);
    steps.push(OF_KETO[1]);
    steps
}

/// The beginning of each line. Checks that none shows a secret.
fn steps(out: &[u8]) -> Vec<String> {
    let out = std::str::from_utf8(out).unwrap();
    for secret in ["ory_st_", "ory_at_"] {
        assert!(!out.contains(secret), "{out}");
    }
    let begin = |line: &str| match STEPS.iter().chain(&OF_KETO).find(|step| line.starts_with(*step)) {
        Some(step) => (*step).to_owned(),
        None => line.to_owned(),
    };
    out.lines().map(begin).collect()
}

#[tokio::test]
async fn runs_and_leaves_nothing_behind() {
    let stand_in = StandIn::start().await.unwrap();
    stand_in.set_namespaces(["User", "File"]);
    let client = stand_in.client_builder().build().unwrap();
    for people in [0, 25] {
        for number in 0..people {
            let body = json!({"schema_id": "default", "traits": {"email": format!("{number}@example.org")}});
            client.admin_create_identity().json_body(body).send().await.unwrap();
        }
        let mut out = Vec::new();
        example::run(&client, &mut out).await.unwrap();
        assert_eq!(steps(&out), with_keto());
        assert_eq!(counts(&client).await, (people, 0));
        assert!(client.get_relationships().await.unwrap().relation_tuples.is_empty());
    }
    assert_eq!(example::people::list(&client).await.unwrap(), (2, 20));
}

#[tokio::test]
async fn cleans_up_after_a_failure() {
    let stand_in = StandIn::start().await.unwrap();
    let client = stand_in.client_builder().build().unwrap();
    let nowhere = "http://127.0.0.1:9";
    let without_tokens = Client::builder()
        .kratos_public_url(stand_in.url())
        .kratos_admin_url(stand_in.url())
        .hydra_admin_url(stand_in.url())
        .hydra_public_url(nowhere)
        .build()
        .unwrap();
    let error = example::run(&without_tokens, &mut Vec::new()).await.unwrap_err();
    assert!(error.to_string().starts_with("performOAuth2TokenFlow: could not connect"), "{error}");
    assert_eq!(counts(&client).await, (0, 0));

    // Its output closes early.
    for lines in [4, 6, 9] {
        let error = example::run(&client, &mut Closed(lines)).await.unwrap_err();
        assert_eq!(error.to_string(), "broken pipe");
        assert_eq!(counts(&client).await, (0, 0), "after {lines} lines");
    }

    let incomplete = Client::builder().kratos_public_url(stand_in.url()).build().unwrap();
    let error = example::run(&incomplete, &mut Vec::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "kratos_admin is not configured: set its URL");
}

/// A writer that accepts this many lines and then fails.
struct Closed(usize);

impl std::io::Write for Closed {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        self.0 = self.0.checked_sub(lines).ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The recorded responses of Kratos 0.11.1 and Hydra 2.0.3 to what the example sends.
struct OldServers {
    recordings: Vec<recording::Recording>,
    signed_out: AtomicBool,
}

impl OldServers {
    fn load() -> Self {
        let old = |place: &str| place.contains("kratos-0.11.1") || place.contains("hydra-2.0.3");
        let found = recording::own().into_iter().filter(|found| old(&found.place));
        Self { recordings: found.map(|found| found.recording.unwrap()).collect(), signed_out: AtomicBool::new(false) }
    }

    fn recorded(&self, operation: &str, case: &str) -> Reply {
        let mut all = self.recordings.iter();
        let recording = all.find(|recording| recording.operation == operation && recording.case == case);
        recording.unwrap_or_else(|| panic!("no recording {operation}.{case}")).response.reply()
    }

    /// The recorded response to a request.
    fn handle(&self, method: &str, target: &str, body: &str) -> Reply {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let recorded = |operation: &str, case: &str| self.recorded(operation, case);
        match (method, path.as_slice()) {
            ("GET", ["self-service", "registration", "api"]) => {
                recorded("initializeSelfServiceRegistrationFlowWithoutBrowser", "ok")
            }
            ("POST", ["self-service", "registration"]) => recorded("submitSelfServiceRegistrationFlow", "api-ok"),
            ("GET", ["self-service", "login", "api"]) => recorded("initializeSelfServiceLoginFlowWithoutBrowser", "ok"),
            ("POST", ["self-service", "login"]) => recorded("submitSelfServiceLoginFlow", "api-ok"),
            ("GET", ["sessions", "whoami"]) if self.signed_out.load(Ordering::SeqCst) => {
                recorded("toSession", "logged-out")
            }
            ("GET", ["sessions", "whoami"]) => recorded("toSession", "ok"),
            ("GET", ["self-service", "settings", "api"]) => {
                recorded("initializeSelfServiceSettingsFlowWithoutBrowser", "ok")
            }
            ("POST", ["self-service", "settings"]) => {
                let mut saved = recorded("submitSelfServiceSettingsFlow", "profile-ok");
                let mut flow: Value = serde_json::from_slice(&saved.body).unwrap();
                flow["identity"]["traits"] = serde_json::from_str::<Value>(body).unwrap()["traits"].take();
                saved.body = flow.to_string().into();
                saved
            }
            ("DELETE", ["self-service", "logout", "api"]) => {
                self.signed_out.store(true, Ordering::SeqCst);
                recorded("submitSelfServiceLogoutFlowWithoutBrowser", "ok")
            }
            ("GET", ["admin", "identities"]) => {
                let case = match query.split('&').find_map(|pair| pair.strip_prefix("page=")) {
                    None => "five-next-per-2-1",
                    Some("1") => "five-page-1-per-2",
                    Some("2") => "five-page-2-per-2",
                    Some(other) => panic!("the list was asked for page {other}"),
                };
                recorded("adminListIdentities", case)
            }
            ("DELETE", ["admin", "identities", _]) => recorded("adminDeleteIdentity", "ok"),
            ("POST", ["admin", "clients"]) => recorded("adminCreateOAuth2Client", "minimal"),
            ("POST", ["oauth2", "token"]) => recorded("performOAuth2TokenFlow", "client-credentials"),
            ("POST", ["admin", "oauth2", "introspect"]) => {
                let mut introspected = recorded("adminIntrospectOAuth2Token", "client-credentials");
                let mut token: Value = serde_json::from_slice(&introspected.body).unwrap();
                let created: Value =
                    serde_json::from_slice(&recorded("adminCreateOAuth2Client", "minimal").body).unwrap();
                token["client_id"] = created["client_id"].clone();
                introspected.body = token.to_string().into();
                introspected
            }
            ("DELETE", ["admin", "clients", _]) => recorded("adminDeleteOAuth2Client", "ok"),
            other => panic!("the example asked for {other:?}"),
        }
    }
}

#[tokio::test]
async fn understands_the_oldest_servers() {
    let servers = OldServers::load();
    let server = Server::start(move |request| {
        // Kratos refuses both in a native flow.
        assert!(request.header("cookie").is_none() && request.header("origin").is_none(), "{request:?}");
        servers.handle(&request.method, &request.target, std::str::from_utf8(&request.body).unwrap())
    })
    .await;
    let url = server.url();
    let client = Client::builder()
        .kratos_public_url(&url)
        .kratos_admin_url(&url)
        .hydra_public_url(&url)
        .hydra_admin_url(&url)
        .build()
        .unwrap();
    let mut out = Vec::new();
    example::run(&client, &mut out).await.unwrap();
    assert_eq!(steps(&out), STEPS);
    let seen = server.seen();
    let with_token = seen.iter().filter(|request| request.header("x-session-token").is_some()).count();
    assert_eq!(with_token, 5, "whoami twice, settings twice, logout");
    // Kratos 0.11.1 sends page 0 again as page 1. The walk notices this, so its second page is page 2.
    let lists = seen.iter().filter(|request| request.target.starts_with("/admin/identities?"));
    let queries: Vec<&str> = lists.map(|request| request.target.split_once('?').unwrap().1).collect();
    assert_eq!(queries, ["page_size=10&per_page=10", "per_page=10&page=1", "per_page=10&page=2"]);
    assert_eq!(seen.last().unwrap().method, "DELETE");
}
