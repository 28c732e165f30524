//! Bodies and headers of any request that cannot be sent.

use ory_sdk::ErrorKind;
use ory_sdk::contract::Endpoint;
use ory_sdk::http::Method;

use super::Wire;

#[tokio::test]
async fn a_media_type_that_no_header_can_carry() {
    let wire = Wire::new().await;
    let send = async |media_type: &'static str| {
        wire.client.request(Method::POST, Endpoint::KratosPublic, "/x").body(media_type, "{}").await
    };
    for wrong in [
        "größe/json",
        "application/json\n",
        "a/b\r\nX-More: 1",
        "a/b\0",
        "a/b; c=\u{e9}",
        "a/b; c=\t",
        "a/b\u{7f}",
        "",
        " ",
        "json",
        "/",
        "a/",
        "/b",
        "a b/c",
    ] {
        let why = format!("request: expected a media type such as `text/plain`, but got {wrong:?}");
        wire.refused(send(wrong).await, ErrorKind::Argument, &why);
    }
    for right in ["text/plain", "application/vnd.api+json", "multipart/form-data; boundary=\"a b\"", "text/x ;a=b"] {
        let _ = send(right).await;
        assert_eq!(wire.server.take().header("content-type"), Some(right));
    }
}

#[tokio::test]
async fn more_headers_than_any_server_takes() {
    let wire = Wire::new().await;
    let request = |count: usize| {
        let start = wire.client.request(Method::GET, Endpoint::KratosPublic, "/x");
        (0..count).fold(start, |request, index| request.header(format!("x-more-{index}"), "1"))
    };
    for count in [1_001, 40_000] {
        wire.refused(request(count).await, ErrorKind::Argument, "request: more than 1000 headers");
    }
    let _ = request(50).await;
    assert!(wire.server.take().headers.len() > 50);
    // The same for the builder of an operation, and beside a body.
    let start = wire.client.admin_create_identity().json_body(serde_json::json!({}));
    let call = (0..40_000).fold(start, |call, index| call.header(format!("x-more-{index}"), "1"));
    wire.refused(call.await, ErrorKind::Argument, "adminCreateIdentity: more than 1000 headers");
}
