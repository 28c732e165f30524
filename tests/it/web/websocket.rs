//! Websockets: browsers send cookies along with those that any page opens.

use http::StatusCode;

use super::service::Service;

#[tokio::test]
async fn a_page_of_another_site_gets_no_session() {
    let service = Service::with(|layer| layer.websocket_origin("https://admin.example.org")).await;
    let ada = service.ory.sign_in("ada@example.org");
    let upgrade = [("upgrade", "websocket"), ("connection", "upgrade"), ("sec-websocket-version", "13")];
    let status = async |more: &[(&str, &str)]| {
        let headers: Vec<_> = upgrade.into_iter().chain(more.iter().copied()).collect();
        service.get("/person", &headers).await.status
    };
    let cookie = ("cookie", ada.cookie().expose());
    for (origin, expected) in [
        ("https://app.example.org", StatusCode::OK),
        ("https://admin.example.org", StatusCode::OK),
        ("https://evil.example", StatusCode::FORBIDDEN),
        ("http://app.example.org", StatusCode::FORBIDDEN),
        ("https://app.example.org.evil.example", StatusCode::FORBIDDEN),
        ("null", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(status(&[cookie, ("origin", origin)]).await, expected, "{origin}");
    }
    assert_eq!(status(&[cookie]).await, StatusCode::FORBIDDEN, "without an origin");
    // No browser adds a token by itself.
    let token = ("x-session-token", ada.token().expose());
    assert_eq!(status(&[token, ("origin", "https://evil.example")]).await, StatusCode::OK);
}
