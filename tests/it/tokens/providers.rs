//! A client whose access token comes from here.

use std::sync::Arc;

use ory_sdk::Client;
use ory_sdk::testing::{Fault, StandIn};
use serde_json::json;

use super::support::{Hydra, refusal, service};
use crate::support::server::{Reply, Server};

#[tokio::test]
async fn a_client_gets_its_tokens_here() {
    let ory = StandIn::start().await.unwrap();
    let tokens = service(&ory).await;
    let client = ory.client_builder().access_token_provider(tokens.clone()).build().unwrap();
    client.admin_list_identities().await.unwrap();
    client.admin_list_identities().await.unwrap();
    let listed = ory.calls_of("admin_list_identities").unwrap();
    let sent = |call: &ory_sdk::testing::Call| call.headers()["authorization"].to_str().unwrap().to_owned();
    let token = format!("Bearer {}", tokens.token().await.unwrap().expose());
    assert!(listed.len() == 2 && listed.iter().all(|call| sent(call) == token));
    assert_eq!(ory.calls_of("perform_oauth2_token_flow").unwrap().len(), 1);

    // After a 401, one other token, and the call succeeds.
    ory.fail("admin_list_identities", Fault::status(http::StatusCode::UNAUTHORIZED)).unwrap();
    client.admin_list_identities().await.unwrap();
    assert_eq!(ory.calls_of("perform_oauth2_token_flow").unwrap().len(), 2);
    let listed = ory.calls_of("admin_list_identities").unwrap();
    assert_eq!((listed.len(), sent(&listed[2]) == token, sent(&listed[3]) == token), (4, true, false));
}

#[tokio::test]
async fn a_server_that_refuses_every_token_does_not_storm_hydra() {
    let hydra = Hydra::of_life(3600).await;
    let server = Server::always(Reply::json(401, &json!({"error": {"code": 401}}))).await;
    let provider = Arc::new(hydra.credentials());
    let client = Client::builder().kratos_admin_url(server.url()).access_token_provider(provider).build().unwrap();
    let clock = crate::sessions::support::StoppedClock::stop();
    for _ in 0..20 {
        assert!(client.admin_list_identities().send().await.unwrap_err().is_unauthorized());
    }
    assert_eq!(hydra.calls(), 2);
    clock.advance(1.0).await;
    assert!(client.admin_list_identities().send().await.unwrap_err().is_unauthorized());
    assert_eq!(hydra.calls(), 3);
}

#[tokio::test]
async fn a_client_without_a_token_says_why() {
    let hydra = Hydra::start(|_, _| refusal(401, "invalid_client")).await;
    let server = Server::always(Reply::json(200, &json!([]))).await;
    let builder = Client::builder().kratos_admin_url(server.url()).access_token_provider(hydra.credentials());
    let error = builder.build().unwrap().admin_list_identities().send().await.unwrap_err();
    assert!(error.to_string().contains("the token provider failed"), "{error}");
    assert!(error.to_string().contains("invalid_client"), "{error}");
    assert!(server.seen().is_empty());
}
