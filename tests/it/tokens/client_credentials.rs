//! Tokens of a service for itself, at the stand-in.

use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::testing::StandIn;
use ory_sdk::tokens::{ClientAuth, ClientCredentials, TokenErrorKind};
use serde_json::json;

use super::support::{Hydra, register, service};
use crate::support::server::Reply;

#[tokio::test]
async fn the_token_is_what_was_asked_for() {
    let ory = StandIn::start().await.unwrap();
    let client = ory.client_builder().build().unwrap();
    let tokens = service(&ory).await;
    let introspect = async |token: ory_sdk::Secret| {
        client.admin_introspect_oauth2_token().body_map(|body| body.token(&token)).await.unwrap().into_body()
    };
    let token = introspect(tokens.token().await.unwrap()).await;
    assert_eq!((token.active, token.scope.as_deref()), (true, Some("read")));

    let changes = json!({"token_endpoint_auth_method": "client_secret_post"});
    let (id, secret) = register(&client, changes).await;
    let builder = || ClientCredentials::builder(&client).client_id(&id).client_secret(secret.clone().unwrap());
    let post = builder().client_auth(ClientAuth::Post).audience(["https://api.example"]).build().unwrap();
    let token = introspect(post.token().await.unwrap()).await;
    assert_eq!(token.aud, ["https://api.example"]);

    let refused = [
        (builder().build(), OAuth2ErrorCode::InvalidClient),
        (builder().client_auth(ClientAuth::Post).client_secret("wrong").build(), OAuth2ErrorCode::InvalidClient),
        (builder().client_auth(ClientAuth::Post).scope(["admin"]).build(), OAuth2ErrorCode::InvalidScope),
        (builder().client_auth(ClientAuth::Post).audience(["other"]).build(), OAuth2ErrorCode::InvalidRequest),
    ];
    for (tokens, code) in refused {
        let error = tokens.unwrap().token().await.unwrap_err();
        assert_eq!((error.kind(), error.oauth2_error()), (TokenErrorKind::Refused, Some(code)), "{error}");
        assert!(error.call().is_some() && std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn responses_that_are_no_tokens() {
    let cases = [
        (json!({}), "access_token"),
        (json!({"access_token": ""}), "access_token"),
        (json!({"access_token": "a\nb"}), "access_token"),
        (json!({"access_token": 7}), "access_token"),
        (json!({"access_token": "a", "token_type": "mac"}), "token_type"),
        (json!({"access_token": "a", "expires_in": "soon"}), "expires_in"),
        (json!({"access_token": "a", "expires_in": [1]}), "expires_in"),
    ];
    for (body, field) in cases {
        let reply = Reply::json(200, &body);
        let hydra = Hydra::start(move |_, _| reply.clone()).await;
        let error = hydra.credentials().token().await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::Unexpected, "{body}");
        assert!(error.to_string().contains(field), "{body}: {error}");
    }
    let good = [
        json!({"access_token": "a"}),
        json!({"access_token": "a", "token_type": "BEARER", "expires_in": null, "scope": null, "refresh_token": null}),
        json!({"access_token": "a", "token_type": "", "expires_in": 1e300, "more": {}}),
    ];
    for body in good {
        let reply = Reply::json(200, &body);
        let hydra = Hydra::start(move |_, _| reply.clone()).await;
        let tokens = hydra.credentials();
        let value = tokens.authorization().await.unwrap();
        assert!(value == "Bearer a" && value.is_sensitive());
    }
    for (reply, kind) in [
        (Reply::new(302, &[("Location", "https://elsewhere/?x=hunter2")], ""), TokenErrorKind::Unexpected),
        (Reply::new(404, &[], "404 page not found"), TokenErrorKind::Unexpected),
        (Reply::new(200, &[], "<html>"), TokenErrorKind::Unexpected),
        (Reply::new(500, &[], "<html>"), TokenErrorKind::Unavailable),
    ] {
        let hydra = Hydra::start(move |_, _| reply.clone()).await;
        assert_eq!(hydra.credentials().token().await.unwrap_err().kind(), kind);
    }
}
