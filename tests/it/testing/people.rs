//! What no recording shows: links in mails, and what the stand-in says of that which it lacks.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use http::StatusCode;
use ory_sdk::Client;
use ory_sdk::credentials::CookieJar;
use ory_sdk::testing::StandIn;
use serde_json::{Value, json};

use super::replay::Replay;
use crate::support::recording::Body;

const EMAIL: &str = "ada@example.org";

async fn start() -> (StandIn, Client) {
    let ory = StandIn::start().await.unwrap();
    let client = ory.client_builder().build().unwrap();
    (ory, client)
}

/// The parameter of the link in the last mail.
fn parameter(ory: &StandIn, name: &str) -> String {
    let link = ory.messages().last().unwrap().link().unwrap().expose().to_owned();
    let link = url::Url::parse(&link).unwrap();
    let pair = link.query_pairs().find(|(key, _)| key == name);
    pair.unwrap_or_else(|| panic!("no {name} in {link}")).1.into_owned()
}

#[tokio::test]
async fn a_mailed_link_recovers_an_account_once() {
    let (ory, client) = start().await;
    let ada = ory.person(EMAIL).create();
    let flow = client.initialize_self_service_recovery_flow_without_browser().send().await.unwrap();
    let ask = json!({"method": "link", "email": EMAIL});
    client.submit_self_service_recovery_flow().flow(flow.id.to_string()).json_body(ask).send().await.unwrap();
    assert_eq!(ory.messages().last().unwrap().kind(), "recovery_valid");
    let (id, token) = (parameter(&ory, "flow"), parameter(&ory, "token"));

    let open = async |browser: &Client| {
        let body = json!({"method": "link"});
        let submit = browser.submit_self_service_recovery_flow().flow(&id).token(&token).json_body(body);
        let response = submit.send().await.unwrap();
        response.redirect().unwrap().as_str().to_owned()
    };
    let browser = client.with_cookie_jar(CookieJar::default());
    assert!(open(&browser).await.contains("/settings?flow="));
    let session = browser.to_session().send().await.unwrap();
    assert_eq!(session.identity.as_ref().unwrap().id, ada.id());
    let other = client.with_cookie_jar(CookieJar::default());
    assert!(open(&other).await.contains("/recovery?flow="), "a link works once");
    assert!(other.to_session().send().await.unwrap_err().is_unauthorized());
}

#[tokio::test]
async fn the_link_beside_a_code_fills_it_in() {
    let (ory, client) = start().await;
    ory.person(EMAIL).create();
    let flow = client.initialize_self_service_verification_flow_without_browser().send().await.unwrap();
    let ask = json!({"method": "code", "email": EMAIL});
    client.submit_self_service_verification_flow().flow(flow.id.to_string()).json_body(ask).send().await.unwrap();
    let link = ory.messages().last().unwrap().link().unwrap().expose().to_owned();

    // A browser that did not ask for the mail opens it, gets cookies, and finds the form with the code.
    let address = ory.url().strip_prefix("http://").unwrap().to_owned();
    let target = link.strip_prefix(ory.url()).unwrap();
    let (page, cookie) = visit(&address, target).await;
    assert_eq!(page, format!("http://127.0.0.1:4455/verification?flow={}", flow.id));
    let fetch = client.get_self_service_verification_flow().id(flow.id.to_string()).header("Cookie", &cookie);
    let shown = fetch.send().await.unwrap();
    let raw: serde_json::Value = serde_json::from_slice(shown.raw_body()).unwrap();
    let nodes = raw["ui"]["nodes"].as_array().unwrap();
    let value = |name: &str| {
        let node = nodes.iter().find(|node| node["attributes"]["name"] == name).unwrap();
        node["attributes"]["value"].clone()
    };
    assert_eq!(value("code"), parameter(&ory, "code"));
    let body = json!({"method": "code", "code": value("code"), "csrf_token": value("csrf_token")});
    let submit = client.submit_self_service_verification_flow().flow(flow.id.to_string()).header("Cookie", &cookie);
    let done = submit.json_body(body).send().await.unwrap();
    assert_eq!(done.into_value().unwrap().state, ory_sdk::types::SelfServiceVerificationFlowState::PassedChallenge);
}

/// Opens a page, and returns where it leads and the cookie that it sets.
async fn visit(address: &str, target: &str) -> (String, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let header = |name: &str| {
        let line = text.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).split_once(": ").unwrap().1.to_owned()
    };
    (header("location"), header("set-cookie").split(';').next().unwrap().to_owned())
}

#[tokio::test]
async fn what_it_lacks_says_so() {
    let (_ory, client) = start().await;
    let hash = "$argon2id$v=19$m=32,t=2,p=4$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5";
    let body = json!({"schema_id": "default", "traits": {"email": EMAIL},
        "credentials": {"password": {"config": {"hashed_password": hash}}}});
    client.admin_create_identity().json_body(body).send().await.unwrap();
    for body in [
        json!({"method": "password", "identifier": EMAIL, "password": "x"}),
        json!({"method": "passkey", "passkey_login": "{}"}),
        json!({"method": "oidc", "provider": "google"}),
    ] {
        let flow = client.initialize_self_service_login_flow_without_browser().send().await.unwrap();
        let submit = client.submit_self_service_login_flow().flow(flow.id.to_string()).json_body(body.clone());
        let refused = submit.send().await.unwrap_err();
        assert_eq!(refused.status(), Some(StatusCode::NOT_IMPLEMENTED), "{body}");
        assert!(refused.reason().unwrap().starts_with("the stand-in does not serve"), "{refused}");
    }
}

#[tokio::test]
async fn a_session_as_a_jwt_is_signed_by_the_key_of_its_template() {
    let (ory, client) = start().await;
    let ada = ory.sign_in(EMAIL);
    let signed_in = client.with_session_token(ada.token());
    let refused = signed_in.to_session().tokenize_as("my-api").send().await.unwrap_err();
    assert_eq!(refused.status(), Some(StatusCode::BAD_REQUEST));

    ory.cacheable_sessions(Duration::from_secs(60));
    ory.tokenizer("my-api", Duration::from_secs(90));
    let session = signed_in.to_session().tokenize_as("my-api").send().await.unwrap();
    assert!(!session.headers().contains_key("ory-session-cache-for"));
    let token = session.tokenized.as_ref().unwrap().expose().to_owned();
    let parts: Vec<Value> = token.split('.').take(2).map(part).collect();
    let [header, claims] = parts.as_slice() else { panic!("{token}") };
    assert_eq!((&header["alg"], &header["typ"]), (&json!("ES256"), &json!("JWT")));
    assert_eq!(header["kid"], ory.tokenizer_keys()["keys"][0]["kid"]);
    let names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["exp", "iat", "iss", "jti", "nbf", "sid", "sub"]);
    assert_eq!(claims["iss"], format!("{}/", ory.url()));
    assert_eq!(claims["sid"], json!(ada.session_id()));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 90);
}

/// The nodes of other methods are as recorded, but for what their scripts make of them.
#[tokio::test]
async fn passkeys_can_be_drawn() {
    let replay = Replay::start("kratos-26.2.0").await;
    replay.stand_in.show_passkeys();
    let client = replay.stand_in.client_builder().build().unwrap();
    let flow = client.initialize_self_service_login_flow_for_browsers().send().await.unwrap();
    let here: Value = serde_json::from_slice(flow.raw_body()).unwrap();
    let recorded = replay.recorded("initializeSelfServiceLoginFlowForBrowsers.ok").response.body.clone();
    let Some(Body::Json(recorded)) = recorded else { panic!("no flow") };
    let nodes = |flow: &Value| -> Vec<(Value, BTreeSet<String>)> {
        let nodes = flow["ui"]["nodes"].as_array().unwrap().iter();
        let drawn = nodes.filter(|node| ["passkey", "webauthn"].iter().any(|group| node["group"] == *group));
        let shape = |node: &Value| {
            let attributes = &node["attributes"];
            let what = json!([
                node["type"],
                node["group"],
                node["meta"],
                attributes["name"],
                attributes["type"],
                attributes["onclick"],
                attributes["onload"],
                attributes["onclickTrigger"],
                attributes["onloadTrigger"],
            ]);
            (what, attributes.as_object().unwrap().keys().cloned().collect())
        };
        let mut found: Vec<(Value, BTreeSet<String>)> = drawn.map(shape).collect();
        found.sort_by_key(|(what, _)| what.to_string());
        found
    };
    assert_eq!(nodes(&here), nodes(&recorded));
    let groups = |flow: &Value| -> Vec<Value> {
        flow["ui"]["nodes"].as_array().unwrap().iter().map(|node| node["group"].clone()).collect()
    };
    assert_eq!(groups(&here), groups(&recorded));

    // A browser runs the script only if the hash is its own.
    let script = client.get_web_authn_java_script().send().await.unwrap().into_body();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, script.as_bytes());
    let script = here["ui"]["nodes"].as_array().unwrap().iter().find(|node| node["type"] == "script").unwrap();
    assert_eq!(script["attributes"]["integrity"], format!("sha512-{}", BASE64_STANDARD.encode(hash)));
}

/// A part of a JWT, as JSON.
fn part(text: &str) -> Value {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let (ory, client) = start().await;
    let builder = ory.person(EMAIL).password("a-Long-passw0rd!").totp();
    assert!(!format!("{builder:?}").contains("passw0rd"));
    builder.create();
    let session = ory.sign_in(EMAIL);
    assert!(!format!("{session:?}").contains(session.token().expose().strip_prefix("ory_st_").unwrap()));
    let flow = client.initialize_self_service_login_flow_without_browser().send().await.unwrap();
    let body = json!({"method": "code", "identifier": EMAIL});
    client.submit_self_service_login_flow().flow(flow.id.to_string()).json_body(body).send().await.unwrap_err();
    let messages = ory.messages();
    assert!(!format!("{messages:?}").contains(messages[0].code().unwrap().expose()), "{messages:?}");
}
