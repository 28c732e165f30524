//! Compares every Hydra operation of the stand-in with Hydra 26.2.0, or with 2.0.3 where 26.2.0 has no recording.

mod clients;
mod code;
mod device;
mod keys;
mod refusals;
mod tokens;

use serde_json::{Value, json};

use super::replay::{Replay, Reply, Report};
use super::share;
use super::urls::parameter;
use tokens::basic;

pub async fn compare() -> Report {
    let mut report = Report::default();
    report.add(clients::clients().await);
    report.add(clients::client_refusals().await);
    report.add(clients::client_pages().await);
    report.add(clients::lifespans().await);
    report.add(clients::rotated_secrets().await);
    report.add(clients::registration().await);
    report.add(tokens::tokens().await);
    report.add(tokens::documents().await);
    report.add(tokens::signed().await);
    report.add(code::code().await);
    report.add(code::rejected().await);
    report.add(code::consents().await);
    report.add(code::logout().await);
    report.add(code::logout_of_applications().await);
    report.add(refusals::authorization().await);
    report.add(refusals::exchanges().await);
    report.add(refusals::requests().await);
    report.add(refusals::assertions().await);
    report.add(device::device().await);
    report.add(device::refusals().await);
    report.add(keys::sets().await);
    report.add(keys::signing_keys().await);
    report.add(keys::issuers().await);
    report.add(keys::credentials().await);
    share::check("hydra-26.2.0", &report, is_ordinary).await;
    report
}

/// A webhook is another configuration.
fn is_ordinary(operation: &str, case: &str) -> bool {
    operation != "hook" && !case.starts_with("hook-")
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}")).to_owned()
}

const CALLBACK: &str = "http%3A%2F%2F127.0.0.1%3A5555%2Fcallback";

/// An application.
struct App {
    id: String,
    /// Its `Authorization` header.
    basic: String,
}

impl App {
    async fn new(replay: &Replay, body: &Value) -> Self {
        let made = replay.json("POST", "/admin/clients", &[], body).await;
        let id = text(&made, "client_id");
        let secret = made["client_secret"].as_str().unwrap_or_default();
        Self { basic: basic(&id, secret), id }
    }

    /// Creates a client as the recordings have it, with these members changed, and learns its id from a recorded path.
    async fn of_code(replay: &mut Replay, name: &str, changes: Value) -> Self {
        let mut body = json!({
            "redirect_uris": ["http://127.0.0.1:5555/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "scope": "openid offline profile",
        });
        for (key, value) in changes.as_object().unwrap() {
            body[key] = value.clone();
        }
        let app = Self::new(replay, &body).await;
        if let Some(id) = parameter(&replay.recorded(name).request.path.clone(), "client_id") {
            replay.learn(&id, &app.id);
        }
        app
    }

    /// Where a browser starts.
    fn start(&self, replay: &Replay, more: &str) -> String {
        let url = replay.stand_in.url();
        format!("{url}/oauth2/auth?client_id={}&redirect_uri={CALLBACK}&state=state-0123456789&{more}", self.id)
    }

    /// The tokens for the code in a URL of the application.
    async fn tokens(&self, replay: &Replay, callback: &str) -> Value {
        let code = parameter(callback, "code").unwrap_or_else(|| panic!("no code in {callback}"));
        let form = format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}");
        let reply = replay.send("POST", "/oauth2/token", &[("Authorization", &self.basic)], Some(&form)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()
    }
}

/// Accepts a login as the login app, and returns where the browser goes next.
async fn sign_in(replay: &Replay, login_page: &str, body: Value) -> String {
    let challenge = parameter(login_page, "login_challenge").unwrap_or_else(|| panic!("no login in {login_page}"));
    let path = format!("/admin/oauth2/auth/requests/login/accept?login_challenge={challenge}");
    let url = text(&replay.json("PUT", &path, &[], &body).await, "redirect_to");
    replay.follow(&url).await
}

/// Accepts a consent as the consent app, and returns where the browser goes next.
async fn consent(replay: &Replay, consent_page: &str, body: Value) -> Reply {
    let challenge =
        parameter(consent_page, "consent_challenge").unwrap_or_else(|| panic!("no consent in {consent_page}"));
    let path = format!("/admin/oauth2/auth/requests/consent/accept?consent_challenge={challenge}");
    let url = text(&replay.json("PUT", &path, &[], &body).await, "redirect_to");
    replay.visit(&url).await
}

/// Takes a browser through both apps, and returns the URL of the application at the end.
async fn grant(replay: &Replay, start: &str, login: Value, granted: Value) -> String {
    let page = replay.follow(start).await;
    let page = sign_in(replay, &page, login).await;
    let reply = consent(replay, &page, granted).await;
    reply.header("location").unwrap_or_else(|| panic!("{}", reply.body)).to_owned()
}
