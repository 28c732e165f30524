//! The page to which Kratos sends browsers with an error.

use http::StatusCode;
use ory_sdk::testing::Fault;
use serde_json::json;

use super::app::App;

/// Opens the page for an error that Kratos keeps.
async fn open(app: &App, error: serde_json::Value) -> (u16, String) {
    let body = json!({"id": "9f425a8d-7efc-4768-8f23-7647a74fdf13", "error": error}).to_string();
    let kept = Fault::status(StatusCode::OK).body("application/json", body);
    app.ory.fail("get_self_service_error", kept).unwrap();
    let page = app.browser().open("/error?id=9f425a8d-7efc-4768-8f23-7647a74fdf13").await;
    (page.status, page.text)
}

#[tokio::test]
async fn the_id_of_an_error_says_what_to_do() {
    let app = App::start().await;
    for (id, code, text, link) in [
        ("security_csrf_violation", 403, "did not send a cookie", "/login\""),
        ("session_aal2_required", 403, "second factor", "/login?aal=aal2\""),
        ("session_refresh_required", 403, "Sign in again", "/login?refresh=true\""),
        ("session_already_available", 400, "signed in already", "/\""),
        ("self_service_flow_expired", 410, "open for too long", "/login\""),
        ("self_service_flow_return_to_forbidden", 400, "a site that is not allowed", "/\""),
        ("something_new", 400, "does not work", "/login\""),
        ("", 502, "not your fault", "/\""),
    ] {
        let error = json!({"id": id, "code": code, "reason": "the database at 10.0.0.7", "message": "secret"});
        let (status, page) = open(&app, error).await;
        assert_eq!(status, code, "{id}");
        assert!(page.contains(text) && page.contains(&format!("{}{link}", app.url)), "{id}: {page}");
        assert!(!page.contains("10.0.0.7") && !page.contains("secret"), "{page}");
    }
}

#[tokio::test]
async fn whatever_kratos_keeps_is_a_page() {
    let app = App::start().await;
    for error in [json!(null), json!({}), json!({"code": 200}), json!({"code": 99999}), json!({"id": 7, "code": "x"})] {
        let (status, page) = open(&app, error.clone()).await;
        assert_eq!(status, 500, "{error}: {page}");
    }
    for path in ["/error", "/error?id=", "/error?id=00000000-0000-0000-0000-000000000000", "/error?id=%00&id=2"] {
        let page = app.browser().open(path).await;
        assert_eq!((page.status, page.text.contains("no longer known")), (404, true), "{path}: {}", page.text);
    }
    app.browser().open("/error?id=stub:500").await.shows(500, "/error");
    app.ory.fail_all(Fault::closed().always());
    app.browser().open("/error?id=stub:500").await.shows(503, "/error");
}
