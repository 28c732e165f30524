//! Settings that cannot work are refused when the layer is built.

use ory_sdk::Client;
use ory_sdk::sessions::Sessions;
use ory_sdk::web::{SessionLayer, SessionLayerBuilder};

#[test]
fn a_setting_that_cannot_work_is_named() {
    let client = Client::builder().kratos_public_url("http://127.0.0.1:1").build().unwrap();
    let sessions = Sessions::builder(&client).build().unwrap();
    let missing = SessionLayer::builder(&sessions).build().unwrap_err();
    assert!(missing.to_string().contains("`public_url` is missing"), "{missing}");
    type Set = fn(SessionLayerBuilder) -> SessionLayerBuilder;
    let wrong: [(Set, &str); 13] = [
        (|it| it.public_url("app.example.org"), "`public_url`"),
        (|it| it.public_url(""), "`public_url`"),
        (|it| it.public_url("/app"), "`public_url`"),
        (|it| it.public_url("ftp://app.example.org"), "`public_url`"),
        (|it| it.public_url("https://user:hunter2@app.example.org"), "`public_url`"),
        (|it| it.public_url("https://app.example.org/?a=b"), "`public_url`"),
        (|it| it.public_url("https://app.example.org/#a"), "`public_url`"),
        (|it| it.login_page("login"), "`login_page`"),
        (|it| it.login_page("//evil.example"), "`login_page`"),
        (|it| it.login_page("/login?a=b"), "`login_page`"),
        (|it| it.ui_page("https://x"), "`ui_page`"),
        (|it| it.websocket_origin("x"), "`websocket_origin`"),
        (|it| it.websocket_origin("https://x/path"), "`websocket_origin`"),
    ];
    for (set, named) in wrong {
        let builder = SessionLayer::builder(&sessions).public_url("https://app.example.org");
        let error = set(builder).build().unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
