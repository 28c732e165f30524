//! Logout: of the application, of Hydra and of Kratos at once.

use serde_json::json;

use super::browser::{Browser, Page};
use super::site::{ALL, SIGNED_OUT, Shop, Site, allow};

/// The ID token of a person who signed in at the application.
async fn id_token(shop: &Shop<'_>, browser: &Browser) -> String {
    let page = browser.open(shop.start("")).await;
    let page = allow(browser, &page, &ALL, false).await;
    shop.tokens(&page).await.id_token.unwrap().expose().to_owned()
}

async fn decide(browser: &Browser, page: &Page, decision: &str) -> Page {
    page.is(200, "/oauth2/logout");
    let challenge = page.field("logout_challenge");
    browser.post(&page.url, &[("logout_challenge", &challenge), ("decision", decision)]).await
}

#[tokio::test]
async fn an_application_signs_a_person_out_everywhere() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let ada = site.ory.sign_in("ada@example.org");
    let other = site.ory.sign_in("ada@example.org");
    let browser = Browser::of(&ada);
    let token = id_token(&shop, &browser).await;
    assert!(browser.has_cookie("ory_hydra_session") && browser.has_cookie("ory_kratos_session"));
    let page = browser.open(shop.leave(&token)).await;
    assert_eq!(page.url, SIGNED_OUT);
    assert!(page.hops.iter().any(|(url, status)| url.contains("/oauth2/logout?") && *status == 303), "{:?}", page.hops);
    assert_eq!(site.whoami(ada.cookie()).await, 401);
    // The browser got the cookies of both logouts.
    assert!(!browser.has_cookie("ory_hydra_session") && !browser.has_cookie("ory_kratos_session"));
    browser.open(shop.start("")).await.is(200, "/login");
    // Other browsers of the person stay signed in.
    assert_eq!(site.whoami(other.cookie()).await, 200);
}

#[tokio::test]
async fn a_bare_link_asks_first() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let ada = site.ory.sign_in("ada@example.org");
    let browser = Browser::of(&ada);
    id_token(&shop, &browser).await;
    let link = format!("{}/oauth2/sessions/logout", site.ory.url());
    let page = browser.open(&link).await;
    page.is(200, "/oauth2/logout");
    assert_eq!(page.headers["x-frame-options"], "DENY");
    assert_eq!(site.whoami(ada.cookie()).await, 200);
    // Not every site may answer.
    let challenge = page.field("logout_challenge");
    let form = [("logout_challenge", challenge.as_str()), ("decision", "accept")];
    browser.post_from(&page.url, &form, &[("origin", "https://evil.example")]).await.is(403, "/oauth2/logout");
    browser.post(&page.url, &[("logout_challenge", challenge.as_str())]).await.is(400, "/oauth2/logout");
    assert_eq!(site.whoami(ada.cookie()).await, 200);

    let stayed = decide(&browser, &page, "reject").await;
    stayed.is(200, "/");
    assert_eq!(site.whoami(ada.cookie()).await, 200);
    assert_eq!(site.count("admin_reject_oauth2_logout_request"), 1);

    let page = browser.open(&link).await;
    let left = decide(&browser, &page, "accept").await;
    left.is(200, "/oauth2/logged-out");
    assert_eq!(site.whoami(ada.cookie()).await, 401);
    assert!(!browser.has_cookie("ory_hydra_session"));
}

#[tokio::test]
async fn an_application_can_be_registered_to_ask_first() {
    let site = Site::start().await;
    let shop = site.shop_with(json!({"skip_logout_consent": false})).await;
    let ada = site.ory.sign_in("ada@example.org");
    let browser = Browser::of(&ada);
    let token = id_token(&shop, &browser).await;
    let page = browser.open(shop.leave(&token)).await;
    assert!(page.body.contains("Shop &lt;b&gt;&amp; asks for it"), "{}", page.body);
    assert_eq!(decide(&browser, &page, "accept").await.url, SIGNED_OUT);
    assert_eq!(site.whoami(ada.cookie()).await, 401);
}

#[tokio::test]
async fn nobody_is_signed_out_for_somebody_else() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let (ada, eve) = (site.ory.sign_in("ada@example.org"), site.ory.sign_in("eve@example.org"));
    let browser = Browser::of(&ada);
    let token = id_token(&shop, &browser).await;
    let other = Browser::of(&eve);
    let page = other.open(shop.leave(&token)).await;
    page.is(403, "/oauth2/logout");
    let challenge = page.parameter("logout_challenge").unwrap();
    let form = [("logout_challenge", challenge.as_str()), ("decision", "accept")];
    other.post(&page.url, &form).await.is(403, "/oauth2/logout");
    assert_eq!((site.whoami(ada.cookie()).await, site.whoami(eve.cookie()).await), (200, 200));
    assert_eq!(site.count("admin_accept_oauth2_logout_request"), 0);
}

#[tokio::test]
async fn a_person_whose_session_is_over_can_sign_out() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let ada = site.ory.sign_in("ada@example.org");
    let browser = Browser::of(&ada);
    let token = id_token(&shop, &browser).await;
    site.ory.revoke_session(ada.session_id());
    assert_eq!(browser.open(shop.leave(&token)).await.url, SIGNED_OUT);
    assert!(!browser.has_cookie("ory_hydra_session"));
}
