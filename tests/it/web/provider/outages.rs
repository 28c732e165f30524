//! Outages of Kratos and Hydra: a 503 with `Retry-After`, which signs nobody in and nobody out.

use http::StatusCode;
use ory_sdk::testing::Fault;

use super::browser::{Browser, Page};
use super::site::{ALL, SIGNED_OUT, Site, allow};

fn down() -> Fault {
    Fault::status(StatusCode::SERVICE_UNAVAILABLE).always()
}

#[track_caller]
fn is_outage(page: &Page) {
    assert_eq!(page.status, Some(StatusCode::SERVICE_UNAVAILABLE), "{} {}", page.url, page.body);
    let wait: u64 = page.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(page.body.contains("Please try again later"), "{}", page.body);
}

#[tokio::test]
async fn an_outage_decides_nothing() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let ada = site.ory.sign_in("ada@example.org");
    let browser = Browser::of(&ada);
    for operation in [
        "to_session",
        "admin_get_oauth2_login_request",
        "admin_accept_oauth2_login_request",
        "admin_get_oauth2_consent_request",
    ] {
        site.ory.fail(operation, down()).unwrap();
        is_outage(&browser.open(shop.start("")).await);
        site.ory.clear_faults();
    }
    let question = browser.open(shop.start("")).await;
    for operation in ["to_session", "admin_get_oauth2_consent_request", "admin_accept_oauth2_consent_request"] {
        site.ory.fail(operation, down()).unwrap();
        is_outage(&allow(&browser, &question, &ALL, false).await);
        site.ory.clear_faults();
    }
    // The same form works when all is well again.
    let page = allow(&browser, &question, &ALL, false).await;
    let id_token = shop.tokens(&page).await.id_token.unwrap();

    for operation in [
        "to_session",
        "admin_get_oauth2_logout_request",
        "create_self_service_logout_flow_url_for_browsers",
        "submit_self_service_logout_flow",
    ] {
        site.ory.fail(operation, down()).unwrap();
        is_outage(&browser.open(shop.leave(id_token.expose())).await);
        site.ory.clear_faults();
        assert_eq!(site.whoami(ada.cookie()).await, 200, "{operation}");
        assert_eq!(site.count("admin_accept_oauth2_logout_request"), 0);
    }
    // The session of Kratos ends first. If Hydra then fails, the browser comes again.
    site.ory.fail("admin_accept_oauth2_logout_request", down()).unwrap();
    let page = browser.open(shop.leave(id_token.expose())).await;
    is_outage(&page);
    site.ory.clear_faults();
    assert_eq!(site.whoami(ada.cookie()).await, 401);
    assert_eq!(browser.open(&page.url).await.url, SIGNED_OUT);
}

#[tokio::test]
async fn a_broken_connection_and_a_limit_are_outages_too() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    for fault in [Fault::closed().always(), Fault::status(StatusCode::BAD_GATEWAY).html().always()] {
        site.ory.fail("admin_get_oauth2_login_request", fault).unwrap();
        is_outage(&browser.open(shop.start("")).await);
        site.ory.clear_faults();
    }
    // Who limits says how long.
    for operation in ["to_session", "admin_get_oauth2_login_request"] {
        let limited = Fault::status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "42").always();
        site.ory.fail(operation, limited).unwrap();
        assert_eq!(browser.open(shop.start("")).await.headers["retry-after"], "42");
        site.ory.clear_faults();
    }
    // A lost answer is no second consent: the call is repeated.
    site.ory.fail("admin_accept_oauth2_login_request", Fault::lost()).unwrap();
    browser.open(shop.start("")).await.is(200, "/oauth2/consent");
}

#[tokio::test]
async fn what_nobody_expects_is_a_502() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    for fault in [
        Fault::status(StatusCode::OK).html(),
        Fault::status(StatusCode::UNAUTHORIZED).html(),
        Fault::status(StatusCode::NOT_FOUND).html(),
    ] {
        site.ory.fail("admin_get_oauth2_login_request", fault.always()).unwrap();
        browser.open(shop.start("")).await.is(502, "/oauth2/login");
        site.ory.clear_faults();
    }
    let nowhere = Fault::status(StatusCode::OK).body("application/json", "{\"redirect_to\": null}");
    site.ory.fail("admin_accept_oauth2_login_request", nowhere).unwrap();
    browser.open(shop.start("")).await.is(502, "/oauth2/login");
}
