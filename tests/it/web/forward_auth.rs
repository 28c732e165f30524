//! A proxy that asks whether a request may pass.

use axum::Router;
use http::{Method, StatusCode};
use ory_sdk::testing::{Fault, StandIn};
use ory_sdk::web::{ForwardAuth, SessionLayer};

use super::service::{Answer, BROWSER, PUBLIC, Service, send, serve};

struct Proxies {
    service: Service,
    url: String,
}

impl Proxies {
    async fn start() -> Self {
        let service = Service::start().await;
        let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).login_page("/login").build().unwrap();
        let with_mail = |check: ForwardAuth| {
            let mail = |person: &ory_sdk::sessions::SignedIn| {
                let traits: serde_json::Value = person.traits().ok()?;
                traits["email"].as_str().map(str::to_owned)
            };
            check.header("X-User-Email", mail).unwrap().header("X-Nothing", |_| None).unwrap()
        };
        let nginx = with_mail(ForwardAuth::nginx(&layer).prefix("/nginx").unwrap());
        let envoy = with_mail(ForwardAuth::envoy(&layer).prefix("/envoy").unwrap());
        let traefik = with_mail(ForwardAuth::traefik(&layer));
        let trusting = with_mail(ForwardAuth::traefik(&layer).path_header("X-Forwarded-Uri").unwrap());
        let strict = ForwardAuth::nginx(&layer).second_factor();
        let all = Router::new()
            .route_service("/nginx/{*path}", nginx)
            .route_service("/envoy/{*path}", envoy)
            .route_service("/traefik", traefik)
            .route_service("/trusting", trusting)
            .route_service("/strict", strict);
        let url = serve(all).await;
        Self { service, url }
    }

    fn ory(&self) -> &StandIn {
        &self.service.ory
    }

    async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        send(&format!("{}{path}", self.url), Method::GET, headers).await
    }
}

fn return_to(answer: &Answer) -> Option<String> {
    let (page, query) = answer.location()?;
    assert_eq!(page, format!("{PUBLIC}/login"));
    query.into_iter().find(|(name, _)| name == "return_to").map(|(_, value)| value)
}

#[tokio::test]
async fn whoever_is_signed_in_passes_with_all_headers() {
    let proxies = Proxies::start().await;
    let ada = proxies.ory().sign_in("ada@example.org");
    for path in ["/nginx/orders?page=2", "/envoy/orders", "/traefik"] {
        for credential in [("cookie", ada.cookie().expose()), ("x-session-token", ada.token().expose())] {
            // What the request brings along says nothing.
            let forged =
                [credential, ("x-user-id", "admin"), ("x-user-email", "admin@example.org"), ("x-nothing", "admin")];
            let answer = proxies.ask(path, &forged).await;
            assert_eq!(answer.status, StatusCode::OK);
            let who = ory_sdk::sessions::Credential::session_token(ada.token());
            let person = proxies.service.sessions.check(&who).await.unwrap();
            assert_eq!(answer.header("x-user-id"), Some(person.identity().id.to_string().as_str()));
            assert_eq!(answer.header("x-user-email"), Some("ada@example.org"));
            assert_eq!(answer.header("x-nothing"), Some(""), "it replaces the one of the request");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
}

#[tokio::test]
async fn each_proxy_gets_what_it_understands() {
    let proxies = Proxies::start().await;
    let browser = |path: &'static str| proxies.ask(path, &BROWSER);
    let nginx = browser("/nginx/orders?page=2").await;
    assert_eq!((nginx.status, return_to(&nginx)), (StatusCode::UNAUTHORIZED, Some(format!("{PUBLIC}/orders?page=2"))));
    let envoy = browser("/envoy/orders?page=2").await;
    assert_eq!((envoy.status, return_to(&envoy)), (StatusCode::SEE_OTHER, Some(format!("{PUBLIC}/orders?page=2"))));
    let traefik = browser("/traefik").await;
    assert_eq!((traefik.status, return_to(&traefik)), (StatusCode::SEE_OTHER, Some(format!("{PUBLIC}/"))));
    let api = proxies.ask("/nginx/orders", &[]).await;
    assert_eq!((api.status, api.header("location")), (StatusCode::UNAUTHORIZED, None));
    // A form that was posted cannot be repeated.
    let posted = proxies.ask("/nginx/orders", &[BROWSER[0], ("x-forwarded-method", "POST")]).await;
    assert_eq!((posted.status, return_to(&posted)), (StatusCode::UNAUTHORIZED, None));
    assert!(posted.header("location").is_some());

    let ada = proxies.ory().sign_in("ada@example.org");
    let strict = proxies.ask("/strict", &[BROWSER[0], ("cookie", ada.cookie().expose())]).await;
    assert_eq!(strict.status, StatusCode::FORBIDDEN);
    assert!(strict.header("location").unwrap().contains("aal=aal2"));
}

/// Whatever is refused, no answer is one that lets a request pass.
#[tokio::test]
async fn no_refusal_is_a_success() {
    let proxies = Proxies::start().await;
    let grpc = [("content-type", "application/grpc"), ("cookie", "ory_kratos_session=made-up")];
    let layer = SessionLayer::builder(&proxies.service.sessions).public_url(PUBLIC);
    let layer = layer.on_refusal(|_| Some(http::Response::new("welcome".to_owned()))).build().unwrap();
    let welcoming = [ForwardAuth::nginx(&layer), ForwardAuth::traefik(&layer)];
    for path in ["/nginx/x", "/envoy/x", "/traefik"] {
        assert_eq!(proxies.ask(path, &grpc).await.status, StatusCode::UNAUTHORIZED, "{path}");
        let many: Vec<String> = (0..1000).map(|number| format!("ory_session_{number}=x")).collect();
        let refused = proxies.ask(path, &[("cookie", &many.join("; "))]).await;
        assert!(refused.status.is_client_error(), "{path} {}", refused.status);
    }
    for check in welcoming {
        let url = serve(Router::new().fallback_service(check)).await;
        let answer = send(&url, Method::GET, &BROWSER).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    proxies.ory().fail("to_session", Fault::status(StatusCode::BAD_GATEWAY).always()).unwrap();
    for path in ["/nginx/x", "/envoy/x", "/traefik"] {
        let outage = proxies.ask(path, &[("cookie", "ory_kratos_session=s")]).await;
        assert_eq!(outage.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
}

#[tokio::test]
async fn a_path_in_a_header_counts_only_if_it_is_trusted() {
    let proxies = Proxies::start().await;
    for header in ["x-forwarded-uri", "x-original-uri", "x-original-url", "x-forwarded-host", "referer"] {
        let answer = proxies.ask("/traefik", &[BROWSER[0], (header, "/orders")]).await;
        assert_eq!(return_to(&answer), Some(format!("{PUBLIC}/")), "{header}");
    }
    for (given, expected) in [
        ("/orders?page=2", "/orders?page=2"),
        ("//evil.example/x", "//evil.example/x"),
        ("https://evil.example/x", "/"),
        ("evil.example", "/"),
        ("", "/"),
    ] {
        let answer = proxies.ask("/trusting", &[BROWSER[0], ("x-forwarded-uri", given)]).await;
        let back = return_to(&answer).unwrap();
        assert_eq!(back, format!("{PUBLIC}{expected}"), "{given}");
        assert_eq!(url::Url::parse(&back).unwrap().origin().ascii_serialization(), PUBLIC);
    }
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused() {
    let service = Service::start().await;
    let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).build().unwrap();
    assert!(ForwardAuth::nginx(&layer).prefix("check").is_err());
    assert!(ForwardAuth::nginx(&layer).path_header("a b").is_err());
    assert!(ForwardAuth::nginx(&layer).header("", |_| None).is_err());
}
