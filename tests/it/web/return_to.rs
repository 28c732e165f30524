//! Where somebody returns to after the login: always to the URL that is configured.

use http::{Method, StatusCode};
use ory_sdk::web::SessionLayer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::service::{BROWSER, PUBLIC, Service, routes, send, serve};

fn return_to(answer: &super::service::Answer) -> String {
    let (_, query) = answer.location().unwrap();
    query.into_iter().find(|(name, _)| name == "return_to").unwrap().1
}

#[tokio::test]
async fn headers_say_nothing_about_the_origin() {
    let service = Service::start().await;
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-uri", "/evil"),
        ("x-forwarded-prefix", "//evil.example"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-uri", "//evil.example/"),
        ("x-original-url", "https://evil.example/"),
        ("x-rewrite-url", "https://evil.example/"),
        ("referer", "https://evil.example/"),
        ("origin", "https://evil.example"),
        ("hx-current-url", "https://evil.example/"),
    ] {
        let answer = service.get("/person?page=2", &[BROWSER[0], (name, value)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(return_to(&answer), format!("{PUBLIC}/person?page=2"), "{name}");
    }
}

/// Request targets that a URL parser might take for another host.
#[tokio::test]
async fn no_path_is_another_host() {
    let service = Service::start().await;
    let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).login_page("/login").build().unwrap();
    let app = routes().fallback(|_: ory_sdk::web::axum::Person| async {}).layer(layer);
    let url = serve(app).await;
    let address = url.strip_prefix("http://").unwrap();
    for target in [
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "/%2f%2fevil.example",
        "/.//evil.example",
        "/..//evil.example",
        "/@evil.example",
        "/a:b@evil.example/?x=//evil",
        "/%0d%0aSet-Cookie:%20a=b",
        "http://evil.example/person",
        "https://evil.example/person",
        "/a?return_to=https://evil.example&return_to=//evil.example",
    ] {
        // By hand: a client would tidy the target up.
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Mode: navigate\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        if response.starts_with("HTTP/1.1 400") {
            // The HTTP library does not take it.
            continue;
        }
        let location = response
            .lines()
            .find_map(|line| line.strip_prefix("location: "))
            .unwrap_or_else(|| panic!("{target}: {response}"));
        let login = url::Url::parse(location).unwrap();
        assert_eq!((login.origin().ascii_serialization().as_str(), login.path()), (PUBLIC, "/login"), "{target}");
        let back: Vec<_> =
            login.query_pairs().filter(|(name, _)| name == "return_to").map(|(_, value)| value.into_owned()).collect();
        assert_eq!(back.len(), 1, "{target}");
        let back = url::Url::parse(&back[0]).unwrap();
        assert_eq!(back.origin().ascii_serialization(), PUBLIC, "{target}");
        assert!(!response.contains("\r\nSet-Cookie"), "{response}");
    }
}

#[tokio::test]
async fn nested_routers_keep_the_whole_path() {
    let service = Service::start().await;
    let answer = service.get("/nested/person?a=b", &BROWSER).await;
    assert_eq!(return_to(&answer), format!("{PUBLIC}/nested/person?a=b"));
    // The layer inside of the nested router, where the prefix is gone.
    let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).build().unwrap();
    let inner = axum::Router::new().nest("/deeper", routes()).layer(layer);
    let url = serve(axum::Router::new().nest("/outer", inner)).await;
    let answer = send(&format!("{url}/outer/deeper/person?a=b"), Method::GET, &BROWSER).await;
    assert_eq!(return_to(&answer), format!("{PUBLIC}/outer/deeper/person?a=b"));
}

/// A public URL with a path, whose prefix a proxy removes.
#[tokio::test]
async fn a_prefix_that_a_proxy_removes_is_put_back() {
    let service = Service::with(|layer| layer.public_url("https://example.org/shop/").login_page("/login")).await;
    let answer = service.get("/person", &BROWSER).await;
    assert_eq!(answer.location().unwrap().0, "https://example.org/shop/login");
    assert_eq!(return_to(&answer), "https://example.org/shop/person");
}

/// The login page of the service, with what it has to know.
#[tokio::test]
async fn the_own_login_page() {
    let service = Service::with(|layer| layer.login_page("/login")).await;
    service.ory.person("ada@example.org").totp().create();
    let half = service.ory.sign_in("ada@example.org");
    let bob = service.ory.sign_in("bob@example.org");
    let back = ("return_to".to_owned(), format!("{PUBLIC}/person"));
    let answer = service.get("/person", &BROWSER).await;
    assert_eq!(answer.location().unwrap(), (format!("{PUBLIC}/login"), vec![back.clone()]));
    let cookie = ("cookie", half.cookie().expose());
    let answer = service.get("/person", &[BROWSER[0], cookie]).await;
    let aal2 = ("aal".to_owned(), "aal2".to_owned());
    assert_eq!(answer.location().unwrap(), (format!("{PUBLIC}/login"), vec![aal2, back]));
    // The page itself is not redirected, also not for whoever needs a second factor.
    let login = service.get("/login", &BROWSER).await;
    assert_eq!((login.status, login.location()), (StatusCode::UNAUTHORIZED, None));
    let login = service.get("/login", &[BROWSER[0], cookie]).await;
    assert_eq!((login.status, login.location()), (StatusCode::FORBIDDEN, None));
    assert_eq!(service.get("/login", &[("cookie", bob.cookie().expose())]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn answers_can_be_replaced() {
    let service = Service::with(|layer| {
        layer.on_refusal(|refused| {
            assert!(!format!("{refused:?}").contains("a-secret"));
            (refused.uri.path() == "/person")
                .then(|| http::Response::builder().status(418).body("own".to_owned()).unwrap())
        })
    })
    .await;
    let own = service.get("/person?token=a-secret", &BROWSER).await;
    assert_eq!((own.status.as_u16(), own.body.as_str(), own.header("cache-control")), (418, "own", Some("no-store")));
    assert_eq!(service.get("/guarded", &BROWSER).await.status, StatusCode::SEE_OTHER);
}
