//! Requests that are refused before Kratos sees them, and the page that says so.

use std::sync::{Arc, Mutex};

use http::{Method, StatusCode};
use ory_sdk::testing::Fault;

use super::app::{App, PASSWORD};

const EMAIL: &str = "ada@example.org";
const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_body_of_another_kind_or_size_is_refused() {
    let app = App::start().await;
    let browser = app.browser();
    let page = browser.open("/login").await;
    let calls = app.ory.calls().len();
    let action = page.url.as_str();
    for (media_type, body, status) in [
        (FORM, vec![b'a'; (1 << 20) + 1], 413),
        ("application/json", vec![b' '; (1 << 20) + 1], 413),
        ("application/json", b"{".to_vec(), 400),
        ("application/json", b"{\"a\": 1} x".to_vec(), 400),
        ("application/json", vec![0xff], 400),
        ("application/json", "[".repeat(100_000).into_bytes(), 400),
        ("multipart/form-data; boundary=x", b"--x--".to_vec(), 415),
        ("text/plain", b"method=password".to_vec(), 415),
        ("", b"method=password".to_vec(), 415),
    ] {
        let refused = browser.send(Method::POST, action, Some((media_type, body))).await;
        assert_eq!(refused.status, status, "{media_type}");
        assert!(refused.text.contains("Start again") && refused.headers["content-type"] == "text/html; charset=utf-8");
    }
    assert_eq!(browser.send(Method::POST, action, None).await.status, 415);
    assert_eq!(app.ory.calls().len(), calls, "nothing was sent to Kratos");
    // The longest body is a matter of Kratos.
    let longest = browser.send(Method::POST, action, Some((FORM, vec![b'a'; 1 << 20]))).await;
    assert_ne!(longest.status, 413);
}

#[tokio::test]
async fn a_script_may_post_json() {
    let app = App::start().await;
    app.ory.person(EMAIL).password(PASSWORD).create();
    let browser = app.browser();
    let page = browser.open("/login").await;
    let token = page.value("csrf_token");
    let body = |password: &str, token: &str| {
        let body =
            serde_json::json!({"method": "password", "identifier": EMAIL, "password": password, "csrf_token": token});
        Some(("Application/JSON; charset=utf-8", body.to_string().into_bytes()))
    };
    let refused = browser.send(Method::POST, page.url.as_str(), body("wrong", &token)).await;
    refused.shows(400, "/login");
    let done = browser.send(Method::POST, page.url.as_str(), body(PASSWORD, &token)).await;
    browser.follow(done).await.shows(200, "/");
    assert!(browser.is_signed_in());
    // Without the token of its form, another site could post in the name of the user.
    let other = app.browser();
    let page = other.open("/login").await;
    let forged = other.send(Method::POST, page.url.as_str(), body(PASSWORD, "")).await;
    other.follow(forged).await.shows(200, "/login");
    assert!(!other.is_signed_in());
}

#[tokio::test]
async fn a_service_draws_error_pages_of_its_own() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&log);
    let app = App::with(|builder| {
        builder.error_page(move |page| {
            kept.lock().unwrap().push(page.error.map(ToString::to_string));
            assert!(!format!("{page:?}").contains("hunter2"), "{page:?}");
            format!("<h1>{} {}</h1>", page.status.as_u16(), page.title())
        })
    })
    .await;
    app.ory.fail_all(Fault::status(StatusCode::BAD_GATEWAY).html().always());
    let page = app.browser().open("/login?return_to=/hunter2&login_challenge=hunter2").await;
    assert_eq!((page.status, page.text.as_str()), (503, "<h1>503 Service Unavailable</h1>"));
    assert_eq!(page.headers["retry-after"], "5");
    let log = log.lock().unwrap();
    let logged = log[0].as_deref().unwrap();
    assert!(logged.contains("502") && !logged.contains("hunter2"), "{logged}");
}

#[tokio::test]
async fn the_usual_error_page_escapes_what_the_browser_asked_for() {
    let app = App::start().await;
    app.ory.fail_all(Fault::closed().always());
    let page = app.browser().open("/login?login_challenge=%22%3E%3Cscript%3E&return_to=/%22%3E%3Cscript%3E").await;
    page.shows(503, "/login");
    assert!(!page.text.contains("<script>") && !page.text.contains("\"><"), "{}", page.text);
    // A name, a value or a message of Kratos is not on it either.
    assert!(page.text.contains("Try again in a few seconds"));
}

#[tokio::test]
async fn a_missing_setting_is_not_the_fault_of_the_user() {
    // Kratos does not allow the URL that is configured here.
    let app = App::with(|builder| builder.after_sign_in("https://other.example.org/")).await;
    let page = app.browser().open("/login").await;
    page.shows(500, "/login");
    // A plain http URL of another machine, without leave to use it.
    let client = ory_sdk::Client::builder().kratos_public_url("http://kratos.internal:4433").build().unwrap();
    let pages = ory_sdk::web::pages::Pages::builder(&client).public_url("https://app.example.org").build().unwrap();
    let request = http::Request::get("/login").header("cookie", "ory_kratos_session=x").body(()).unwrap();
    let answer = pages.get(ory_sdk::flow::FlowKind::Login, &request.into_parts().0).await;
    assert_eq!(answer.draw(|_| unreachable!()).status(), 500);
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let app = App::start().await;
    let pages = ory_sdk::web::pages::Pages::builder(&app.client).public_url(&app.url);
    let shown = format!("{pages:?} {:?}", pages.clone().build().unwrap());
    assert!(shown.contains("login"), "{shown}");
    let browser = app.browser();
    let page = browser.open("/login").await;
    let request = http::Request::get(page.url.as_str()).header("cookie", browser.cookie_header()).body(()).unwrap();
    let pages = pages.build().unwrap();
    let answer = pages.get(ory_sdk::flow::FlowKind::Login, &request.into_parts().0).await;
    let shown = format!("{answer:?}");
    assert!(shown.contains("Draw") && shown.contains("200"), "{shown}");
    for secret in [page.query("flow").unwrap(), page.value("csrf_token"), browser.cookie_header()] {
        assert!(!shown.contains(&secret), "{shown}");
    }
}
