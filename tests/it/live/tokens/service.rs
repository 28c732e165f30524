//! Tokens of a service for itself.

use axum::Router;
use axum::routing::get;
use ory_sdk::Client;
use ory_sdk::contract::Endpoint;
use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::jwt::axum::Bearer;
use ory_sdk::jwt::{Bearers, Refusal};
use ory_sdk::tokens::{ClientAuth, ClientCredentials, TokenErrorKind};
use serde_json::json;

use crate::live::scene::{API, alone};

async fn stock(Bearer(token): Bearer) -> Result<String, Refusal> {
    token.require_scope("orders.read")?;
    Ok(format!("{:?}", token.client_id()))
}

/// A client of this crate calls a service with tokens of Hydra, and gets another one when that is refused.
#[tokio::test]
#[ignore = "needs the servers of live::tokens"]
async fn a_provider_of_tokens() {
    alone(|scene| async move {
        let service = scene.service("provider", json!({"access_token_strategy": "opaque"})).await;
        let asked = ory_sdk::jwt::Introspection::builder(&scene.client).audience(API).build().unwrap();
        let app = Router::new().route("/stock", get(stock)).with_state(Bearers::of(asked));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(axum::serve(listener, app).into_future());

        let tokens = service.tokens();
        let caller = Client::builder().kratos_admin_url(&url).access_token_provider(tokens.clone()).build().unwrap();
        let call = || caller.request(http::Method::GET, Endpoint::KratosAdmin, "/stock").send();
        assert_eq!(call().await.unwrap().status(), 200);
        let first = tokens.token().await.unwrap();
        // Revoked by somebody else: the client asks for another one by itself.
        let own = scene.client.with_client_credentials(&service.id, &service.secret);
        own.revoke_oauth2_token().body_map(|body| body.token(&first)).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        assert_eq!(call().await.unwrap().status(), 200);
        assert!(tokens.token().await.unwrap() != first);
        server.abort();
    })
    .await;
}

#[tokio::test]
#[ignore = "needs the servers of live::tokens"]
async fn scope_and_audience() {
    alone(|scene| async move {
        let service = scene.service("scope", json!({})).await;
        let check = async |tokens: ClientCredentials| {
            let sent = tokens.token().await.unwrap();
            let any = ory_sdk::jwt::AccessTokens::builder(&scene.keys()).issuer(&scene.issuer).any_audience();
            any.build().unwrap().check(sent.expose()).await.unwrap()
        };
        let one = check(service.tokens_with(&["orders.read"], &[API])).await;
        assert_eq!((one.scopes(), one.audience()), (&["orders.read".to_owned()][..], &[API.to_owned()][..]));
        // Without a request for scopes, the server's `default_grant_allowed_scope` decides: none, or all.
        let none = check(service.tokens_with(&[], &[])).await;
        let all = ["orders.read".to_owned(), "orders.write".to_owned()];
        println!("without a scope in the request: {:?}", none.scopes());
        assert!(none.scopes().is_empty() || none.scopes() == all, "{:?}", none.scopes());
        assert!(none.audience().is_empty());

        for (scope, audience, code) in [
            ("orders.delete", API, OAuth2ErrorCode::InvalidScope),
            ("orders.read", "https://else.example.org", OAuth2ErrorCode::InvalidRequest),
        ] {
            let error = service.tokens_with(&[scope], &[audience]).token().await.unwrap_err();
            assert_eq!((error.kind(), error.oauth2_error()), (TokenErrorKind::Refused, Some(code)), "{error}");
        }
        let stranger = ClientCredentials::builder(&scene.client).client_id(&service.id).client_secret("wrong");
        let error = stranger.build().unwrap().token().await.unwrap_err();
        assert_eq!(error.oauth2_error(), Some(OAuth2ErrorCode::InvalidClient), "{error}");
        assert_eq!(error.kind(), TokenErrorKind::Refused);

        // The secret in the form.
        let (id, secret) = {
            let body =
                json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_post"});
            scene.register("post", body).await
        };
        let builder = ClientCredentials::builder(&scene.client).client_id(id).client_secret(secret);
        builder.client_auth(ClientAuth::Post).build().unwrap().token().await.unwrap();
    })
    .await;
}
