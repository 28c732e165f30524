//! Compares every Kratos operation of the stand-in with Kratos 26.2.0.

mod flows;
mod identities;
mod sessions;

use serde_json::{Value, json};

use crate::testing::replay::{Replay, Report};

pub const PASSWORD: &str = "a-Long-passw0rd!";
/// The user agent in the recordings, which sessions show.
const AGENT: (&str, &str) = ("User-Agent", "ory-sdk-recorder/1");

pub async fn compare() -> Report {
    let mut report = Report::default();
    report.add(flows::registration().await);
    report.add(flows::login().await);
    report.add(flows::settings().await);
    report.add(sessions::sessions().await);
    report.add(sessions::sessions_of_an_identity().await);
    report.add(flows::expired().await);
    report.add(identities::identities().await);
    report.add(identities::identity_pages().await);
    report.add(identities::schemas_and_messages().await);
    report.add(unknown_routes().await);
    report
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
