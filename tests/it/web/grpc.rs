//! A service of tonic behind the layers, and its client.

use http::HeaderValue;
use ory_sdk::testing::Fault;
use ory_sdk::web::{Guard, SessionLayer};
use tonic::transport::{Channel, Server};
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::service::{PUBLIC, Service};

#[tokio::test]
async fn a_service_of_tonic() {
    let service = Service::start().await;
    let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).build().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (_, health) = tonic_health::server::health_reporter();
    let server = Server::builder().layer(layer).layer(Guard::signed_in()).add_service(health);
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    tokio::spawn(server.serve_with_incoming(incoming));

    let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
    let mut client = HealthClient::new(channel);
    let mut call = async |metadata: &[(&'static str, &str)]| {
        let mut request = Request::new(HealthCheckRequest::default());
        for (name, value) in metadata {
            request.metadata_mut().insert(*name, value.parse().unwrap());
        }
        client.check(request).await.map(drop).map_err(|status| (status.code(), status.message().to_owned()))
    };
    let ada = service.ory.sign_in("ada@example.org");
    assert_eq!(call(&[("x-session-token", ada.token().expose())]).await, Ok(()));
    assert_eq!(call(&[("authorization", &format!("Bearer {}", ada.token().expose()))]).await, Ok(()));
    let nobody = Err((Code::Unauthenticated, "Nobody is signed in.".to_owned()));
    assert_eq!(call(&[]).await, nobody);
    assert_eq!(call(&[("x-session-token", "made-up")]).await, nobody);
    service.ory.person("bob@example.org").totp().create();
    let bob = service.ory.sign_in("bob@example.org");
    let half = Err((Code::PermissionDenied, "A second factor is required.".to_owned()));
    assert_eq!(call(&[("x-session-token", bob.token().expose())]).await, half);
    service.ory.fail("to_session", Fault::status(http::StatusCode::BAD_GATEWAY).always()).unwrap();
    let (code, message) = call(&[("x-session-token", "unknown-yet")]).await.unwrap_err();
    assert_eq!(code, Code::Unavailable, "{message}");
    assert!(HeaderValue::from_str(&message).is_ok());
}
