//! Changes of one part of an OAuth2 client: the lifespans of its tokens, and its secret.

use ory_sdk::ErrorKind;
use ory_sdk::types::OAuth2ClientTokenLifespans;
use serde_json::json;

use super::{ACCESS, JSON, Reply, Seen, Wire};

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();

    // The server writes durations its own way.
    wire.json(
        "setOAuth2ClientLifespans",
        json!({"client_id": "id-1", "authorization_code_grant_access_token_lifespan": "1h30m0s",
            "jwt_bearer_grant_access_token_lifespan": null}),
    );
    let body = OAuth2ClientTokenLifespans::builder()
        .authorization_code_grant_access_token_lifespan("1.5h")
        .authorization_code_grant_id_token_lifespan("2h")
        .authorization_code_grant_refresh_token_lifespan("3h")
        .client_credentials_grant_access_token_lifespan("4h")
        .device_authorization_grant_access_token_lifespan("5h")
        .device_authorization_grant_id_token_lifespan("6h")
        .device_authorization_grant_refresh_token_lifespan("7h")
        .implicit_grant_access_token_lifespan("8h")
        .implicit_grant_id_token_lifespan("9h")
        .jwt_bearer_grant_access_token_lifespan("10h")
        .refresh_token_grant_access_token_lifespan("500ms")
        .refresh_token_grant_id_token_lifespan("12h")
        .refresh_token_grant_refresh_token_lifespan("13h");
    let changed = client.set_oauth2_client_lifespans().id("id/1").body(body).send().await.unwrap();
    wire.saw(
        "PUT /hydra-admin/admin/clients/id%2F1/lifespans",
        &[ACCESS, JSON],
        concat!(
            r#"{"authorization_code_grant_access_token_lifespan":"1.5h","#,
            r#""authorization_code_grant_id_token_lifespan":"2h","#,
            r#""authorization_code_grant_refresh_token_lifespan":"3h","#,
            r#""client_credentials_grant_access_token_lifespan":"4h","#,
            r#""device_authorization_grant_access_token_lifespan":"5h","#,
            r#""device_authorization_grant_id_token_lifespan":"6h","#,
            r#""device_authorization_grant_refresh_token_lifespan":"7h","#,
            r#""implicit_grant_access_token_lifespan":"8h","implicit_grant_id_token_lifespan":"9h","#,
            r#""jwt_bearer_grant_access_token_lifespan":"10h","refresh_token_grant_access_token_lifespan":"500ms","#,
            r#""refresh_token_grant_id_token_lifespan":"12h","refresh_token_grant_refresh_token_lifespan":"13h"}"#,
        ),
    );
    assert_eq!(changed.authorization_code_grant_access_token_lifespan.as_deref(), Some("1h30m0s"));
    // What is left out is cleared, so an empty body clears all.
    client.set_oauth2_client_lifespans().id("id-1").body_map(|body| body).send().await.unwrap();
    wire.saw("PUT /hydra-admin/admin/clients/id-1/lifespans", &[ACCESS, JSON], "{}");

    wire.json("rotateOAuth2ClientSecret", json!({"client_id": "id-1", "client_secret": "s3cret"}));
    let rotated = client.rotate_oauth2_client_secret().id("id 1").send().await.unwrap();
    wire.saw("POST /hydra-admin/admin/clients/id%201/secrets/rotate", &[ACCESS], "");
    assert_eq!(rotated.client_secret.as_ref().unwrap().expose(), "s3cret");
    assert!(!format!("{rotated:?}").contains("s3cret"));

    wire.json("deleteRotatedOAuth2ClientSecrets", json!({"client_id": "id-1"}));
    let ended = client.delete_rotated_oauth2_client_secrets().id("id-1").send().await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/clients/id-1/secrets/rotate", &[ACCESS], "");
    assert_eq!((ended.status().as_u16(), ended.client_id.as_deref()), (200, Some("id-1")));

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

/// Here the sentence stands where a word is expected.
#[tokio::test]
async fn a_lifespan_that_is_none() {
    let mut wire = Wire::new().await;
    let body = json!({"error": "The request was malformed or contained invalid parameters",
        "error_description": "Unable to decode the request body: time: unknown unit \"d\""});
    wire.replies("setOAuth2ClientLifespans", Reply::json(400, &body));
    let call = wire.client.set_oauth2_client_lifespans().id("id-1");
    let error = call.body_map(|body| body.implicit_grant_id_token_lifespan("1d")).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 400));
    assert!(error.to_string().contains("The request was malformed or contained invalid parameters"), "{error}");
}
