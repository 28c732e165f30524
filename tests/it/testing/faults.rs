//! Faults on demand, as a client sees them, and the record of the calls.

use std::time::{Duration, Instant};

use http::StatusCode;
use ory_sdk::testing::{Fault, StandIn};
use ory_sdk::{Client, ErrorKind};
use serde_json::json;

fn once(stand_in: &StandIn) -> Client {
    stand_in.client_builder().retry(ory_sdk::retry::Retry::off()).build().unwrap()
}

#[tokio::test]
async fn a_status_comes_as_often_as_asked() {
    let stand_in = StandIn::start().await.unwrap();
    let client = once(&stand_in);
    stand_in
        .fail("toSession", Fault::status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "7").times(2))
        .unwrap();
    for _ in 0..2 {
        let error = client.to_session().send().await.unwrap_err();
        assert_eq!(error.status(), Some(StatusCode::TOO_MANY_REQUESTS));
        assert_eq!(error.headers()["retry-after"], "7");
    }
    assert!(client.to_session().send().await.unwrap_err().is_unauthorized());
    // Another operation was never affected.
    assert!(client.admin_list_identities().send().await.is_ok());
}

#[tokio::test]
async fn a_gateway_answers_in_html() {
    let stand_in = StandIn::start().await.unwrap();
    stand_in.fail("to_session", Fault::status(StatusCode::BAD_GATEWAY).html()).unwrap();
    let error = once(&stand_in).to_session().send().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(error.headers()["content-type"], "text/html");
    assert!(error.body().starts_with(b"<html>"), "{error:?}");
}

#[tokio::test]
async fn a_lost_response_had_its_effect_and_a_closed_connection_had_none() {
    let stand_in = StandIn::start().await.unwrap();
    let client = once(&stand_in);
    let create = async |email: &str| {
        let body = json!({"schema_id": "default", "traits": {"email": email}});
        client.admin_create_identity().json_body(body).send().await
    };
    stand_in.fail("admin_create_identity", Fault::closed()).unwrap();
    assert_eq!(create("none@example.org").await.unwrap_err().kind(), ErrorKind::Transport);
    stand_in.fail("admin_create_identity", Fault::lost()).unwrap();
    assert_eq!(create("made@example.org").await.unwrap_err().kind(), ErrorKind::Transport);
    let all = client.admin_list_identities().send().await.unwrap();
    let emails: Vec<_> = all.iter().map(|one| one.traits.as_ref().unwrap()["email"].clone()).collect();
    assert_eq!(emails, ["made@example.org"]);
    let calls = stand_in.calls_of("admin_create_identity").unwrap();
    assert_eq!(calls.iter().map(|call| call.status()).collect::<Vec<_>>(), [None, None]);
}

#[tokio::test]
async fn a_cut_body_is_an_error_that_keeps_what_came() {
    let stand_in = StandIn::start().await.unwrap();
    stand_in.fail("discover_oidc_configuration", Fault::cut()).unwrap();
    let client = once(&stand_in);
    let error = client.discover_oidc_configuration().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    let whole = client.discover_oidc_configuration().send().await.unwrap();
    let part = error.body();
    assert_eq!(part.len(), whole.raw_body().len() / 2);
}

#[tokio::test]
async fn a_slow_response_arrives_late() {
    let stand_in = StandIn::start().await.unwrap();
    let wait = Duration::from_millis(80);
    stand_in.fail("to_session", Fault::slow(wait)).unwrap();
    let start = Instant::now();
    assert!(once(&stand_in).to_session().send().await.unwrap_err().is_unauthorized());
    assert!(start.elapsed() >= wait);
    stand_in.fail("to_session", Fault::slow(Duration::from_secs(60))).unwrap();
    let hasty = once(&stand_in).to_session().timeout(Duration::from_millis(50)).send().await.unwrap_err();
    assert!(hasty.is_timeout(), "{hasty}");
}

#[tokio::test]
async fn faults_happen_in_order_until_healed() {
    let stand_in = StandIn::start().await.unwrap();
    let client = once(&stand_in);
    stand_in.fail("to_session", Fault::status(StatusCode::BAD_GATEWAY)).unwrap();
    stand_in.fail("to_session", Fault::status(StatusCode::GATEWAY_TIMEOUT).always()).unwrap();
    stand_in.fail_all(Fault::closed().times(0));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(client.to_session().send().await.unwrap_err().status().unwrap().as_u16());
    }
    assert_eq!(statuses, [502, 504, 504]);
    stand_in.clear_faults();
    assert!(client.to_session().send().await.unwrap_err().is_unauthorized());
    stand_in.fail_all(Fault::closed());
    assert_eq!(client.admin_list_identities().send().await.unwrap_err().kind(), ErrorKind::Transport);
}

#[test]
fn debug_shows_no_response() {
    let fault = Fault::status(StatusCode::OK).header("set-cookie", "a-secret").body("text/plain", "another-secret");
    let shown = format!("{:?}", fault.times(2));
    assert!(shown.contains("200 OK") && shown.contains("Some(2)"), "{shown}");
    assert!(!shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn a_misspelt_operation_is_refused() {
    let stand_in = StandIn::start().await.unwrap();
    let why = stand_in.fail("to_sesion", Fault::closed()).unwrap_err().to_string();
    assert_eq!(why, "expected the name of an operation, such as `to_session`, but got \"to_sesion\"");
    assert_eq!(stand_in.calls_of("to_sesion").unwrap_err().to_string(), why);
}

#[tokio::test]
async fn calls_hold_what_was_sent_and_show_no_secret() {
    let stand_in = StandIn::start().await.unwrap();
    let client = once(&stand_in);
    let body = json!({"schema_id": "default", "traits": {"email": "ada@example.org"},
        "credentials": {"password": {"config": {"password": "a-Long-passw0rd!"}}}});
    client.admin_create_identity().json_body(body.clone()).send().await.unwrap();
    let with_token = client.with_session_token("ory_st_secret");
    with_token.to_session().tokenize_as("a-template").send().await.unwrap_err();

    let calls = stand_in.calls();
    let [create, whoami] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!((create.method(), create.path()), (&http::Method::POST, "/admin/identities"));
    assert_eq!(create.operation().unwrap().name, "admin_create_identity");
    assert_eq!((create.json(), create.status()), (Some(body), Some(StatusCode::CREATED)));
    assert_eq!(whoami.headers()["x-session-token"], "ory_st_secret");
    assert_eq!(whoami.query("tokenize_as"), Some("a-template"));
    assert_eq!(whoami.status(), Some(StatusCode::UNAUTHORIZED));
    let shown = format!("{calls:?}");
    for secret in ["a-Long-passw0rd!", "ory_st_secret", "a-template", "ada@example.org"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("admin_create_identity") && shown.contains("x-session-token"), "{shown}");
    assert_eq!(stand_in.calls_of("to_session").unwrap().len(), 1);
}

#[tokio::test]
async fn the_record_of_the_calls_is_bounded() {
    let stand_in = StandIn::start().await.unwrap();
    let client = once(&stand_in);
    let large = "x".repeat(1_000_000);
    for _ in 0..70 {
        let _ = client.admin_create_identity().json_body(json!({"schema_id": large, "traits": {}})).send().await;
    }
    let kept = stand_in.calls();
    let bytes: usize = kept.iter().map(|call| call.body().len()).sum();
    assert!(kept.len() < 70 && bytes <= 64 << 20, "{} calls, {bytes} bytes", kept.len());
    assert!(bytes > 60 << 20, "the latest are kept: {bytes} bytes");
}

#[tokio::test]
async fn other_machines_may_name_any_host_if_they_can_reach_it() {
    let stand_in = StandIn::builder().address(([0, 0, 0, 0], 0)).start().await.unwrap();
    let port = stand_in.url().rsplit(':').next().unwrap();
    let url = format!("http://127.0.0.1:{port}/health/alive");
    let named = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = named.get(url).header("host", "ory.test").send().await.unwrap();
    assert_eq!(response.status(), 200);
}
