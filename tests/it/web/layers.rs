//! What the layers do to responses that are about a person, and to those that are not.

use std::time::Duration;

use http::{Method, StatusCode};
use ory_sdk::sessions::Sessions;
use ory_sdk::web::{Guard, SessionLayer};

use super::service::{PUBLIC, Service, routes, send, serve};
use crate::sessions::support::{Kratos, session};
use crate::support::server::Reply;

#[tokio::test]
async fn a_public_route_costs_no_call_and_keeps_its_headers() {
    let service = Service::start().await;
    let ada = service.ory.sign_in("ada@example.org");
    let answer = service.get("/public", &[("cookie", ada.cookie().expose())]).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "public"));
    assert_eq!((answer.header("cache-control"), answer.header("vary")), (None, None));
    assert_eq!(service.ory.calls_of("to_session").unwrap().len(), 0);
}

#[tokio::test]
async fn a_personal_response_says_so() {
    let service = Service::start().await;
    let ada = service.ory.sign_in("ada@example.org");
    let cookie = [("cookie", ada.cookie().expose())];
    for path in ["/person", "/home", "/guarded", "/traits"] {
        let answer = service.get(path, &cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("cache-control"), Some("private, no-store"), "{path}");
        assert_eq!(answer.header("vary"), Some("Cookie, Authorization, X-Session-Token"), "{path}");
    }
    let own = service.get("/own-cache-control", &cookie).await;
    assert_eq!(own.header("cache-control"), Some("private, max-age=5"));
    // What a guest sees depends on who asks, too.
    let guest = service.get("/home", &[]).await;
    assert_eq!(guest.header("cache-control"), Some("private, no-store"));
    let refused = service.get("/person", &[]).await;
    assert_eq!(refused.header("cache-control"), Some("no-store"));
    assert!(refused.header("vary").is_some());
}

#[tokio::test]
async fn guards_and_extractors_of_one_request_make_one_call() {
    let service = Service::start().await;
    // Nothing is cached.
    let sessions = Sessions::builder(service.sessions.client()).build().unwrap();
    let layer = SessionLayer::builder(&sessions).public_url(PUBLIC).build().unwrap();
    let url = serve(routes().layer(Guard::signed_in()).layer(layer)).await;
    let ada = service.ory.sign_in_with_second_factor("ada@example.org");
    let answer = send(&format!("{url}/both"), Method::GET, &[("cookie", ada.cookie().expose())]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(service.ory.calls_of("to_session").unwrap().len(), 1);
    let bob = service.ory.sign_in("bob@example.org");
    let answer = send(&format!("{url}/both"), Method::GET, &[("cookie", bob.cookie().expose())]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(service.ory.calls_of("to_session").unwrap().len(), 2, "it was fresh");
}

/// A session that was extended has a new cookie, and Kratos may set more.
#[tokio::test]
async fn every_cookie_of_kratos_reaches_the_browser() {
    let mut reply = Reply::json(200, &session());
    for cookie in [
        "ory_kratos_session=new; Path=/; HttpOnly; SameSite=Lax",
        "csrf_token_x=1; Path=/",
        "third=3; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
    ] {
        reply.headers.push(("Set-Cookie".to_owned(), cookie.to_owned()));
    }
    let kratos = Kratos::start(reply).await;
    let sessions = kratos.builder().max_age(Duration::from_secs(60)).build().unwrap();
    let layer = SessionLayer::builder(&sessions).public_url(PUBLIC).build().unwrap();
    let url = serve(routes().layer(layer)).await;
    let cookies = async |path: &str| {
        let answer = send(&format!("{url}{path}"), Method::GET, &[("cookie", "ory_kratos_session=old")]).await;
        let lines = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap().to_owned());
        (answer.status, lines.collect::<Vec<_>>())
    };
    let (status, lines) = cookies("/person").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0], "ory_kratos_session=new; Path=/; HttpOnly; SameSite=Lax");
    assert!(cookies("/person").await.1.is_empty(), "a cached session sets none");
    sessions.clear();
    assert_eq!(cookies("/guarded").await.1.len(), 3);
    sessions.clear();
    let (status, lines) = cookies("/second-factor").await;
    assert_eq!((status, lines.len()), (StatusCode::FORBIDDEN, 3), "a refusal passes them on too");
}

/// The same token, with a second factor since the session was cached.
#[tokio::test]
async fn a_step_up_passes_at_the_first_request() {
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().max_age(Duration::from_secs(60)).build().unwrap();
    let layer = SessionLayer::builder(&sessions).public_url(PUBLIC).build().unwrap();
    let url = serve(routes().layer(layer)).await;
    let status =
        async |path: &str| send(&format!("{url}{path}"), Method::GET, &[("x-session-token", "t")]).await.status;
    for path in ["/second-factor", "/guarded/second-factor"] {
        kratos.says(Reply::json(200, &session()));
        sessions.clear();
        assert_eq!(status("/person").await, StatusCode::OK);
        assert_eq!(status(path).await, StatusCode::FORBIDDEN);
        let mut stronger = session();
        stronger["authenticator_assurance_level"] = "aal2".into();
        kratos.says(Reply::json(200, &stronger));
        assert_eq!(status(path).await, StatusCode::OK, "{path}");
    }
    // A check of the service's own is asked again with a fresh session.
    assert_eq!(status("/person").await, StatusCode::OK);
    assert_eq!(status("/guarded/own-check").await, StatusCode::OK);
}

#[tokio::test]
async fn without_the_layer_nobody_is_let_in() {
    let url = serve(routes()).await;
    for path in ["/person", "/home", "/guarded", "/guarded/nobody", "/both", "/traits"] {
        let answer = send(&format!("{url}{path}"), Method::GET, &[("cookie", "ory_kratos_session=s")]).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert!(answer.body.contains("`SessionLayer` is missing"), "{}", answer.body);
    }
    let grpc = send(&format!("{url}/guarded"), Method::POST, &[("content-type", "application/grpc")]).await;
    assert_eq!(grpc.header("grpc-status"), Some("13"));
}

/// No header of a request says who it is.
#[tokio::test]
async fn identity_headers_of_a_request_say_nothing() {
    let service = Service::start().await;
    for name in ["x-user-id", "x-session-id", "x-identity", "x-forwarded-user", "remote-user"] {
        let answer = service.get("/person", &[(name, "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6")]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
    }
}

/// The service expects other traits than the identity schema has.
#[tokio::test]
async fn traits_of_another_form_are_the_fault_of_the_service() {
    let service = Service::start().await;
    let ada = service.ory.sign_in("ada@example.org");
    let answer = service.get("/wrong-traits", &[("cookie", ada.cookie().expose())]).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        (answer.header("content-type"), answer.header("cache-control")),
        (Some("application/json"), Some("no-store"))
    );
    assert!(!answer.body.contains("ada@example.org"), "{}", answer.body);
    let shown = format!("{:?}", ory_sdk::web::axum::Traits("ada@example.org".to_owned()));
    assert_eq!(shown, "Traits(alloc::string::String)");
}

#[tokio::test]
async fn a_panic_in_a_check_of_the_service_stays_there() {
    let service = Service::start().await;
    let ada = service.ory.sign_in("ada@example.org");
    let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).build().unwrap();
    let panics = Guard::signed_in().check(|_| async { panic!("of the service") });
    let url = serve(routes().layer(panics).layer(layer)).await;
    let browser = reqwest::Client::new().get(format!("{url}/person")).header("cookie", ada.cookie().expose());
    assert!(browser.send().await.is_err(), "the connection breaks, as after any panic of a handler");
    assert_eq!(service.get("/person", &[("cookie", ada.cookie().expose())]).await.status, StatusCode::OK);
}
