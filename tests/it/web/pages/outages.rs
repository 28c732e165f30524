//! When Kratos is down, nobody is signed out and nothing goes round in circles.

use http::{Method, StatusCode};
use ory_sdk::flow::FlowKind;
use ory_sdk::testing::Fault;

use super::app::App;

const EMAIL: &str = "ada@example.org";

fn faults() -> Vec<(Fault, &'static str)> {
    let json = "application/json";
    vec![
        (Fault::status(StatusCode::BAD_GATEWAY).html(), "5"),
        (Fault::status(StatusCode::INTERNAL_SERVER_ERROR), "5"),
        (Fault::status(StatusCode::SERVICE_UNAVAILABLE).header("retry-after", "17"), "17"),
        (Fault::status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "9"), "9"),
        (Fault::status(StatusCode::FORBIDDEN).html(), "5"),
        (Fault::status(StatusCode::NOT_FOUND).html(), "5"),
        (Fault::status(StatusCode::MOVED_PERMANENTLY).header("location", "https://evil.example/"), "5"),
        (Fault::status(StatusCode::OK).body(json, "{\"id\": 1}"), "5"),
        (Fault::status(StatusCode::OK).body(json, "{"), "5"),
        (Fault::closed(), "5"),
        (Fault::cut(), "5"),
    ]
}

#[tokio::test]
async fn every_page_says_so_and_signs_nobody_out() {
    let app = App::start().await;
    for kind in FlowKind::ALL {
        let browser = if kind == FlowKind::Settings { app.browser_of(EMAIL) } else { app.browser() };
        let path = format!("/{kind}");
        let page = browser.open(&path).await;
        page.shows(200, &path);
        let cookies = browser.cookie_names();
        for (fault, wait) in faults() {
            app.ory.fail_all(fault.clone().always());
            let get = browser.open(&path).await;
            let with_flow = browser.open(page.url.as_str()).await;
            let post = browser.submit(&page, &[("method", "password")]).await;
            for (what, shown) in [("start", get), ("show", with_flow), ("submit", post)] {
                // Kratos said that it refuses the form, before the connection broke off.
                if shown.status == 400 && what == "submit" && format!("{fault:?}").contains("cut") {
                    continue;
                }
                assert_eq!(shown.status, 503, "{kind} {what} {fault:?}: {}", shown.text);
                assert_eq!(shown.headers["retry-after"], wait, "{kind} {what} {fault:?}");
                assert!(shown.hops.is_empty() && shown.text.contains("Try again"), "{}", shown.text);
            }
            assert_eq!(browser.cookie_names(), cookies);
            app.ory.clear_faults();
        }
        // The same page goes on afterwards.
        browser.open(page.url.as_str()).await.shows(200, &path);
    }
}

#[tokio::test]
async fn a_sign_out_that_fails_says_so() {
    let app = App::start().await;
    let browser = app.browser_of(EMAIL);
    for (fault, _) in faults() {
        app.ory.fail_all(fault.clone().always());
        let page = browser.send(Method::POST, "/logout", None).await;
        assert_eq!(page.status, 503, "{fault:?}: {}", page.text);
        assert!(browser.is_signed_in());
        app.ory.clear_faults();
    }
    browser.follow(browser.send(Method::POST, "/logout", None).await).await.shows(200, "/login");
    assert!(!browser.is_signed_in());
}

/// A replica that has not seen the new flow yet.
#[tokio::test]
async fn a_new_flow_that_is_not_found_is_no_loop() {
    let app = App::start().await;
    let error = r#"{"error":{"code":404,"status":"Not Found","message":"Unable to locate the resource"}}"#;
    let lost = Fault::status(StatusCode::NOT_FOUND).body("application/json", error);
    app.ory.fail("get_self_service_login_flow", lost.clone().always()).unwrap();
    let page = app.browser().open("/login").await;
    page.shows(503, "/login");
    assert_eq!((page.hops.len(), page.headers["retry-after"].to_str().unwrap()), (3, "5"));
    app.ory.clear_faults();
    // Once is mended.
    app.ory.fail("get_self_service_login_flow", lost).unwrap();
    app.browser().open("/login").await.shows(200, "/login");
}
