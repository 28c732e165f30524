//! Applications: the code flow, consent and logout.

use ory_sdk::types::PerformOAuth2TokenFlowBody;
use ory_sdk::url::Url;
use serde_json::{Value, json};

use crate::browser::{Browser, visit};
use crate::site::{PASSWORD, Site};

/// An application that nobody serves: the browser stops there, with the answer in its URL.
struct Shop {
    id: String,
    start: String,
    hydra: String,
}

const SCOPE: &str = "openid email offline";

async fn shop(site: &Site, browser: &Browser) -> Shop {
    let callback = callback(browser);
    let shop = json!({
        "client_name": "Flower Shop", "redirect_uris": [callback], "post_logout_redirect_uris": [format!("{}/nowhere", browser.url)],
        "scope": SCOPE, "token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "refresh_token"],
    });
    let id = site.client.admin_create_oauth2_client().json_body(shop).await.unwrap().into_body().client_id.unwrap();
    let hydra = if site.is_real { std::env::var("ORY_HYDRA_PUBLIC_URL").unwrap() } else { site.ory.url().to_owned() };
    let mut start = Url::parse(&format!("{hydra}/oauth2/auth?response_type=code&state=0123456789")).unwrap();
    start
        .query_pairs_mut()
        .append_pair("client_id", &id)
        .append_pair("scope", SCOPE)
        .append_pair("redirect_uri", &callback);
    Shop { id, start: start.into(), hydra }
}

fn callback(browser: &Browser) -> String {
    format!("{}/nowhere", browser.url)
}

/// A value in the URL at which the browser is.
async fn answer(browser: &Browser, name: &str) -> Option<String> {
    let url = browser.client.current_url().await.unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn an_application_gets_what_the_person_allows() {
    visit(async |site, browser| {
        let email = site.person("shopper", json!({})).await;
        let shop = shop(&site, &browser).await;
        browser.open(&shop.start).await;
        browser.shows("/login", "Sign in").await;
        browser.type_credentials(&email, PASSWORD).await;
        browser.shows("/oauth2/consent", "Allow access?").await;
        browser.reads("Flower Shop").await;
        browser.press("Do not allow").await;
        browser.shows("/nowhere", "Not found").await;
        assert_eq!(answer(&browser, "error").await.as_deref(), Some("access_denied"));

        browser.open(&shop.start).await;
        browser.shows("/oauth2/consent", "Allow access?").await;
        // What is not checked is not granted.
        browser.script("document.getElementById('scope-offline').click()").await;
        browser.press("Allow").await;
        browser.shows("/nowhere", "Not found").await;
        assert_eq!(answer(&browser, "state").await.as_deref(), Some("0123456789"));
        let code = answer(&browser, "code").await.unwrap();
        let body = PerformOAuth2TokenFlowBody::builder().grant_type("authorization_code").client_id(&shop.id);
        let tokens = site.client.perform_oauth2_token_flow().body(body.code(code).redirect_uri(callback(&browser)));
        let tokens = tokens.await.unwrap().into_body();
        assert!(tokens.refresh_token.is_none(), "it was not granted");
        let id_token = tokens.id_token.as_ref().unwrap().expose().to_owned();
        assert_eq!(claim(&browser, &id_token, "email").await, *email);

        // The application signs the person out, here too.
        browser.open(&format!("{}/oauth2/sessions/logout?id_token_hint={id_token}", shop.hydra)).await;
        assert!(!browser.is_signed_in().await);
    })
    .await;
}

#[tokio::test]
async fn a_bare_logout_asks_first() {
    visit(async |site, browser| {
        let email = site.person("leaver", json!({})).await;
        let shop = shop(&site, &browser).await;
        browser.open(&shop.start).await;
        browser.type_credentials(&email, PASSWORD).await;
        browser.shows("/oauth2/consent", "Allow access?").await;
        browser.press("Allow").await;
        browser.shows("/nowhere", "Not found").await;
        for (button, stays) in [("Stay signed in", true), ("Sign out", false)] {
            browser.open(&format!("{}/oauth2/sessions/logout", shop.hydra)).await;
            browser.shows("/oauth2/logout", "Sign out?").await;
            browser.press(button).await;
            browser.text().await;
            assert_eq!(browser.is_signed_in().await, stays, "{button}");
        }
    })
    .await;
}

/// A claim of a token that came straight from Hydra, as the browser decodes it.
async fn claim(browser: &Browser, token: &str, name: &str) -> Value {
    let part = token.split('.').nth(1).unwrap().replace('-', "+").replace('_', "/");
    browser.value(&format!("JSON.parse(atob('{part}')).{name}")).await
}
