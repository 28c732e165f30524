//! Responses of the feature `axum`: errors, refusals and relayed responses.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::get;
use http::{Method, StatusCode};
use ory_sdk::sessions::Refusal;
use ory_sdk::testing::{Fault, StandIn};
use ory_sdk::web::axum::Relay;
use ory_sdk::{Client, Error};
use serde_json::Value;

use super::service::{send, serve};

async fn login(State(ory): State<Client>, headers: HeaderMap) -> Result<impl IntoResponse, Error> {
    Ok(Relay(ory.forwarding(&headers).initialize_self_service_login_flow_for_browsers().await?))
}

async fn session(State(ory): State<Client>, headers: HeaderMap) -> Result<String, Error> {
    Ok(ory.forwarding(&headers).to_session().await?.id.to_string())
}

async fn identity(State(ory): State<Client>) -> Result<String, Error> {
    Ok(ory.admin_get_identity().id("8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6").await?.id.to_string())
}

async fn unset(State(_): State<Client>) -> Result<(), Error> {
    let client = Client::builder().hydra_public_url("http://127.0.0.1:1").build().unwrap();
    client.to_session().await.map(drop)
}

async fn start() -> (StandIn, String) {
    let ory = StandIn::start().await.unwrap();
    let client = ory.client_builder().retry(ory_sdk::retry::Retry::off()).build().unwrap();
    let app = Router::new()
        .route("/login", get(login))
        .route("/session", get(session))
        .route("/identity", get(identity))
        .route("/unset", get(unset))
        .route("/refusal", get(|| async { Refusal::Nobody }))
        .with_state(client);
    (ory, serve(app).await)
}

#[tokio::test]
async fn a_flow_is_relayed_with_its_cookies() {
    let (_ory, url) = start().await;
    let answer = send(&format!("{url}/login"), Method::GET, &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let flow: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(flow["ui"]["nodes"].is_array(), "{flow}");
    assert!(answer.header("set-cookie").unwrap().starts_with("csrf_token_"));
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
}

#[tokio::test]
async fn errors_are_responses() {
    let (ory, url) = start().await;
    let get = async |path: &str| {
        let answer = send(&format!("{url}{path}"), Method::GET, &[]).await;
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        (answer.status.as_u16(), body, answer.header("retry-after").map(str::to_owned))
    };
    let (status, body, _) = get("/session").await;
    assert_eq!((status, &body["error"]["code"]), (401, &401.into()), "{body}");
    assert_eq!(get("/identity").await.0, 404);
    assert_eq!(get("/unset").await.0, 500);
    let (status, body, _) = get("/refusal").await;
    assert_eq!((status, &body["error"]["id"]), (401, &"session_inactive".into()));
    let faults = [
        (Fault::status(StatusCode::BAD_GATEWAY).html(), 503, Some("1")),
        (Fault::status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "9"), 503, Some("9")),
        (Fault::status(StatusCode::FORBIDDEN).html(), 503, Some("1")),
        (Fault::closed(), 503, Some("1")),
        (Fault::status(StatusCode::OK).html(), 503, Some("1")),
    ];
    for (fault, expected, wait) in faults {
        ory.fail("admin_get_identity", fault).unwrap();
        let (status, body, retry_after) = get("/identity").await;
        assert_eq!((status, retry_after.as_deref()), (expected, wait));
        assert!(!body.to_string().contains("html"), "{body}");
    }
    // The service has the wrong token: the person did nothing wrong.
    ory.fail("admin_get_identity", Fault::status(StatusCode::UNAUTHORIZED)).unwrap();
    assert_eq!(get("/identity").await.0, 500);
}
