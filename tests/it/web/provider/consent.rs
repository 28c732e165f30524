//! What a person grants.

use serde_json::json;

use super::browser::Browser;
use super::site::{ALL, CALLBACK, Site, allow};

const ACCEPT: &str = "admin_accept_oauth2_consent_request";

#[tokio::test]
async fn a_person_grants_some_scopes() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    let page = allow(&browser, &page, &["openid"], false).await;
    let tokens = shop.tokens(&page).await;
    assert_eq!(tokens.scope.as_deref(), Some("openid"));
    // Claims follow the scopes that were granted.
    assert_eq!(super::site::claims(tokens.id_token.unwrap().expose()).get("email"), None);

    // Nothing was to be remembered. A person may also grant nothing at all.
    let page = browser.open(shop.start("")).await;
    let page = allow(&browser, &page, &[], false).await;
    assert_eq!(shop.tokens(&page).await.id_token, None);
}

#[tokio::test]
async fn a_person_refuses() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    let challenge = page.field("consent_challenge");
    let page = browser.post(&page.url, &[("consent_challenge", &challenge), ("decision", "reject")]).await;
    assert!(page.url.starts_with(CALLBACK), "{}", page.url);
    assert_eq!(page.parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(page.parameter("state").as_deref(), Some("state-0123456789"));
    assert_eq!(site.count(ACCEPT), 0);
}

#[tokio::test]
async fn nothing_is_granted_that_was_not_asked_for() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    for scopes in [&["openid", "admin"][..], &["openid email"], &[""], &["OPENID"]] {
        let refused = allow(&browser, &page, scopes, false).await;
        refused.is(400, "/oauth2/consent");
        assert!(refused.body.contains("nothing was granted"), "{}", refused.body);
    }
    let challenge = page.field("consent_challenge");
    let form = [
        ("consent_challenge", challenge.as_str()),
        ("decision", "accept"),
        ("scope", "openid"),
        ("audience", "https://other.example"),
    ];
    browser.post(&page.url, &form).await.is(400, "/oauth2/consent");
    assert_eq!(site.count(ACCEPT), 0);
    // The question is still open.
    let page = allow(&browser, &page, &ALL, false).await;
    assert_eq!(shop.tokens(&page).await.scope.as_deref(), Some("openid email orders"));
}

#[tokio::test]
async fn an_audience_can_be_left_out_by_name() {
    let site = Site::start().await;
    let shop = site.shop_with(json!({"audience": ["https://a.example", "https://b.example"]})).await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let start = shop.start("").replace("https%3A%2F%2Fapi.example", "https%3A%2F%2Fa.example+https%3A%2F%2Fb.example");
    let page = browser.open(start).await;
    let challenge = page.field("consent_challenge");
    let form = [
        ("consent_challenge", challenge.as_str()),
        ("decision", "accept"),
        ("scope", "openid"),
        ("audience", "https://b.example"),
    ];
    let page = browser.post(&page.url, &form).await;
    let access = shop.tokens(&page).await.access_token.unwrap();
    let known = site.client.admin_introspect_oauth2_token().body_map(|body| body.token(access)).await.unwrap();
    assert_eq!(known.aud, ["https://b.example"]);
}

#[tokio::test]
async fn an_application_that_you_trust_asks_nothing() {
    let site = Site::start().await;
    let shop = site.shop_with(json!({"skip_consent": true})).await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    assert_eq!(shop.tokens(&page).await.scope.as_deref(), Some("openid email orders"));
}

#[tokio::test]
async fn a_consent_is_remembered_as_long_as_it_is_set() {
    let month = std::time::Duration::from_secs(2_592_000);
    for (set, expected) in [(None, json!(0)), (Some(month), json!(2_592_000))] {
        let site = Site::start_with(|builder| match set {
            Some(time) => builder.remember_consent_for(time),
            None => builder,
        })
        .await;
        let shop = site.shop().await;
        let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
        let page = browser.open(shop.start("")).await;
        shop.tokens(&allow(&browser, &page, &ALL, true).await).await;
        let body = site.ory.calls_of(ACCEPT).unwrap()[0].json().unwrap();
        assert_eq!((&body["remember"], &body["remember_for"]), (&json!(true), &expected));
        // The claims of a consent that was remembered are made anew, and it is not remembered anew.
        let page = browser.open(shop.start("")).await;
        assert_eq!(shop.claims(&page).await["email"], "ada@example.org");
        let body = site.ory.calls_of(ACCEPT).unwrap()[1].json().unwrap();
        assert_eq!(body.get("remember"), None);
    }
}

#[tokio::test]
async fn a_session_that_ends_before_the_answer_is_started_again() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let ada = site.ory.sign_in("ada@example.org");
    let browser = Browser::of(&ada);
    let page = browser.open(shop.start("")).await;
    site.ory.revoke_session(ada.session_id());
    allow(&browser, &page, &ALL, false).await.is(200, "/login");
    assert_eq!(site.count(ACCEPT), 0);
}
