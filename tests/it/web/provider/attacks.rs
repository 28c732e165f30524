//! Challenges of other people, and forms of other sites.

use ory_sdk::web::provider::Provider;
use serde_json::json;

use super::browser::Browser;
use super::site::{ALL, CALLBACK, Site, allow};

const ACCEPT: &str = "admin_accept_oauth2_consent_request";

#[tokio::test]
async fn a_stolen_consent_challenge_is_refused() {
    let site = Site::start().await;
    for changes in [json!({}), json!({"skip_consent": true})] {
        let shop = site.shop_with(changes.clone()).await;
        let is_trusted = changes["skip_consent"] == true;
        let (ada, eve) =
            (Browser::of(&site.ory.sign_in("ada@example.org")), Browser::of(&site.ory.sign_in("eve@example.org")));
        // Ada's way to the consent page, without the last step.
        let challenge = stolen_consent(&site, &shop, &ada).await;
        let url = format!("{}/oauth2/consent?consent_challenge={challenge}", site.url);
        let before = site.count(ACCEPT);
        eve.open(&url).await.is(403, "/oauth2/consent");
        let form = [("consent_challenge", challenge.as_str()), ("decision", "accept"), ("scope", "openid")];
        let page = eve.post(&url, &form).await;
        page.is(403, "/oauth2/consent");
        assert!(!page.body.contains(&challenge));
        let form = [("consent_challenge", challenge.as_str()), ("decision", "reject")];
        eve.post(&url, &form).await.is(403, "/oauth2/consent");
        assert_eq!((site.count(ACCEPT), site.count("admin_reject_oauth2_consent_request")), (before, 0));
        // Nobody is asked to sign in with it, and gets no access either.
        let nobody = Browser::default().post(&url, &form).await;
        nobody.is(200, "/login");
        assert_eq!(site.count("admin_reject_oauth2_consent_request"), 0);
        // It is still Ada's.
        let page = ada.open(&url).await;
        let page = if is_trusted { page } else { allow(&ada, &page, &ALL, false).await };
        assert_eq!(shop.claims(&page).await["email"], "ada@example.org");
    }
}

/// The challenge that the consent page would get.
async fn stolen_consent(site: &Site, shop: &super::site::Shop<'_>, browser: &Browser) -> String {
    site.ory.fail("admin_get_oauth2_consent_request", unavailable()).unwrap();
    let page = browser.open(shop.start("")).await;
    site.ory.clear_faults();
    page.is(503, "/oauth2/consent");
    page.parameter("consent_challenge").unwrap()
}

fn unavailable() -> ory_sdk::testing::Fault {
    ory_sdk::testing::Fault::status(http::StatusCode::SERVICE_UNAVAILABLE).always()
}

#[tokio::test]
async fn a_login_challenge_works_in_its_own_browser_alone() {
    let site = Site::start().await;
    let shop = site.shop().await;
    // Mallory starts, and sends Ada the link to the login page.
    let mallory = Browser::default();
    let page = mallory.open(shop.start("")).await;
    let link = page.visited("/oauth2/login")[0].to_owned();
    let ada = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = ada.open(&link).await;
    // Hydra sees that Ada's browser did not start this.
    assert_eq!(page.parameter("code"), None);
    assert!(page.url.starts_with(CALLBACK) && page.parameter("error").is_some(), "{}", page.url);
    assert_eq!(site.count(ACCEPT), 0);
    // And Mallory is still nobody.
    mallory.open(&link).await.is(200, "/login");
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    let challenge = page.field("consent_challenge");
    let form = [("consent_challenge", challenge.as_str()), ("decision", "accept"), ("scope", "openid")];
    let own = site.url.as_str();
    for headers in [
        &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")][..],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", own), ("sec-fetch-site", "same-site")],
        &[("referer", own)],
        &[],
    ] {
        let refused = browser.post_from(&page.url, &form, headers).await;
        refused.is(403, "/oauth2/consent");
        assert!(refused.body.contains("not sent by a page of this site"), "{}", refused.body);
    }
    assert_eq!(site.count(ACCEPT), 0);
    // An old browser sends the origin alone.
    let page = browser.post_from(&page.url, &form, &[("origin", own)]).await;
    assert_eq!(shop.tokens(&page).await.scope.as_deref(), Some("openid"));
}

#[tokio::test]
async fn nothing_shows_a_challenge() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let provider = Provider::builder(&site.client).login_url("https://id.example.org/oauth2/login").build().unwrap();
    let page = Browser::default().open(shop.start("&login_hint=ada%40example.org")).await;
    let uri: http::Uri = page.visited("/oauth2/login")[0].parse().unwrap();
    let challenge = uri.query().unwrap().split_once("login_challenge=").unwrap().1.to_owned();
    let step = provider.login(&uri, None).await.unwrap();
    let shown = format!("{step:?} {provider:?}");
    assert!(shown.contains("Nobody") && shown.contains("https://id.example.org/oauth2/login"), "{shown}");
    assert!(!shown.contains(&challenge) && !shown.contains("ada@"), "{shown}");

    let ada = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = ada.open(shop.start("")).await;
    let challenge = page.field("consent_challenge");
    let uri: http::Uri = page.url.parse().unwrap();
    let session = site.client.with_session_token(site.ory.sign_in("ada@example.org").token()).to_session().await;
    let step = provider.consent(&uri, &session).await.unwrap();
    assert!(!format!("{step:?}").contains(&challenge), "{step:?}");
    let eve = site.client.with_session_token(site.ory.sign_in("eve@example.org").token()).to_session().await;
    let error = provider.consent(&uri, &eve).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains(&challenge), "{error:?}");
}
