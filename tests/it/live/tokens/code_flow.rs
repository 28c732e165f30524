//! People who sign in: the code flow, its ID token, and refresh tokens.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::digest::{self, SHA256, SHA512};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::jwt::{IdTokenCheck, InvalidToken, Refusal};
use ory_sdk::tokens::{PendingSignIn, RefreshTokens, TokenErrorKind, Tokens};
use serde_json::json;

use crate::live::scene::{App, Scene, alone, query};

const SET: &str = "hydra.openid.id-token";

#[tokio::test]
#[ignore = "needs the servers of live::tokens"]
async fn a_person_signs_in() {
    alone(|scene| async move {
        let app = scene.app("code", json!({})).await;
        let browser = scene.browser();
        let begun = app.flow.authorization_url().unwrap();
        let claims = json!({"id_token": {"plan": "free"}, "access_token": {"tenant": 9}});
        let callback = browser.allow(&begun.url, &app.subject, claims).await;
        // What the cookie of the browser brings back.
        let pending = PendingSignIn::parse(begun.pending.to_text().expose()).unwrap();
        let tokens = app.flow.finish(&pending, &query(&callback)).await.unwrap();
        assert_eq!(tokens.scope.as_deref(), Some("openid offline orders.read"));
        assert!(tokens.expires_in.unwrap() > Duration::from_secs(3500) && tokens.refresh_token.is_some());

        let check = IdTokenCheck::new().nonce(tokens.nonce.clone().unwrap()).access_token(tokens.access_token.clone());
        let sent = tokens.id_token.clone().unwrap();
        let ids = scene.id_tokens(&app.id);
        let id = ids.check(sent.expose(), &check.clone().max_age(Duration::from_secs(60))).await.unwrap();
        assert_eq!((id.subject(), id.claim("plan")), (app.subject.as_str(), Some(&json!("free"))));
        assert!(id.session_id().is_some() && id.signed_in_at().is_some());
        let access = scene.access_tokens().check(tokens.access_token.expose()).await.unwrap();
        assert_eq!((access.subject(), access.client_id()), (app.subject.as_str(), app.id.as_str()));
        assert!(!access.is_of_client() && access.has_scope("orders.read"));
        assert_eq!(access.ext().unwrap()["tenant"], 9);

        // Another nonce, another access token, another application, and each kind in place of the other.
        let other = app.sign_in(&browser, json!({})).await;
        for (what, check) in [
            ("nonce", IdTokenCheck::new().nonce("another")),
            ("at_hash", check.clone().access_token(other.access_token.clone())),
        ] {
            let refused = ids.check(sent.expose(), &check).await;
            assert!(matches!(&refused, Err(Refusal::Invalid(InvalidToken::Claim { name, .. })) if *name == what));
        }
        let refused = scene.id_tokens("another").check(sent.expose(), &check).await;
        assert!(matches!(refused, Err(Refusal::Invalid(InvalidToken::Audience))), "{refused:?}");
        let refused = ids.check(tokens.access_token.expose(), &check).await;
        assert!(matches!(refused, Err(Refusal::Invalid(InvalidToken::Kind { .. }))), "{refused:?}");
        let refused = scene.access_tokens().check(sent.expose()).await;
        assert!(matches!(refused, Err(Refusal::Invalid(InvalidToken::Kind { .. }))), "{refused:?}");

        // A code works once.
        let error = app.flow.finish(&pending, &query(&callback)).await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::SignInAgain, "{error}");
        // Nobody is signed in here, and the browser may not ask.
        let begun = app.flow.authorization_url_with(|options| options.prompt(["none"])).unwrap();
        let callback = scene.browser().open(&begun.url).await;
        let error = app.flow.finish(&begun.pending, &query(&callback)).await.unwrap_err();
        assert_eq!(error.oauth2_error(), Some(OAuth2ErrorCode::LoginRequired), "{error}");
    })
    .await;
}

/// ID tokens of each kind of key. Whatever it is, Hydra writes SHA-256 of the access token.
#[tokio::test]
#[ignore = "needs the servers of live::tokens"]
async fn id_tokens_of_other_keys() {
    alone(|scene| async move {
        let app = scene.app("id-keys", json!({})).await;
        for algorithm in ["ES256", "RS512", "EdDSA"] {
            let kid = scene.run.name(&format!("id-{}", algorithm.to_lowercase()));
            let made = scene.client.admin_create_json_web_key_set().set(SET);
            made.body_map(|body| body.alg(algorithm).use_("sig").kid(&kid)).await.unwrap();
            let tokens = app.sign_in(&scene.browser(), json!({})).await;
            let sent = tokens.id_token.as_ref().unwrap();
            let header = BASE64.decode(sent.expose().split('.').next().unwrap()).unwrap();
            let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
            assert_eq!((&header["alg"], &header["kid"]), (&json!(algorithm), &json!(kid)));
            let check = IdTokenCheck::new().nonce(tokens.nonce.clone().unwrap());
            let check = check.access_token(tokens.access_token.clone());
            let id = scene.id_tokens(&app.id).check(sent.expose(), &check).await.unwrap();
            let half = |hash| {
                let hash = digest::digest(hash, tokens.access_token.expose().as_bytes());
                json!(BASE64.encode(&hash.as_ref()[..hash.as_ref().len() / 2]))
            };
            let found = id.claim("at_hash").unwrap();
            println!("{algorithm}: at_hash is {}", if *found == half(&SHA256) { "SHA-256" } else { "another" });
            assert_eq!(*found, half(&SHA256), "{algorithm}: SHA-512 is {}", half(&SHA512));
            scene.client.admin_delete_json_web_key().set(SET).kid(&kid).await.unwrap();
        }
    })
    .await;
}

/// Refresh tokens of this application, and what its store got.
fn refreshing(scene: &Scene, app: &App, tokens: &Tokens) -> (RefreshTokens, Arc<Mutex<Vec<Tokens>>>) {
    let stored = Arc::new(Mutex::new(Vec::new()));
    let store = Arc::clone(&stored);
    let builder = RefreshTokens::builder(&scene.client).client_id(&app.id).client_secret(app.secret.clone());
    let built = builder.tokens(tokens).store(move |tokens| {
        store.lock().unwrap().push(tokens);
        async { Ok::<_, std::io::Error>(()) }
    });
    (built.build().unwrap(), stored)
}

/// Many callers refresh at once, several times. No refresh token comes twice, or Hydra would revoke them all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers of live::tokens"]
async fn refresh_tokens_rotate() {
    alone(|scene| async move {
        let app = scene.app("refresh", json!({"access_token_strategy": "opaque"})).await;
        let tokens = app.sign_in(&scene.browser(), json!({"access_token": {"tenant": 9}})).await;
        let (ada, stored) = refreshing(&scene, &app, &tokens);
        let mut last = ada.token().await.unwrap();
        assert!(last == tokens.access_token, "the token of the sign-in is used first");
        for round in 1..=3 {
            let callers: Vec<_> = (0..8)
                .map(|_| {
                    let (ada, last) = (ada.clone(), last.clone());
                    tokio::spawn(async move { ada.token_after(&last).await.unwrap() })
                })
                .collect();
            let mut got = Vec::new();
            for caller in callers {
                got.push(caller.await.unwrap());
            }
            assert!(got.iter().all(|token| *token == got[0] && *token != last), "round {round}");
            assert_eq!(stored.lock().unwrap().len(), round);
            let asked = scene.client.admin_introspect_oauth2_token().body_map(|body| body.token(&got[0]));
            let found = asked.await.unwrap();
            assert!(found.active, "round {round}");
            assert_eq!(found.ext.as_ref().unwrap()["tenant"], 9);
            let old = scene.client.admin_introspect_oauth2_token().body_map(|body| body.token(&last)).await.unwrap();
            assert!(!old.active, "Hydra revokes the access token before it");
            last = got.swap_remove(0);
            // At most one refresh a second.
            tokio::time::sleep(Duration::from_millis(1_100)).await;
        }

        // Whoever does send one twice loses them all.
        let (thief, _) = refreshing(&scene, &app, &tokens);
        let error = thief.token_after(&tokens.access_token).await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::SignInAgain, "{error}");
        let error = ada.token_after(&last).await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::SignInAgain, "{error}");
    })
    .await;
}
