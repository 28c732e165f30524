//! Where a browser goes at the end, and where it never goes.

use url::form_urlencoded::byte_serialize;

use super::app::{App, PASSWORD};

const EMAIL: &str = "ada@example.org";

const ATTACKS: [&str; 16] = [
    "https://evil.example/",
    "https:evil.example",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\r\nSet-Cookie: evil=1",
    "\u{1}//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "data:text/html,evil",
    "https://127.0.0.1@evil.example/",
    "https://127.0.0.1.evil.example/",
    "evil.example",
    "http://[::evil",
];

fn page_with(path: &str, return_to: &str) -> String {
    format!("{path}?return_to={}", byte_serialize(return_to.as_bytes()).collect::<String>())
}

#[tokio::test]
async fn no_return_to_leads_to_another_site() {
    let app = App::start().await;
    app.ory.person(EMAIL).password(PASSWORD).create();
    for attack in ATTACKS {
        // Somebody who is signed in is sent on at once. `open` refuses to leave the site.
        let signed_in = app.browser_of(EMAIL);
        let url = page_with("/login", attack);
        signed_in.open(&url).await.shows(200, "/");
        signed_in.open(&page_with("/registration", attack)).await.shows(200, "/");

        let browser = app.browser();
        let page = browser.open(&url).await;
        page.shows(200, "/login");
        assert_eq!(page.query("return_to"), None, "{attack:?}");
        let fields = [("identifier", EMAIL), ("password", PASSWORD), ("method", "password")];
        let done = browser.post(&page, &fields).await;
        assert!(done.set_cookies().iter().all(|line| !line.contains("evil")), "{attack:?}");
        browser.follow(done).await.shows(200, "/");
        assert!(!browser.cookie_names().contains(&"evil".to_owned()));
    }
}

#[tokio::test]
async fn a_return_to_of_this_site_is_followed() {
    let app = App::start().await;
    app.ory.person(EMAIL).password(PASSWORD).create();
    for wanted in ["/orders?page=2", &format!("{}/orders?page=2", app.url)] {
        let signed_in = app.browser_of(EMAIL).open(&page_with("/login", wanted)).await;
        assert_eq!(signed_in.url.as_str(), format!("{}/orders?page=2", app.url));
        let browser = app.browser();
        let page = browser.open(&page_with("/login", wanted)).await;
        let fields = [("identifier", EMAIL), ("password", PASSWORD), ("method", "password")];
        assert_eq!(browser.submit(&page, &fields).await.url, signed_in.url);
    }
}

#[tokio::test]
async fn whoever_is_signed_in_already_goes_home() {
    let app = App::with(|builder| builder.after_sign_in("/orders")).await;
    app.ory.person(EMAIL).password(PASSWORD).create();
    let browser = app.browser_of(EMAIL);
    for page in ["/login", "/registration", "/recovery"] {
        browser.open(page).await.shows(200, "/orders");
    }
    // A page that sends the browser back here is no loop.
    for page in ["/login?return_to=/login", "/login?return_to=/registration", "/registration?return_to=/login"] {
        browser.open(page).await.shows(200, "/orders");
    }
    // A form that somebody fills in after they signed in elsewhere.
    let other = app.browser();
    let page = other.open("/login").await;
    other.keep_cookie(&app.url, app.ory.sign_in(EMAIL).cookie().expose());
    other.submit(&page, &[("identifier", EMAIL), ("password", PASSWORD)]).await.shows(200, "/orders");
    // After a login too.
    let other = app.browser();
    let page = other.open("/login").await;
    let fields = [("identifier", EMAIL), ("password", PASSWORD), ("method", "password")];
    other.submit(&page, &fields).await.shows(200, "/orders");
}

#[tokio::test]
async fn settings_without_a_session_come_back_after_the_login() {
    let app = App::start().await;
    app.ory.person(EMAIL).password(PASSWORD).create();
    let browser = app.browser();
    let login = browser.open("/settings?return_to=/orders").await;
    login.shows(200, "/login");
    let back = format!(
        "{0}/settings?return_to={1}",
        app.url,
        byte_serialize(format!("{}/orders", app.url).as_bytes()).collect::<String>()
    );
    assert_eq!(login.query("return_to"), Some(back));
    let fields = [("identifier", EMAIL), ("password", PASSWORD), ("method", "password")];
    let settings = browser.submit(&login, &fields).await;
    settings.shows(200, "/settings");
    assert_eq!(settings.query("return_to"), Some(format!("{}/orders", app.url)));

    // A session that ended while the settings were open.
    app.ory.revoke_session(app.client.with_cookies(browser.cookie_header()).to_session().send().await.unwrap().id);
    let login = browser.submit(&settings, &[("traits.email", EMAIL), ("method", "profile")]).await;
    login.shows(200, "/login");
    let again = browser.submit(&login, &fields).await;
    again.shows(200, "/settings");
    assert_eq!(again.query("flow"), settings.query("flow"));
}

/// An attacker can set these headers, for example through a cache.
#[tokio::test]
async fn no_header_changes_a_url() {
    let app = App::start().await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("x-forwarded-prefix", "/evil"),
        ("x-original-uri", "https://evil.example/"),
        ("forwarded", "host=evil.example"),
        ("referer", "https://evil.example/"),
        ("origin", "https://evil.example"),
    ] {
        for path in ["/login", "/settings", "/login?flow=nonsense"] {
            let response = http.get(format!("{}{path}", app.url)).header(name, value).send().await.unwrap();
            let location = response.headers()["location"].to_str().unwrap().to_owned();
            assert!(location.starts_with(&app.url) && !location.contains("evil"), "{name}: {location}");
        }
    }
}
