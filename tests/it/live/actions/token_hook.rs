//! Hydra's hook of tokens: keep, set, refuse, fail.

use std::sync::{Arc, Mutex};

use ory_sdk::actions::{TokenClaims, TokenDecision};
use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::jwt::IdTokenCheck;
use ory_sdk::tokens::{RefreshTokens, TokenErrorKind};
use serde_json::json;

use crate::live::hooks::KEY;
use crate::live::scene::{API, alone};

/// A service that gets tokens for itself.
#[tokio::test]
#[ignore = "needs the servers of live::actions"]
async fn client_credentials() {
    alone(|scene| async move {
        let service = scene.service("hook", json!({})).await;
        let ids = service.id.clone();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&seen);
        scene.hooks.on_token(move |call| {
            note.lock().unwrap().push(call.clone());
            Ok(TokenDecision::Keep)
        });
        let tokens = scene.access_tokens();
        let token = tokens.check(service.token().await.expose()).await.unwrap();
        assert!(token.ext().is_none_or(serde_json::Map::is_empty), "{:?}", token.ext());
        {
            let seen = seen.lock().unwrap();
            let [call] = &seen[..] else { panic!("{} calls", seen.len()) };
            assert_eq!((&call.request.client_id, &call.session.client_id), (&ids, &ids));
            assert_eq!((&call.session.subject, call.request.has_grant_type("client_credentials")), (&ids, true));
            assert_eq!(call.request.granted_scopes, ["orders.read", "orders.write"]);
            assert_eq!(call.request.granted_audience, [API]);
            assert!(call.session.expires_at.contains_key("access_token"), "{:?}", call.session.expires_at);
            assert_eq!((call.trigger_id(), call.request_id()), (None, None));
        }

        // An integer of 53 bits stays what it is.
        scene.hooks.on_token(|call| {
            let claims = call.claims().set_access("tenant", 42).set_access("large", 9_007_199_254_740_991_i64);
            Ok(claims.set_access("sub", "somebody-else").into())
        });
        let token = tokens.check(service.token().await.expose()).await.unwrap();
        let ext = token.ext().unwrap();
        assert_eq!((&ext["tenant"], &ext["large"]), (&json!(42), &json!(9_007_199_254_740_991_i64)));
        assert_eq!(token.subject(), service.id, "Hydra's own claims cannot be changed");

        scene.hooks.answered("/token");
        scene.hooks.on_token(|_| Ok(TokenDecision::Refuse));
        let error = service.tokens().token().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.oauth2_error()),
            (TokenErrorKind::Refused, Some(OAuth2ErrorCode::AccessDenied))
        );
        assert_eq!(error.call().unwrap().status().unwrap(), 403);
        assert_eq!(scene.hooks.answered("/token"), [403]);
    })
    .await;
}

/// A wrong key and a handler that fails are no refusals: the client sees that something is broken.
#[tokio::test]
#[ignore = "needs the servers of live::actions"]
async fn a_service_that_fails() {
    alone(|scene| async move {
        let service = scene.service("hook-fails", json!({})).await;
        scene.hooks.expect_key("another-key");
        let once = scene.client.with_client_credentials(&service.id, &service.secret);
        let call = || once.perform_oauth2_token_flow().body_map(|body| body.grant_type("client_credentials")).send();
        let error = call().await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.oauth2_error()), (500, Some(OAuth2ErrorCode::ServerError)));
        println!("a wrong key: {:?}", scene.hooks.answered("/token"));
        let error = service.tokens().token().await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::Unavailable, "{error}");

        scene.hooks.expect_key(KEY);
        scene.hooks.answered("/token");
        scene.hooks.on_token(|_| Err("the database is away".into()));
        let error = call().await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.oauth2_error()), (500, Some(OAuth2ErrorCode::ServerError)));
        assert!(!error.to_string().contains("database"), "{error}");
        let tries = scene.hooks.answered("/token");
        println!("a handler that fails: {tries:?}");
        assert!(tries.len() >= 3 && tries.iter().all(|status| *status == 500), "{tries:?}");

        scene.hooks.on_token(|_| Ok(TokenDecision::Keep));
        service.token().await;
    })
    .await;
}

/// A person who signs in, and refreshes.
#[tokio::test]
#[ignore = "needs the servers of live::actions"]
async fn a_code_and_a_refresh() {
    alone(|scene| async move {
        let app = scene.app("hook-code", json!({})).await;
        scene.hooks.on_token(|call| {
            let claims = call.claims().set_access("tenant", 42).set_access("plan", "hook");
            Ok(claims.set_id("department", "sales").set_id("plan", "hook").into())
        });
        let consent = json!({"access_token": {"plan": "consent"}, "id_token": {"plan": "consent"}});
        let tokens = app.sign_in(&scene.browser(), consent).await;
        let access = scene.access_tokens().check(tokens.access_token.expose()).await.unwrap();
        let ext = access.ext().unwrap();
        assert_eq!((&ext["tenant"], &ext["plan"]), (&json!(42), &json!("consent")), "the consent wins");
        let check = IdTokenCheck::new().nonce(tokens.nonce.clone().unwrap()).access_token(tokens.access_token.clone());
        let id = scene.id_tokens(&app.id).check(tokens.id_token.as_ref().unwrap().expose(), &check).await.unwrap();
        let found = (id.claim("department"), id.claim("plan"));
        assert_eq!(found, (Some(&json!("sales")), Some(&json!("consent"))));

        // What a hook refuses or breaks does not use up the refresh token.
        let builder = RefreshTokens::builder(&scene.client).client_id(&app.id).client_secret(app.secret.clone());
        let ada = builder.tokens(&tokens).store(|_| async { Ok::<_, std::io::Error>(()) }).build().unwrap();
        let pause = || tokio::time::sleep(std::time::Duration::from_millis(1_100));
        scene.hooks.on_token(|_| Ok(TokenDecision::Refuse));
        let error = ada.token_after(&tokens.access_token).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.oauth2_error()),
            (TokenErrorKind::Refused, Some(OAuth2ErrorCode::AccessDenied))
        );
        pause().await;
        scene.hooks.on_token(|_| Err("broken".into()));
        let error = ada.token_after(&tokens.access_token).await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::Unavailable, "{error}");
        pause().await;
        let seen = Arc::new(Mutex::new(None));
        let note = Arc::clone(&seen);
        scene.hooks.on_token(move |call| {
            *note.lock().unwrap() = Some(call.clone());
            Ok(TokenClaims::new().set_access("region", "north").into())
        });
        let sent = ada.token_after(&tokens.access_token).await.unwrap();
        let access = scene.access_tokens().check(sent.expose()).await.unwrap();
        assert_eq!(json!(access.ext()), json!({"region": "north"}), "a refresh replaces all");
        let call = seen.lock().unwrap().take().unwrap();
        assert!(call.request.has_grant_type("refresh_token") && call.session.subject == app.subject);
        assert!(call.session.authenticated_at.is_some() && call.session.issuer.is_some());
    })
    .await;
}
