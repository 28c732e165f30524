//! The layers as services of tower: on a plain hyper server, and by tower's contract.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use ory_sdk::sessions::SignedIn;
use ory_sdk::web::{Guard, SessionLayer};
use tokio_test::{assert_pending, assert_ready_ok};
use tower_layer::Layer;
use tower_test::mock;

use super::service::{BROWSER, PUBLIC, Service, send};

/// Who it is, from the extensions of the request.
async fn greet<B>(request: Request<B>) -> Result<Response<Full<Bytes>>, Infallible> {
    let person = request.extensions().get::<SignedIn>();
    let text = person.map_or("nobody".to_owned(), |person| person.id.to_string());
    Ok(Response::new(Full::from(text)))
}

#[tokio::test]
async fn a_plain_hyper_service() {
    let service = Service::start().await;
    let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).build().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let guarded = layer.layer(Guard::signed_in().layer(tower::service_fn(greet)));
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(guarded));
            tokio::spawn(connection);
        }
    });
    let ada = service.ory.sign_in("ada@example.org");
    let cookie = ("cookie", ada.cookie().expose());
    let answer = send(&url, Method::GET, &[cookie]).await;
    assert_eq!((answer.status, answer.body), (StatusCode::OK, ada.session_id().to_string()));
    assert_eq!(answer.headers["cache-control"], "private, no-store");
    let answer = send(&url, Method::GET, &BROWSER).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").unwrap().contains("return_to=https%3A%2F%2Fapp.example.org%2F"));
    assert_eq!(send(&url, Method::POST, &[]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&url, Method::HEAD, &BROWSER).await.status, StatusCode::SEE_OTHER);
}

type Mock = mock::Mock<Request<()>, Response<String>>;

/// A service may be called once it says that it is ready, and readiness belongs to the one that said so.
#[tokio::test]
async fn the_contract_of_tower() {
    let service = Service::start().await;
    let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).build().unwrap();
    let ada = service.ory.sign_in("ada@example.org");
    let request = || Request::builder().header("x-session-token", ada.token().expose()).body(()).unwrap();

    let stack = |inner: Mock| layer.layer(Guard::signed_in().layer(inner));
    let (mut spawned, mut inner) = mock::spawn_with(stack);
    // Not ready as long as the inner service is not.
    inner.allow(0);
    assert_pending!(spawned.poll_ready::<Request<()>>());
    inner.allow(1);
    assert_ready_ok!(spawned.poll_ready::<Request<()>>());
    let response = tokio::spawn(spawned.call(request()));
    let (passed, respond) = inner.next_request().await.unwrap();
    assert!(passed.extensions().get::<SignedIn>().is_some());
    assert_eq!(passed.headers()["x-session-token"], ada.token().expose(), "the handler gets all headers");
    respond.send_response(Response::new("done".to_owned()));
    assert_eq!(response.await.unwrap().unwrap().status(), StatusCode::OK);

    // A refusal is no error of the service, and does not call it.
    inner.allow(1);
    assert_ready_ok!(spawned.poll_ready::<Request<()>>());
    let refused = spawned.call(Request::new(())).await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let nothing = tokio::time::timeout(Duration::from_millis(50), inner.next_request()).await;
    assert!(nothing.is_err(), "the service was called");

    // An error of the service stays its own.
    inner.allow(1);
    assert_ready_ok!(spawned.poll_ready::<Request<()>>());
    let failed = tokio::spawn(spawned.call(request()));
    let (_, respond) = inner.next_request().await.unwrap();
    respond.send_error("of the service");
    assert_eq!(failed.await.unwrap().unwrap_err().to_string(), "of the service");
}
