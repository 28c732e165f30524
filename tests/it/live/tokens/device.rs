//! A device without a browser.

use ory_sdk::jwt::IdTokenCheck;
use ory_sdk::tokens::{DeviceFlow, TokenErrorKind};
use serde_json::json;

use crate::live::scene::{API, alone};

#[tokio::test]
#[ignore = "needs the servers of live::tokens, with Hydra 25.4 or newer"]
async fn a_device_signs_in() {
    alone(|scene| async move {
        let body = json!({
            "grant_types": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"], "audience": [API],
            "scope": "openid offline orders.read", "token_endpoint_auth_method": "none",
        });
        let (id, _) = scene.register("device", body).await;
        let flow = DeviceFlow::builder(&scene.client).client_id(&id).audience([API]);
        let flow = flow.scope(["openid", "offline", "orders.read"]).build().unwrap();
        let sign_in = flow.start().await.unwrap();
        let polling = {
            let sign_in = sign_in.clone();
            tokio::spawn(async move { sign_in.poll().await })
        };

        // On the phone.
        let browser = scene.browser();
        let page = browser.open(sign_in.verification_uri_complete().unwrap()).await;
        let challenge = page.query("device_challenge").unwrap();
        let accepted = scene.client.accept_user_code_request().device_challenge(&challenge);
        let accepted = accepted.body_map(|body| body.user_code(sign_in.user_code())).await.unwrap();
        let subject = scene.run.name("device-subject");
        browser.allow(&accepted.redirect_to, &subject, json!({"id_token": {"plan": "free"}})).await;

        let tokens = polling.await.unwrap().unwrap();
        assert!(tokens.refresh_token.is_some());
        let access = scene.access_tokens().check(tokens.access_token.expose()).await.unwrap();
        assert_eq!((access.subject(), access.client_id()), (subject.as_str(), id.as_str()));
        let check = IdTokenCheck::new().access_token(tokens.access_token.clone());
        let sent = tokens.id_token.as_ref().unwrap();
        let token = scene.id_tokens(&id).check(sent.expose(), &check).await.unwrap();
        assert_eq!((token.subject(), token.claim("plan")), (subject.as_str(), Some(&json!("free"))));
        assert!(sign_in.poll().await.unwrap().access_token == tokens.access_token, "the same tokens again");

        let stranger = DeviceFlow::builder(&scene.client).client_id("nobody").build().unwrap();
        assert_eq!(stranger.start().await.unwrap_err().kind(), TokenErrorKind::Refused);
    })
    .await;
}
