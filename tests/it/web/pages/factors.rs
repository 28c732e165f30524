//! Second factors and fresh logins.

use std::time::Duration;

use http::Method;

use super::app::{App, PASSWORD};

const EMAIL: &str = "ada@example.org";

async fn with_totp() -> App {
    let app = App::start().await;
    app.ory.person(EMAIL).password(PASSWORD).totp().create();
    app
}

fn totp(app: &App) -> String {
    app.ory.totp_code(EMAIL).unwrap().expose().to_owned()
}

#[tokio::test]
async fn a_login_goes_on_with_the_second_factor_and_then_returns() {
    let app = with_totp().await;
    let browser = app.browser();
    let page = browser.open("/login?return_to=/orders").await;
    let fields = [("identifier", EMAIL), ("password", PASSWORD), ("method", "password")];
    // Kratos names a URL of its own. The browser goes to this site, to which its cookies belong.
    let second = browser.submit(&page, &fields).await;
    second.shows(200, "/login");
    assert_eq!(second.query("aal").as_deref(), Some("aal2"));
    assert!(second.has("totp_code") && browser.is_signed_in());
    let wrong = browser.submit(&second, &[("totp_code", "000000"), ("method", "totp")]).await;
    wrong.shows(400, "/login");
    browser.submit(&wrong, &[("totp_code", &totp(&app)), ("method", "totp")]).await.shows(200, "/orders");
}

#[tokio::test]
async fn settings_that_need_a_second_factor_ask_for_it_and_come_back() {
    let app = with_totp().await;
    let browser = app.browser_of(EMAIL);
    let second = browser.open("/settings").await;
    second.shows(200, "/login");
    assert_eq!(second.query("aal").as_deref(), Some("aal2"));
    let settings = browser.submit(&second, &[("totp_code", &totp(&app)), ("method", "totp")]).await;
    settings.shows(200, "/settings");
    assert!(settings.has("totp_unlink"));
}

/// A service that needs a second factor sends the browser to the login page, which must not send it back at once.
#[tokio::test]
async fn a_plain_login_with_half_a_session_asks_for_the_second_factor() {
    let app = with_totp().await;
    let browser = app.browser_of(EMAIL);
    let second = browser.open("/login?return_to=/orders").await;
    second.shows(200, "/login");
    assert_eq!(second.query("aal").as_deref(), Some("aal2"));
    browser.submit(&second, &[("totp_code", &totp(&app)), ("method", "totp")]).await.shows(200, "/orders");
    browser.open("/login?return_to=/orders").await.shows(200, "/orders");
    browser.open("/login?aal=aal2&return_to=/orders").await.shows(200, "/orders");
}

#[tokio::test]
async fn a_second_factor_without_a_session_begins_with_the_first() {
    let app = with_totp().await;
    let browser = app.browser();
    let first = browser.open("/login?aal=aal2&return_to=/orders").await;
    first.shows(200, "/login");
    assert_eq!((first.query("aal"), first.has("password")), (None, true));
    let fields = [("identifier", EMAIL), ("password", PASSWORD), ("method", "password")];
    let second = browser.submit(&first, &fields).await;
    assert!(second.has("totp_code"));
    browser.submit(&second, &[("totp_code", &totp(&app)), ("method", "totp")]).await.shows(200, "/orders");
}

#[tokio::test]
async fn a_user_without_a_second_factor_sets_one_up() {
    let app = App::start().await;
    let browser = app.browser_of("bob@example.org");
    let page = browser.open("/login?aal=aal2&return_to=/orders").await;
    page.shows(200, "/settings");
    assert_eq!(page.query("return_to"), Some(format!("{}/orders", app.url)));
}

#[tokio::test]
async fn a_change_that_needs_a_fresh_login_comes_back_to_its_flow() {
    let app = App::start().await;
    app.ory.person(EMAIL).password(PASSWORD).create();
    let browser = app.browser_of(EMAIL);
    app.ory.advance(Duration::from_secs(16 * 60));
    let settings = browser.open("/settings").await;
    let change = [("password", "another-Long-passw0rd!"), ("method", "password")];
    let login = browser.submit(&settings, &change).await;
    login.shows(200, "/login");
    assert_eq!(login.query("refresh").as_deref(), Some("true"));
    let fields = [("identifier", EMAIL), ("password", PASSWORD), ("method", "password")];
    let back = browser.submit(&login, &fields).await;
    back.shows(200, "/settings");
    assert_eq!(back.query("flow"), settings.query("flow"));
    let saved = browser.submit(&back, &change).await;
    saved.shows(200, "/settings");
    assert_eq!(saved.messages(), [1_050_001]);
}

#[tokio::test]
async fn whoever_may_not_sign_in_is_told_so() {
    let app = App::start().await;
    let ada = app.ory.person(EMAIL).password(PASSWORD).create();
    let patch = serde_json::json!([{"op": "replace", "path": "/state", "value": "inactive"}]);
    app.client.admin_patch_identity().id(ada.id().to_string()).json_body(patch).send().await.unwrap();
    let browser = app.browser();
    let page = browser.open("/login").await;
    let fields = [("identifier", EMAIL), ("password", PASSWORD), ("method", "password")];
    let refused = browser.submit(&page, &fields).await;
    refused.shows(403, "/login");
    assert!(refused.text.contains("You may not do this"));
    assert!(!browser.is_signed_in());
    assert_eq!(browser.send(Method::GET, "/login?aal=nonsense", None).await.status, 400);
}

/// Whoever is sent to Kratos for a second factor arrives with the id of a flow alone.
#[tokio::test]
async fn a_user_without_a_second_factor_sets_one_up_however_they_come() {
    for direct in [false, true] {
        let app = App::with(|builder| if direct { builder.post_to_kratos() } else { builder }).await;
        let browser = app.browser().visiting_kratos();
        browser.keep_cookie(&app.url, app.ory.sign_in("bob@example.org").cookie().expose());
        let url = |back: &str| {
            let back = format!("{}{back}", app.url);
            let start = app.client.create_flow(ory_sdk::flow::FlowKind::Login).aal2().return_to(back);
            start.url().unwrap().as_str().to_owned()
        };
        let page = browser.open(&url("/orders")).await;
        page.shows(200, "/settings");
        let setup = browser.submit(&page, &[("lookup_secret_regenerate", "true"), ("method", "lookup_secret")]).await;
        let confirm = [("lookup_secret_confirm", "true"), ("method", "lookup_secret")];
        browser.submit(&setup, &confirm).await.shows(200, "/orders");
        // Settings that need the second factor are no place to go to.
        let other = app.browser().visiting_kratos();
        other.keep_cookie(&app.url, app.ory.sign_in("eve@example.org").cookie().expose());
        other.open(&url("/settings")).await.shows(200, "/login");
    }
}
