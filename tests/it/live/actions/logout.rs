//! Hydra tells an application that a session has ended.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use ory_sdk::jwt::IdTokenCheck;
use ory_sdk::jwt::axum::BackChannelLogout;
use ory_sdk::jwt::{InvalidToken, LogoutToken, LogoutTokens, Refusal};
use serde_json::json;

use crate::live::scene::{App, Browser, Scene, alone_with};

/// The application's side. The verifier is there once the application is registered.
#[derive(Clone, Default)]
struct Site {
    tokens: Arc<Mutex<Option<LogoutTokens>>>,
    ended: Arc<Mutex<Vec<LogoutToken>>>,
}

impl FromRef<Site> for LogoutTokens {
    fn from_ref(site: &Site) -> Self {
        site.tokens.lock().unwrap().clone().expect("no application yet")
    }
}

async fn logout(State(site): State<Site>, BackChannelLogout(token): BackChannelLogout) -> StatusCode {
    site.ended.lock().unwrap().push(token);
    StatusCode::NO_CONTENT
}

/// Signs in, and returns the session of Hydra and the ID token.
async fn signed_in(scene: &Scene, app: &App, browser: &Browser) -> (String, ory_sdk::Secret) {
    let tokens = app.sign_in(browser, json!({})).await;
    let sent = tokens.id_token.unwrap();
    let check = IdTokenCheck::new().nonce(tokens.nonce.unwrap());
    let id = scene.id_tokens(&app.id).check(sent.expose(), &check).await.unwrap();
    (id.session_id().unwrap().to_owned(), sent)
}

async fn ended(site: &Site) -> LogoutToken {
    for _ in 0..100 {
        if let Some(token) = site.ended.lock().unwrap().pop() {
            return token;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("Hydra did not call");
}

#[tokio::test]
#[ignore = "needs the servers of live::actions"]
async fn back_channel() {
    let site = Site::default();
    let routes = Router::new().route("/logout", post(logout)).with_state(site.clone());
    alone_with(routes, |scene| async move {
        let app = scene.app("logout", json!({"backchannel_logout_uri": scene.hooks.url("/logout?of=app")})).await;
        let tokens = LogoutTokens::builder(&scene.keys()).issuer(&scene.issuer).client_id(&app.id).build().unwrap();
        *site.tokens.lock().unwrap() = Some(tokens.clone());

        // An administrator ends the session.
        let browser = scene.browser();
        let (session, id_token) = signed_in(&scene, &app, &browser).await;
        scene.client.admin_revoke_oauth2_login_sessions().sid(&session).await.unwrap();
        let token = ended(&site).await;
        assert_eq!((token.session_id(), token.subject()), (Some(session.as_str()), None));
        assert_eq!(scene.hooks.answered("/logout"), [204]);

        // The person signs out.
        let browser = scene.browser();
        let (session, own) = signed_in(&scene, &app, &browser).await;
        let asked = browser.hydra.perform_oidc_front_or_back_channel_logout().id_token_hint(&own).await.unwrap();
        let challenge = asked.redirect().unwrap().query("logout_challenge").unwrap();
        let accepted = scene.client.admin_accept_oauth2_logout_request().logout_challenge(challenge).await.unwrap();
        let verifier = accepted.redirect_to.query("logout_verifier").unwrap();
        browser.hydra.perform_oidc_front_or_back_channel_logout().logout_verifier(verifier).await.unwrap();
        assert_eq!(ended(&site).await.session_id(), Some(session.as_str()));

        // An ID token is no logout token, and the call of anybody else no logout.
        let refused = tokens.check(id_token.expose()).await;
        assert!(matches!(refused, Err(Refusal::Invalid(InvalidToken::Kind { .. }))), "{refused:?}");
        scene.hooks.answered("/logout");
        let form = format!("logout_token={}", id_token.expose());
        let post = reqwest::Client::new().post(scene.hooks.url("/logout")).body(form);
        assert_eq!(post.send().await.unwrap().status(), 400);
    })
    .await;
}
