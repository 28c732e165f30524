//! Access tokens at a resource server: both kinds, good ones and bad ones.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ory_sdk::jwt::axum::Bearer;
use ory_sdk::jwt::{AccessTokens, Bearers, Introspection, InvalidToken, Refusal};
use serde_json::{Value, json};

use crate::live::scene::{API, alone};

async fn orders(Bearer(token): Bearer) -> Result<String, Refusal> {
    token.require_scope("orders.read")?;
    Ok(format!("the orders of {}", token.subject()))
}

#[tokio::test]
#[ignore = "needs the servers of live::tokens"]
async fn jwt() {
    alone(|scene| async move {
        let service = scene.service("jwt", json!({})).await;
        let sent = service.token().await;
        let token = scene.access_tokens().check(sent.expose()).await.unwrap();
        assert_eq!((token.subject(), token.client_id()), (service.id.as_str(), service.id.as_str()));
        assert!(token.is_of_client() && token.expires_at().is_some());
        assert_eq!(
            (token.scopes(), token.audience()),
            (&["orders.read".into(), "orders.write".into()][..], &[API.into()][..])
        );

        // For others.
        let elsewhere = AccessTokens::builder(&scene.keys()).issuer(&scene.issuer).audience("https://else.example.org");
        let refused = elsewhere.build().unwrap().check(sent.expose()).await;
        assert!(matches!(refused, Err(Refusal::Invalid(InvalidToken::Audience))), "{refused:?}");
        let nobody = AccessTokens::builder(&scene.keys()).issuer("https://else.example.org").audience(API);
        let refused = nobody.build().unwrap().check(sent.expose()).await;
        assert!(matches!(refused, Err(Refusal::Invalid(InvalidToken::Issuer))), "{refused:?}");

        // Cut, forged, and signed by somebody else.
        let tokens = scene.access_tokens();
        let parts: Vec<&str> = sent.expose().split('.').collect();
        let mut claims: Value = serde_json::from_slice(&BASE64.decode(parts[1]).unwrap()).unwrap();
        claims["sub"] = "somebody-else".into();
        let forged = BASE64.encode(claims.to_string());
        let mut signature = BASE64.decode(parts[2]).unwrap();
        signature[7] ^= 1;
        for (what, bad) in [
            ("without its end", sent.expose()[..sent.expose().len() - 4].to_owned()),
            ("without a signature", format!("{}.{}.", parts[0], parts[1])),
            ("without a part", format!("{}.{}", parts[0], parts[1])),
            ("with other claims", format!("{}.{forged}.{}", parts[0], parts[2])),
            ("with another signature", format!("{}.{}.{}", parts[0], parts[1], BASE64.encode(signature))),
            ("unsigned", format!("{}.{forged}.", BASE64.encode(r#"{"alg":"none","typ":"JWT"}"#))),
        ] {
            assert!(matches!(tokens.check(&bad).await, Err(Refusal::Invalid(_))), "{what}");
        }
    })
    .await;
}

/// Both kinds at one resource server, and a token that is revoked.
#[tokio::test]
#[ignore = "needs the servers of live::tokens"]
async fn both_kinds_at_a_resource_server() {
    alone(|scene| async move {
        let jwt = scene.service("both-jwt", json!({"access_token_strategy": "jwt"})).await;
        let opaque = scene.service("both-opaque", json!({"access_token_strategy": "opaque"})).await;
        let asked = Introspection::builder(&scene.client).audience(API).build().unwrap();
        let kept = Introspection::builder(&scene.client).audience(API).max_age(Duration::from_secs(1)).build().unwrap();
        let bearers = Bearers::of(scene.access_tokens()).and(asked.clone());

        let app = Router::new().route("/orders", get(orders)).with_state(bearers.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/orders", listener.local_addr().unwrap());
        let server = tokio::spawn(axum::serve(listener, app).into_future());
        let http = reqwest::Client::new();
        for service in [&jwt, &opaque] {
            let response = http.get(&url).bearer_auth(service.token().await.expose()).send().await.unwrap();
            assert_eq!(response.status(), 200);
            assert_eq!(response.text().await.unwrap(), format!("the orders of {}", service.id));
            let poor = service.tokens_with(&["orders.write"], &[API]).token().await.unwrap();
            let response = http.get(&url).bearer_auth(poor.expose()).send().await.unwrap();
            assert_eq!(response.status(), 403);
            assert!(response.headers()["www-authenticate"].to_str().unwrap().contains("insufficient_scope"));
            let other = service.tokens_with(&["orders.read"], &[]).token().await.unwrap();
            let response = http.get(&url).bearer_auth(other.expose()).send().await.unwrap();
            assert_eq!(response.status(), 401, "a token without an audience");
        }
        assert_eq!(http.get(&url).send().await.unwrap().status(), 401);

        // Revoked: refused at once, or when the cached response is too old.
        let sent = opaque.token().await;
        assert!(sent.expose().starts_with("ory_at_"), "an opaque token");
        let token = kept.check(sent.expose()).await.unwrap();
        assert_eq!((token.subject(), token.client_id()), (opaque.id.as_str(), opaque.id.as_str()));
        assert!(bearers.check_token(sent.expose()).await.is_ok());
        let own = scene.client.with_client_credentials(&opaque.id, &opaque.secret);
        own.revoke_oauth2_token().body_map(|body| body.token(&sent)).await.unwrap();
        for check in [bearers.check_token(sent.expose()).await, asked.check(sent.expose()).await] {
            assert!(matches!(check, Err(Refusal::Invalid(InvalidToken::Inactive))), "{check:?}");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let check = kept.check(sent.expose()).await;
        assert!(matches!(check, Err(Refusal::Invalid(InvalidToken::Inactive))), "{check:?}");
        server.abort();
    })
    .await;
}
