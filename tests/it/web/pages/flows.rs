//! All five kinds, from the first GET to the end.

use http::Method;
use ory_sdk::flow::FlowKind;

use super::app::{App, PASSWORD};

const EMAIL: &str = "ada@example.org";

#[tokio::test]
async fn a_page_of_each_kind_is_drawn_and_survives_a_reload() {
    let app = App::start().await;
    for kind in FlowKind::ALL {
        let browser = if kind == FlowKind::Settings { app.browser_of(EMAIL) } else { app.browser() };
        let path = format!("/{kind}");
        let first = browser.send(Method::GET, &path, None).await;
        first.shows(303, &path);
        assert_eq!(first.set_cookies().len(), 1, "{:?}", first.set_cookies());
        let page = browser.follow(first).await;
        page.shows(200, &path);
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
        let flow = page.query("flow").unwrap();
        assert_eq!(page.json()["flow"], flow);
        assert_eq!(page.json()["action"], format!("{}{path}?flow={flow}", app.url));
        let again = browser.open(page.url.as_str()).await;
        again.shows(200, &path);
        assert_eq!((again.query("flow").unwrap(), again.hops.len()), (flow, 0));
    }
}

#[tokio::test]
async fn a_user_registers_signs_out_and_signs_in() {
    let app = App::start().await;
    let browser = app.browser();
    let page = browser.open("/registration").await;
    let short = [("traits.email", EMAIL), ("password", "short"), ("method", "password")];
    let page = browser.submit(&page, &short).await;
    page.shows(400, "/registration");
    assert_eq!(page.value("traits.email"), EMAIL);
    assert!(page.messages().contains(&4_000_032), "{:?}", page.messages());

    let fields = [("traits.email", EMAIL), ("password", PASSWORD), ("method", "password")];
    let done = browser.post(&page, &fields).await;
    done.shows(303, "/registration");
    assert_eq!(done.set_cookies().len(), 2, "{:?}", done.set_cookies());
    browser.follow(done).await.shows(200, "/");
    assert!(browser.is_signed_in());

    let out = browser.follow(browser.send(Method::POST, "/logout", None).await).await;
    out.shows(200, "/login");
    assert!(!browser.is_signed_in());
    browser.follow(browser.send(Method::POST, "/logout", None).await).await.shows(200, "/login");

    let wrong = [("identifier", EMAIL), ("password", "wrong"), ("method", "password")];
    let page = browser.submit(&out, &wrong).await;
    page.shows(400, "/login");
    assert_eq!((page.messages(), page.value("identifier")), (vec![4_000_006], EMAIL.to_owned()));
    let right = [("identifier", EMAIL), ("password", PASSWORD), ("method", "password")];
    browser.submit(&page, &right).await.shows(200, "/");
    assert!(browser.is_signed_in());
}

#[tokio::test]
async fn a_login_with_a_mailed_code_goes_on_without_a_posted_page() {
    let app = App::start().await;
    app.ory.person(EMAIL).create();
    let browser = app.browser();
    let page = browser.open("/login?return_to=/orders").await;
    // Kratos responds with 400, although nothing is wrong.
    let sent = browser.submit(&page, &[("identifier", EMAIL), ("method", "code")]).await;
    sent.shows(200, "/login");
    assert!(sent.has("code") && sent.hops.len() == 1, "{}", sent.text);
    let wrong = browser.submit(&sent, &[("code", "000000"), ("method", "code")]).await;
    wrong.shows(400, "/login");
    browser.submit(&wrong, &[("code", &app.code()), ("method", "code")]).await.shows(200, "/orders");
    assert!(browser.is_signed_in());
}

#[tokio::test]
async fn a_recovery_ends_in_the_settings() {
    let app = App::start().await;
    app.ory.person(EMAIL).password("forgotten").create();
    let browser = app.browser();
    let page = browser.open("/recovery").await;
    let sent = browser.submit(&page, &[("email", EMAIL), ("method", "code")]).await;
    sent.shows(200, "/recovery");
    assert_eq!((sent.json()["state"].as_str(), sent.hops.len()), (Some("sent_email"), 1));
    // Kratos responds with 200 to a wrong code.
    let wrong = browser.submit(&sent, &[("code", "000000"), ("method", "code")]).await;
    wrong.shows(200, "/recovery");
    assert_eq!((wrong.messages(), wrong.hops.len()), (vec![4_060_006], 0));
    let settings = browser.submit(&wrong, &[("code", &app.code()), ("method", "code")]).await;
    settings.shows(200, "/settings");
    assert!(browser.is_signed_in() && settings.messages() == [1_060_001], "{}", settings.text);
    let saved = browser.submit(&settings, &[("password", PASSWORD), ("method", "password")]).await;
    saved.shows(200, "/settings");
    assert_eq!(saved.messages(), [1_050_001]);
}

#[tokio::test]
async fn an_address_is_verified() {
    let app = App::start().await;
    app.ory.person(EMAIL).create();
    let browser = app.browser();
    let page = browser.open("/verification?return_to=/orders").await;
    let sent = browser.submit(&page, &[("email", EMAIL), ("method", "code")]).await;
    sent.shows(200, "/verification");
    let wrong = browser.submit(&sent, &[("code", "000000"), ("method", "code")]).await;
    wrong.shows(200, "/verification");
    assert_eq!(wrong.messages(), [4_070_006]);
    let passed = browser.submit(&wrong, &[("code", &app.code()), ("method", "code")]).await;
    passed.shows(200, "/verification");
    assert_eq!((passed.messages(), passed.json()["state"].as_str()), (vec![1_080_002], Some("passed_challenge")));
    // The form leads on, and is not posted here.
    assert_eq!(passed.json()["action"], format!("{}/orders", app.url));
    // One more submission is about a flow that is done, which Kratos replaces.
    let again = browser.submit(&wrong, &[("code", "111111"), ("method", "code")]).await;
    again.shows(200, "/verification");
    assert_ne!(again.query("flow"), passed.query("flow"));
}

#[tokio::test]
async fn settings_are_saved_and_shown() {
    let app = App::start().await;
    let browser = app.browser_of(EMAIL);
    let page = browser.open("/settings").await;
    let wrong = [("traits.email", "nobody"), ("method", "profile")];
    browser.submit(&page, &wrong).await.shows(400, "/settings");
    let fields = [("traits.email", EMAIL), ("traits.name.first", "Ada"), ("traits.age", "36"), ("method", "profile")];
    let posted = browser.post(&page, &fields).await;
    posted.shows(303, "/settings");
    let saved = browser.follow(posted).await;
    saved.shows(200, "/settings");
    assert_eq!((saved.messages(), saved.value("traits.name.first")), (vec![1_050_001], "Ada".to_owned()));
    // With a place to return to, the browser goes there.
    let page = browser.open("/settings?return_to=/orders").await;
    browser.submit(&page, &fields).await.shows(200, "/orders");
}
