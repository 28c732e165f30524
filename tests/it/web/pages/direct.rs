//! Forms that browsers post to Kratos directly.

use std::time::Duration;

use http::Method;
use ory_sdk::flow::FlowKind;

use super::app::{App, PASSWORD};
use super::browser::Browser;

const EMAIL: &str = "ada@example.org";

async fn start() -> (App, Browser) {
    let app = App::with(|builder| builder.post_to_kratos()).await;
    app.ory.person(EMAIL).password(PASSWORD).totp().create();
    app.ory.person("bob@example.org").password(PASSWORD).create();
    let browser = browser(&app);
    (app, browser)
}

fn browser(app: &App) -> Browser {
    app.browser().visiting_kratos()
}

#[tokio::test]
async fn a_user_signs_in_at_kratos_and_is_back() {
    let (app, browser) = start().await;
    let page = browser.open("/login?return_to=/orders").await;
    page.shows(200, "/login");
    assert!(page.json()["action"].as_str().unwrap().starts_with(app.ory.url()), "{}", page.text);
    let kratos = format!("{}/self-service/login/browser?return_to=", app.ory.url());
    assert!(page.hops[1].starts_with(&kratos), "{:?}", page.hops);

    let wrong = [("identifier", "bob@example.org"), ("password", "wrong"), ("method", "password")];
    let refused = browser.submit(&page, &wrong).await;
    refused.shows(200, "/login");
    assert_eq!(refused.messages(), [4_000_006]);
    let right = [("identifier", "bob@example.org"), ("password", PASSWORD), ("method", "password")];
    browser.submit(&refused, &right).await.shows(200, "/orders");

    let settings = browser.open("/settings").await;
    settings.shows(200, "/settings");
    let out = browser.follow(browser.send(Method::POST, "/logout", None).await).await;
    assert!(!browser.is_signed_in(), "{:?}", out.hops);
}

#[tokio::test]
async fn each_kind_starts_at_kratos_and_expires_here() {
    let (app, _) = start().await;
    for kind in FlowKind::ALL {
        let browser = browser(&app);
        if kind == FlowKind::Settings {
            browser.keep_cookie(&app.url, app.ory.sign_in("bob@example.org").cookie().expose());
        }
        let path = format!("/{kind}");
        let page = browser.open(&format!("{path}?return_to=/orders")).await;
        page.shows(200, &path);
        app.ory.advance(Duration::from_secs(61 * 60));
        // Kratos' redirect says nothing of `return_to`, but its error does.
        assert_eq!(page.query("return_to"), None);
        let again = browser.open(page.url.as_str()).await;
        again.shows(200, &path);
        assert_ne!(again.query("flow"), page.query("flow"));
        assert!(again.hops.iter().any(|hop| hop.contains("return_to=")), "{:?}", again.hops);
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for_at_kratos() {
    let (app, browser) = start().await;
    browser.keep_cookie(&app.url, app.ory.sign_in_with_second_factor(EMAIL).cookie().expose());
    let settings = browser.open("/settings").await;
    settings.shows(200, "/settings");
    // A session without it, in the same browser.
    browser.keep_cookie(&app.url, app.ory.sign_in(EMAIL).cookie().expose());
    let second = browser.open(settings.url.as_str()).await;
    second.shows(200, "/login");
    let kratos = format!("{}/self-service/login/browser?aal=aal2&return_to=", app.ory.url());
    assert!(second.has("totp_code") && second.hops[1].starts_with(&kratos), "{:?}", second.hops);
    let code = app.ory.totp_code(EMAIL).unwrap().expose().to_owned();
    let back = browser.submit(&second, &[("totp_code", &code), ("method", "totp")]).await;
    back.shows(200, "/settings");
    assert_eq!(back.query("flow"), settings.query("flow"));
}

#[tokio::test]
async fn a_second_factor_without_a_session_begins_with_the_first() {
    let (app, browser) = start().await;
    // Kratos itself has only an error for it.
    let start = app.client.create_flow(FlowKind::Login).aal2().url().unwrap();
    assert_eq!(browser.send(Method::GET, start.as_str(), None).await.location().path(), "/error");
    let first = browser.open("/login?aal=aal2&return_to=/orders").await;
    first.shows(200, "/login");
    let fields = [("identifier", "bob@example.org"), ("password", PASSWORD), ("method", "password")];
    browser.submit(&first, &fields).await.shows(200, "/orders");
}

#[tokio::test]
async fn whoever_is_signed_in_already_goes_on() {
    let (app, browser) = start().await;
    browser.keep_cookie(&app.url, app.ory.sign_in("bob@example.org").cookie().expose());
    for page in ["/login", "/registration"] {
        browser.open(&format!("{page}?return_to=/orders")).await.shows(200, "/orders");
        browser.open(page).await.shows(200, "/");
    }
    browser.open("/recovery?return_to=/orders").await.shows(200, "/");
}

/// Two tabs, for example, which are both reloaded after a day.
#[tokio::test]
async fn a_restart_does_not_count_for_other_flows() {
    let (_app, browser) = start().await;
    let gone = "flow=11111111-2222-4333-8444-555555555555";
    for page in ["/verification", "/recovery", "/registration", "/login", "/login"] {
        browser.open(&format!("{page}?{gone}")).await.shows(200, page);
    }
}

#[tokio::test]
async fn a_flow_that_never_shows_is_no_loop() {
    let (app, _) = start().await;
    // The cookies of Kratos do not reach this service, as on another domain. Its own do. Or no cookie does.
    let foreign = app.browser().visiting_foreign_kratos();
    foreign.keep_cookie(&app.url, "theme=dark");
    for browser in [foreign, browser(&app).blocking_cookies()] {
        let page = browser.open("/login").await;
        page.shows(403, "/login");
        assert!(page.text.contains("cookies") && page.hops.len() <= 6, "{:?}", page.hops);
    }
    let other = browser(&app);
    let own = browser(&app);
    let stolen = other.open("/login").await;
    own.open("/verification").await;
    own.open(stolen.url.as_str()).await.shows(200, "/login");
}

/// Kratos may have another URL for browsers than for this service.
#[tokio::test]
async fn the_browser_starts_at_the_url_that_it_can_reach() {
    let client = ory_sdk::Client::builder().kratos_public_url("https://kratos.internal:4433");
    let client = client.kratos_browser_url("https://auth.example.org/kratos").build().unwrap();
    let builder = ory_sdk::web::pages::Pages::builder(&client).public_url("https://app.example.org");
    let pages = builder.after_sign_in("/orders").post_to_kratos().build().unwrap();
    let kratos = "https://auth.example.org/kratos/self-service";
    for (kind, query, url) in [
        (FlowKind::Login, "", "/login/browser?return_to=https%3A%2F%2Fapp.example.org%2Forders"),
        (FlowKind::Login, "?login_challenge=c", "/login/browser?login_challenge=c"),
        (
            FlowKind::Login,
            "?return_to=/a&aal=aal2",
            "/login/browser?aal=aal2&return_to=https%3A%2F%2Fapp.example.org%2Fa",
        ),
        (FlowKind::Recovery, "", "/recovery/browser"),
    ] {
        let request = http::Request::get(format!("/{kind}{query}")).header("cookie", "ory_kratos_session=x");
        let request = request.body(()).unwrap().into_parts().0;
        let response = pages.get(kind, &request).await.draw(|_| unreachable!());
        assert_eq!(response.status(), 303);
        assert_eq!(response.headers()["location"], format!("{kratos}{url}"));
        assert_eq!(response.headers()["cache-control"], "no-store");
    }
}
