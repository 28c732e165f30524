//! The sign-in of a device without a browser.

use ory_sdk::types::PerformOAuth2TokenFlowBody;
use serde_json::json;

use super::browser::Browser;
use super::site::{ALL, Site, allow};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[tokio::test]
async fn a_person_connects_a_device() {
    let site = Site::start().await;
    let shop = site.shop_with(json!({"grant_types": [GRANT], "token_endpoint_auth_method": "none"})).await;
    let ada = site.ory.person("ada@example.org").create();
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let scope = "openid email orders";
    let started =
        site.client.oauth2_device_flow().body_map(|body| body.client_id(&shop.id).scope(scope)).await.unwrap();
    let page = browser.open(started.verification_uri_complete.as_ref().unwrap().expose()).await;
    // The code is shown, and not taken at once.
    page.is(200, "/oauth2/device/verify");
    let code = started.user_code.expose().to_owned();
    assert_eq!(page.field("user_code"), code);
    let challenge = page.field("device_challenge");
    let enter = |code: String| {
        let (browser, url, challenge) = (&browser, &page.url, &challenge);
        async move { browser.post(url, &[("device_challenge", challenge), ("user_code", &code)]).await }
    };
    for wrong in ["no-code".to_owned(), String::new()] {
        let again = enter(wrong).await;
        again.is(200, "/oauth2/device/verify");
        assert!(again.body.contains("This code is wrong"), "{}", again.body);
    }
    let form = [("device_challenge", challenge.as_str()), ("user_code", &code)];
    browser.post_from(&page.url, &form, &[("origin", "https://evil.example")]).await.is(403, "/oauth2/device/verify");
    let question = enter(format!(" {code} ")).await;
    allow(&browser, &question, &ALL, false).await.is(200, "/oauth2/device/success");

    let body = PerformOAuth2TokenFlowBody::builder().grant_type(GRANT).client_id(&shop.id);
    let body = body.device_code(&started.device_code).build().unwrap();
    let tokens = site.client.perform_oauth2_token_flow().body(body).await.unwrap();
    let token = super::site::claims(tokens.id_token.as_ref().unwrap().expose());
    assert_eq!(token["sub"], ada.id().to_string());
}
