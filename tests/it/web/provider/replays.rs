//! Challenges that were used, are missing, unknown or expired: on Hydra 26, which takes them again, and on Hydra 2.0, which
//! responds with 410 and 409.

use std::time::Duration;

use http::StatusCode;
use ory_sdk::testing::Fault;
use serde_json::json;

use super::browser::Browser;
use super::site::{ALL, CALLBACK, SIGNED_OUT, Site, allow};

#[tokio::test]
async fn used_challenges_are_no_circle() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let question = browser.open(shop.start("")).await;
    let login = question.visited("/oauth2/login")[0].to_owned();
    let end = allow(&browser, &question, &ALL, false).await;
    let id_token = shop.tokens(&end).await.id_token.unwrap();
    // The back button.
    let page = browser.open(&login).await;
    assert!(page.url.starts_with(CALLBACK) || page.status == Some(StatusCode::OK), "{}", page.url);
    let page = allow(&browser, &question, &ALL, false).await;
    assert!(page.url.starts_with(CALLBACK), "{}", page.url);

    let page = browser.open(shop.leave(id_token.expose())).await;
    assert_eq!(page.url, SIGNED_OUT);
    let logout = page.visited("/oauth2/logout")[0].to_owned();
    // Hydra says that it was used, and where the browser went: without a host.
    let page = browser.open(&logout).await;
    assert_eq!(page.url, SIGNED_OUT, "{:?}", page.hops);
}

/// What Hydra 2.0 says of a used request.
fn gone(url: &str) -> Fault {
    Fault::status(StatusCode::GONE).body("application/json", json!({"redirect_to": url}).to_string())
}

fn conflict() -> Fault {
    let body = json!({"error": "Conflict", "error_description": "Unable to insert or update resource"});
    Fault::status(StatusCode::CONFLICT).body("application/json", body.to_string())
}

#[tokio::test]
async fn what_an_old_hydra_says_of_used_challenges_is_followed() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let start = shop.start("");
    for (operation, fault) in [
        ("admin_get_oauth2_login_request", gone(&start)),
        ("admin_accept_oauth2_login_request", conflict()),
        ("admin_get_oauth2_consent_request", gone(&start)),
    ] {
        site.ory.fail(operation, fault).unwrap();
        let page = browser.open(&start).await;
        page.is(200, "/oauth2/consent");
        assert_eq!(page.visited("/oauth2/login").len(), 2, "{operation}: {:?}", page.hops);
    }
    for (operation, fault) in [
        ("admin_get_oauth2_consent_request", gone(&start)),
        ("admin_accept_oauth2_consent_request", conflict()),
        ("admin_accept_oauth2_consent_request", gone(&start)),
    ] {
        let page = browser.open(&start).await;
        site.ory.fail(operation, fault).unwrap();
        let page = allow(&browser, &page, &ALL, false).await;
        page.is(200, "/oauth2/consent");
        let page = allow(&browser, &page, &ALL, false).await;
        assert!(shop.tokens(&page).await.access_token.is_some());
    }
}

#[tokio::test]
async fn a_page_without_a_challenge_says_what_is_missing() {
    let site = Site::start().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    for (path, parameter) in [
        ("/oauth2/login", "login_challenge"),
        ("/oauth2/consent", "consent_challenge"),
        ("/oauth2/logout", "logout_challenge"),
        ("/oauth2/device/verify", "device_challenge"),
    ] {
        for query in ["", "?", &format!("?{parameter}="), "?other=1", "?%ff=%ff&&=", "?challenge=x"] {
            let page = browser.open(format!("{}{path}{query}", site.url)).await;
            page.is(400, path);
            assert!(page.body.contains(parameter), "{}", page.body);
        }
        if path != "/oauth2/login" {
            let url = format!("{}{path}", site.url);
            browser.post(&url, &[("decision", "accept"), ("user_code", "x")]).await.is(400, path);
        }
    }
    assert_eq!(site.count("admin_get_oauth2_login_request"), 0);
}

#[tokio::test]
async fn an_unknown_challenge_is_a_404() {
    let site = Site::start().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let long = "x".repeat(6_000);
    for path in ["/oauth2/login?login", "/oauth2/consent?consent", "/oauth2/logout?logout"] {
        for challenge in ["hunter2", "a%20b%26c", "%22%3E%3Cscript%3E", "..", &long] {
            let page = browser.open(format!("{}{path}_challenge={challenge}", site.url)).await;
            page.is(404, path.split_once('?').unwrap().0);
            assert!(!page.body.contains("hunter2") && !page.body.contains("<script>"), "{}", page.body);
            assert_eq!(page.headers["cache-control"], "no-store");
        }
    }
}

#[tokio::test]
async fn an_expired_challenge_says_so() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let question = browser.open(shop.start("")).await;
    let login = question.visited("/oauth2/login")[0].to_owned();
    site.ory.advance(Duration::from_secs(31 * 60));
    for page in
        [browser.open(&login).await, browser.open(&question.url).await, allow(&browser, &question, &ALL, false).await]
    {
        assert_eq!(page.status, Some(StatusCode::GONE), "{}", page.body);
        assert!(page.body.contains("start again at the application"));
    }
}

#[tokio::test]
async fn a_form_that_is_none_is_a_400() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    let challenge = page.field("consent_challenge");
    for form in [
        &[("consent_challenge", challenge.as_str())][..],
        &[("consent_challenge", &challenge), ("decision", "maybe")],
        &[("decision", "accept")],
        &[("consent_challenge", ""), ("decision", "accept")],
    ] {
        browser.post(&page.url, form).await.is(400, "/oauth2/consent");
    }
    assert!(shop.tokens(&allow(&browser, &page, &ALL, false).await).await.access_token.is_some());
}
