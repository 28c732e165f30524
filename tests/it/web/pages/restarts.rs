//! Flows that cannot go on are started again, and never in a loop.

use std::time::Duration;

use http::Method;
use ory_sdk::flow::FlowKind;
use uuid::Uuid;

use super::app::{App, PASSWORD};

const EMAIL: &str = "ada@example.org";
const HOUR: Duration = Duration::from_secs(61 * 60);

#[tokio::test]
async fn an_expired_flow_starts_again_and_keeps_what_was_asked() {
    let app = App::start().await;
    for kind in FlowKind::ALL {
        let browser = if kind == FlowKind::Settings { app.browser_of(EMAIL) } else { app.browser() };
        let path = format!("/{kind}");
        let page = browser.open(&format!("{path}?return_to=%2Forders%3Fpage%3D2&utm=x")).await;
        page.shows(200, &path);
        let return_to = format!("{}/orders?page=2", app.url);
        assert_eq!(page.query("return_to").as_deref(), Some(return_to.as_str()));
        app.ory.advance(HOUR);

        let shown = browser.open(page.url.as_str()).await;
        shown.shows(200, &path);
        assert_ne!(shown.query("flow"), page.query("flow"));
        assert_eq!(shown.query("return_to").as_deref(), Some(return_to.as_str()));
        assert!(shown.query("utm").is_none() && shown.hops.len() == 2, "{:?}", shown.hops);

        let posted = browser.submit(&page, &[("method", "password")]).await;
        posted.shows(200, &path);
        assert_ne!(posted.query("flow"), page.query("flow"));
        assert_eq!(posted.query("return_to").as_deref(), Some(return_to.as_str()));
        // The new flow works, even though its URL says that it was started again long ago.
        app.ory.advance(HOUR);
        let later = posted.url.as_str().replace("again=1", "again=0");
        browser.open(&later).await.shows(200, &path);
    }
}

/// Kratos says where an expired flow would have led, if the URL does not.
#[tokio::test]
async fn an_expired_flow_keeps_the_return_to_that_kratos_knows() {
    let app = App::start().await;
    let browser = app.browser();
    let page = browser.open("/login?return_to=/orders").await;
    app.ory.advance(HOUR);
    let bare = format!("/login?flow={}", page.query("flow").unwrap());
    let shown = browser.open(&bare).await;
    shown.shows(200, "/login");
    assert_eq!(shown.query("return_to"), Some(format!("{}/orders", app.url)));
}

#[tokio::test]
async fn a_foreign_or_unknown_flow_starts_again_once() {
    let app = App::start().await;
    for kind in FlowKind::ALL {
        let path = format!("/{kind}");
        let (own, other) = if kind == FlowKind::Settings {
            (app.browser_of(EMAIL), app.browser_of("bob@example.org"))
        } else {
            (app.browser(), app.browser())
        };
        let foreign = other.open(&path).await;
        let unknown = Uuid::from_u128(7);
        for id in [foreign.query("flow").unwrap(), unknown.to_string(), "nonsense".to_owned(), String::new()] {
            let page = own.open(&format!("{path}?flow={id}&return_to=/orders")).await;
            page.shows(200, &path);
            assert_ne!(page.query("flow"), Some(id));
            assert_eq!(page.query("return_to"), Some(format!("{}/orders", app.url)));
        }
        let mut stolen = own.open(&path).await;
        stolen.text = foreign.text.clone();
        let page = own.submit(&stolen, &[("method", "password"), ("traits.email", EMAIL)]).await;
        page.shows(200, &path);
        assert_ne!(page.query("flow"), foreign.query("flow"));
    }
}

#[tokio::test]
async fn a_browser_without_cookies_gets_a_page_that_says_so() {
    let app = App::start().await;
    let browser = app.browser().blocking_cookies();
    for kind in [FlowKind::Login, FlowKind::Registration, FlowKind::Recovery, FlowKind::Verification] {
        let page = browser.open(&format!("/{kind}?return_to=/orders")).await;
        page.shows(403, &format!("/{kind}"));
        assert!(page.text.contains("cookies") && page.text.contains("Start again"), "{}", page.text);
        assert_eq!(page.hops.len(), 3, "{:?}", page.hops);
        let start = format!("href=\"{}/{kind}?return_to=", app.url);
        assert!(page.text.contains(&start) && !page.text.contains("again="), "{}", page.text);
    }
}

#[tokio::test]
async fn a_form_without_a_flow_goes_to_the_page() {
    let app = App::start().await;
    let browser = app.browser();
    for query in ["", "?flow=", "?flow=nonsense", "?flow=../../admin/identities"] {
        let body = Some(("application/x-www-form-urlencoded", b"method=password".to_vec()));
        let sent = browser.send(Method::POST, &format!("/login{query}"), body).await;
        sent.shows(303, "/login");
        assert_eq!(sent.location().as_str(), format!("{}/login", app.url));
    }
}

#[tokio::test]
async fn a_flow_of_another_kind_starts_again() {
    let app = App::start().await;
    app.ory.person(EMAIL).password(PASSWORD).create();
    let browser = app.browser();
    let login = browser.open("/login").await.query("flow").unwrap();
    let page = browser.open(&format!("/registration?flow={login}")).await;
    page.shows(200, "/registration");
    assert_ne!(page.query("flow").unwrap(), login);
}
