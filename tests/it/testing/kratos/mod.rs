//! Compares every Kratos operation of the stand-in with Kratos 26.2.0.

mod administration;
mod browsers;
mod codes;
mod flows;
mod identities;
mod recovery;
mod second_factor;
mod sessions;
mod two_steps;
mod verification;

use serde_json::{Value, json};

use crate::support::recording::Body;
use crate::testing::compare::encoded;
use crate::testing::replay::{Replay, Reply, Report};
use crate::testing::share;

pub const PASSWORD: &str = "a-Long-passw0rd!";
/// The user agent in the recordings, which sessions show.
const AGENT: (&str, &str) = ("User-Agent", "ory-sdk-recorder/1");

pub async fn compare() -> Report {
    let mut report = Report::default();
    report.add(flows::registration().await);
    report.add(flows::login().await);
    report.add(flows::settings().await);
    report.add(sessions::sessions().await);
    report.add(sessions::cookies().await);
    report.add(sessions::sessions_of_an_identity().await);
    report.add(flows::expired().await);
    report.add(identities::identities().await);
    report.add(identities::identity_pages().await);
    report.add(identities::schemas_and_messages().await);
    report.add(browsers::login().await);
    report.add(browsers::forms().await);
    report.add(browsers::registration().await);
    report.add(browsers::settings().await);
    report.add(browsers::logout().await);
    report.add(browsers::expired().await);
    report.add(codes::login().await);
    report.add(codes::registration().await);
    report.add(two_steps::in_apps().await);
    report.add(two_steps::in_browsers().await);
    report.add(second_factor::set_up().await);
    report.add(second_factor::step_up().await);
    report.add(second_factor::in_browsers().await);
    report.add(recovery::by_code().await);
    report.add(recovery::in_browsers().await);
    report.add(recovery::by_administrators().await);
    report.add(recovery::expired().await);
    report.add(verification::by_code().await);
    report.add(verification::in_browsers().await);
    report.add(verification::expired().await);
    report.add(administration::sessions().await);
    report.add(administration::batches().await);
    report.add(administration::credentials().await);
    report.add(administration::messages().await);
    report.add(administration::errors_and_codes().await);
    report.add(administration::newer_operations().await);
    share::check("kratos-26.2.0", &report, is_ordinary).await;
    report.add(unknown_routes().await);
    report
}

/// Whether a recording shows what any server of the release does. The others need hooks, keys for tokens, a third party
/// or another configuration.
fn is_ordinary(operation: &str, case: &str) -> bool {
    let other =
        ["hook", "migrat", "tokeniz", "cacheable-48h", "callback", "exchange-", "no-content", "too-early", "not-dev"];
    let by_link = (case.starts_with("link") || case.contains("-link"))
        && case != "admin-link-click"
        && operation != "adminListIdentities";
    let with_party = operation == "exchangeSessionToken"
        && !["init-twice", "nothing", "empty", "long", "no-init-code"].contains(&case);
    let without_smtp = ["abandoned", "http-sent"].contains(&case);
    let two_ports = ["public-port", "public"].contains(&case);
    operation != "hook"
        && !other.iter().any(|part| case.contains(part))
        && !by_link
        && !with_party
        && !without_smtp
        && !two_ports
}

/// A browser, by its cookies.
pub struct Browser {
    csrf: (String, String),
    session: Option<String>,
}

impl Browser {
    /// A browser that has visited the stand-in.
    pub async fn new(replay: &Replay) -> Self {
        let reply = replay.send("GET", "/self-service/login/browser", &[JSON], None).await;
        let (name, value) = cookie(&reply, "csrf_token_").unwrap();
        Self { csrf: (name, value), session: None }
    }

    /// A browser in which somebody is signed in.
    pub async fn signed_in(replay: &Replay, email: &str) -> Self {
        let mut browser = Self::new(replay).await;
        let cookies = browser.cookies();
        let flow = replay.get("/self-service/login/browser", &[JSON, ("Cookie", &cookies)]).await;
        let body = json!({"method": "password", "identifier": email, "password": PASSWORD, "csrf_token": csrf(&flow)});
        let path = format!("/self-service/login?flow={}", text(&flow, "/id"));
        let headers = [JSON, AGENT, ("Cookie", cookies.as_str())];
        let reply = replay.send("POST", &path, &headers, Some(&body.to_string())).await;
        browser.csrf = cookie(&reply, "csrf_token_").unwrap();
        browser.session = Some(cookie(&reply, "ory_kratos_session").unwrap().1);
        browser
    }

    fn cookies(&self) -> String {
        let session = self.session.iter().map(|session| format!("; ory_kratos_session={session}"));
        format!("{}={}{}", self.csrf.0, self.csrf.1, session.collect::<String>())
    }

    /// Learns the cookies of a recorded request.
    pub fn learn(&self, replay: &mut Replay, name: &str) {
        let headers = replay.recorded(name).request.headers.clone();
        let (_, cookies) = headers.iter().find(|(known, _)| known == "Cookie").unwrap();
        for (name, value) in cookies.split("; ").map(|pair| pair.split_once('=').unwrap()) {
            if name.starts_with("csrf_token_") {
                replay.learn(name, &self.csrf.0);
                replay.learn(value, &self.csrf.1);
            } else if name == "ory_kratos_session" {
                replay.learn(value, self.session.as_ref().unwrap());
            }
        }
    }

    /// Starts a flow, and learns it with its CSRF token and the cookies for the flow in a recorded request.
    pub async fn flow(&self, replay: &mut Replay, kind: &str, name: &str) {
        self.flow_with(replay, kind, "", name).await;
    }

    /// The same, for a flow with a query.
    pub async fn flow_with(&self, replay: &mut Replay, kind: &str, query: &str, name: &str) {
        let path = format!("/self-service/{kind}/browser{query}");
        let flow = replay.get(&path, &[JSON, ("Cookie", &self.cookies())]).await;
        self.learn(replay, name);
        replay.learn_query(name, if name.starts_with("get") { "id" } else { "flow" }, &text(&flow, "/id"));
        if replay.recorded(name).request.method == "POST" {
            learn_csrf(replay, name, &csrf(&flow));
        }
    }

    /// Learns the CSRF token of a recorded form. That of the cookie does, too.
    pub fn learn_token(&self, replay: &mut Replay, name: &str) {
        learn_csrf(replay, name, &self.csrf.1);
    }
}

/// Learns the CSRF token in a recorded body, as JSON and as a form hold it.
fn learn_csrf(replay: &mut Replay, name: &str, here: &str) {
    let recorded = match replay.recorded(name).request.body.clone().unwrap() {
        Body::Json(body) => text(&body, "/csrf_token"),
        Body::Form(form) => {
            let mut pairs = url::form_urlencoded::parse(form.as_bytes());
            pairs.find(|(key, _)| key == "csrf_token").unwrap().1.into_owned()
        }
        other => panic!("{name} has no fields but {other:?}"),
    };
    if recorded != "wrong" {
        replay.learn(&recorded, here);
        replay.learn(&encoded(&recorded), &encoded(here));
    }
}

const JSON: (&str, &str) = ("Accept", "application/json");

/// The CSRF token of a form.
fn csrf(flow: &Value) -> String {
    let nodes = flow["ui"]["nodes"].as_array().unwrap();
    let node = nodes.iter().find(|node| node["attributes"]["name"] == "csrf_token").unwrap();
    text(node, "/attributes/value")
}

/// Name and value of a cookie that a reply sets.
fn cookie(reply: &Reply, start: &str) -> Option<(String, String)> {
    let mut cookies = reply.headers.iter().filter(|(name, _)| name == "set-cookie");
    let (_, line) = cookies.find(|(_, value)| value.starts_with(start))?;
    let (name, value) = line.split(';').next()?.split_once('=')?;
    Some((name.to_owned(), value.to_owned()))
}

/// The code in the last mail.
pub fn mailed_code(replay: &Replay) -> String {
    replay.stand_in.messages().last().unwrap().code().unwrap().expose().to_owned()
}

pub async fn start() -> Replay {
    Replay::start("kratos-26.2.0").await
}

/// Creates an identity with a password and returns its id.
pub async fn identity(replay: &Replay, email: &str) -> String {
    let body = json!({
        "schema_id": "default",
        "traits": {"email": email},
        "credentials": {"password": {"config": {"password": PASSWORD}}},
    });
    text(&replay.json("POST", "/admin/identities", &[], &body).await, "/id")
}

/// Signs in and returns the session token and the session id.
pub async fn sign_in(replay: &Replay, email: &str) -> (String, String) {
    let flow = replay.get("/self-service/login/api", &[]).await;
    let body = json!({"method": "password", "identifier": email, "password": PASSWORD});
    let path = format!("/self-service/login?flow={}", text(&flow, "/id"));
    let response = replay.json("POST", &path, &[AGENT], &body).await;
    (text(&response, "/session_token"), text(&response, "/session/id"))
}

/// Begins a session, and returns its token and its id.
pub async fn sign_in_person(replay: &Replay, email: &str) -> (String, String) {
    let person = replay.stand_in.sign_in(email);
    (person.token().expose().to_owned(), person.session_id().to_string())
}

pub fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {value}")).as_str().unwrap().to_owned()
}

/// Starts a flow, and learns its id for the flow in a recorded request.
pub async fn flow(replay: &mut Replay, kind: &str, name: &str, headers: &[(&str, &str)]) {
    let flow = replay.get(&format!("/self-service/{kind}/api"), headers).await;
    let key = if name.starts_with("get") { "id" } else { "flow" };
    replay.learn_query(name, key, &text(&flow, "/id"));
}

/// Unknown routes are recorded only from Kratos 0.11.1.
async fn unknown_routes() -> Report {
    let mut replay = Replay::start("kratos-0.11.1").await;
    let recording = replay.recorded("adminGetIdentity.malformed-slash").clone();
    let mut response = replay.send("GET", "/admin/nothing/of/the/kind", &[], None).await;
    // The middleware of the recorded server did not reach unknown routes.
    response.headers.retain(|(name, _)| name != "cache-control");
    replay.compare("an unknown route", &recording, &response, &[]);
    replay.finish()
}
