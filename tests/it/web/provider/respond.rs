//! All pages in one handler.

use serde_json::json;

use super::browser::Browser;
use super::site::{ALL, SIGNED_OUT, Site, allow};

#[tokio::test]
async fn one_handler_does_it_all() {
    let site = Site::start_in_one().await;
    let shop = site.shop().await;
    let ada = site.ory.sign_in("ada@example.org");
    let browser = Browser::of(&ada);
    let page = browser.open(shop.start("")).await;
    page.is(200, "/one/consent");
    let page = allow(&browser, &page, &ALL, false).await;
    let token = shop.tokens(&page).await.id_token.unwrap();

    // Asked, and answered by the form of the page itself.
    let page = browser.open(format!("{}/oauth2/sessions/logout", site.ory.url())).await;
    page.is(200, "/one/logout");
    let challenge = page.field("logout_challenge");
    let form = [("logout_challenge", challenge.as_str()), ("decision", "reject")];
    browser.post(&page.url, &form).await.is(200, "/");
    assert_eq!(browser.open(shop.leave(token.expose())).await.url, SIGNED_OUT);
    assert_eq!(site.whoami(ada.cookie()).await, 401);
    browser.open(shop.start("")).await.is(200, "/login");
}

#[tokio::test]
async fn one_handler_connects_a_device() {
    let site = Site::start_in_one().await;
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let shop = site.shop_with(json!({"grant_types": [grant], "token_endpoint_auth_method": "none"})).await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let started =
        site.client.oauth2_device_flow().body_map(|body| body.client_id(&shop.id).scope("openid")).await.unwrap();
    let page = browser.open(&started.verification_uri).await;
    page.is(200, "/one/device/verify");
    assert_eq!(page.field("user_code"), "");
    let challenge = page.field("device_challenge");
    let form = [("device_challenge", challenge.as_str()), ("user_code", started.user_code.expose())];
    browser.post(&page.url, &form).await.is(200, "/one/consent");
}

#[tokio::test]
async fn one_handler_says_what_it_lacks() {
    let site = Site::start_in_one().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let url = format!("{}/one/login", site.url);
    let page = browser.open(&url).await;
    page.is(400, "/one/login");
    for name in ["login_challenge", "consent_challenge", "logout_challenge", "device_challenge"] {
        assert!(page.body.contains(name), "{}", page.body);
    }
    for form in [&[][..], &[("login_challenge", "x")], &[("consent_challenge", "x")], &[("device_challenge", "x")]] {
        browser.post(&url, form).await.is(400, "/one/login");
    }
    // The challenge of an answer is in the form.
    browser.post(&format!("{url}?consent_challenge=x"), &[("decision", "accept")]).await.is(400, "/one/login");
    let response = reqwest::Client::new().delete(&url).send().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["allow"]), (405, &"GET, HEAD, POST".parse().unwrap()));
}
