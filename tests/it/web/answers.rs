//! The table of answers: what the person is, by what sent the request.

use std::fmt::Write;
use std::time::Duration;

use http::{Method, StatusCode};
use ory_sdk::testing::Fault;

use super::service::{Answer, BROWSER, PUBLIC, Service};

/// What a response says, on one line.
fn line(answer: &Answer, kratos: &str) -> String {
    let mut line = answer.status.as_u16().to_string();
    for name in
        ["location", "hx-redirect", "www-authenticate", "retry-after", "grpc-status", "content-type", "cache-control"]
    {
        if let Some(value) = answer.header(name) {
            let value = value.replace(kratos, "KRATOS").replace("https%3A%2F%2Fapp.example.org", "APP");
            write!(line, " | {name}: {value}").unwrap();
        }
    }
    if answer.header("content-type") == Some("application/json") {
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"]["code"], answer.status.as_u16());
        write!(line, " | {}", body["error"]["id"].as_str().unwrap_or("no id")).unwrap();
        if let Some(url) = body["redirect_browser_to"].as_str() {
            write!(line, " | {}", url.replace(kratos, "KRATOS").replace("https%3A%2F%2Fapp.example.org", "APP"))
                .unwrap();
        }
    }
    line
}

type Headers = &'static [(&'static str, &'static str)];
const KINDS: [(&str, Method, Headers); 5] = [
    ("browser GET", Method::GET, &BROWSER),
    ("browser POST", Method::POST, &BROWSER),
    ("htmx", Method::GET, &[("hx-request", "true"), ("sec-fetch-mode", "cors")]),
    ("api", Method::GET, &[("accept", "application/json")]),
    ("grpc", Method::POST, &[("content-type", "application/grpc+proto")]),
];

async fn table(service: &Service, path: &str, more: &[(&str, &str)]) -> Vec<String> {
    let kratos = service.ory.url();
    let mut rows = Vec::new();
    for (name, method, headers) in KINDS {
        let headers: Vec<_> = headers.iter().copied().chain(more.iter().copied()).collect();
        let answer = service.send(method, path, &headers).await;
        rows.push(format!("{name}: {}", line(&answer, kratos.trim_end_matches('/'))));
    }
    rows
}

#[tokio::test]
async fn nobody_is_signed_in() {
    let service = Service::start().await;
    let login = "KRATOS/self-service/login/browser";
    for (path, more) in [
        ("/person?a=b", &[][..]),
        ("/person?a=b", &[("cookie", "ory_kratos_session=made-up")]),
        ("/person?a=b", &[("x-session-token", "made-up")]),
        ("/guarded?a=b", &[]),
    ] {
        let own = format!("APP%2F{}", path[1..].replace('?', "%3F").replace('=', "%3D"));
        let (html, no_store) = ("content-type: text/html; charset=utf-8", "cache-control: no-store");
        let expected = [
            format!("browser GET: 303 | location: {login}?return_to={own} | {no_store}"),
            format!("browser POST: 303 | location: {login} | {no_store}"),
            format!("htmx: 401 | hx-redirect: {login}?return_to={own} | {html} | {no_store}"),
            format!(
                "api: 401 | www-authenticate: Bearer | content-type: application/json | {no_store} | session_inactive"
            ),
            format!("grpc: 200 | grpc-status: 16 | content-type: application/grpc | {no_store}"),
        ];
        assert_eq!(table(&service, path, more).await, expected, "{path} {more:?}");
    }
    let without = service.ory.calls_of("to_session").unwrap().len();
    assert_eq!(without, 10, "a request without a credential makes no call");
}

#[tokio::test]
async fn a_second_factor_is_due() {
    let service = Service::start().await;
    service.ory.person("ada@example.org").totp().create();
    let ada = service.ory.sign_in("ada@example.org");
    let login = "KRATOS/self-service/login/browser?aal=aal2";
    let expected = |path: &str| {
        let back = format!("&return_to=APP{}", path.replace('/', "%2F"));
        let no_store = "cache-control: no-store";
        [
            format!("browser GET: 303 | location: {login}{back} | {no_store}"),
            format!("browser POST: 303 | location: {login} | {no_store}"),
            format!("htmx: 403 | hx-redirect: {login}{back} | content-type: text/html; charset=utf-8 | {no_store}"),
            format!("api: 403 | content-type: application/json | {no_store} | session_aal2_required | {login}{back}"),
            format!("grpc: 200 | grpc-status: 7 | content-type: application/grpc | {no_store}"),
        ]
    };
    // Kratos itself demands it.
    for headers in [[("cookie", ada.cookie().expose())], [("x-session-token", ada.token().expose())]] {
        assert_eq!(table(&service, "/person", &headers).await, expected("/person"));
        assert_eq!(service.get("/home", &headers).await.body, "nobody");
    }
    // A guard of the service does: somebody without a second factor.
    let bob = service.ory.sign_in("bob@example.org");
    for path in ["/second-factor", "/guarded/second-factor", "/both"] {
        for headers in [[("cookie", bob.cookie().expose())], [("x-session-token", bob.token().expose())]] {
            assert_eq!(table(&service, path, &headers).await, expected(path), "{path}");
        }
    }
}

/// The session was begun too long ago for a guard.
#[tokio::test]
async fn the_last_sign_in_is_too_long_ago() {
    let service = Service::start().await;
    service.ory.set_time(chrono::Utc::now() - chrono::Duration::seconds(3600));
    let ada = service.ory.sign_in("ada@example.org");
    service.ory.set_time(chrono::Utc::now());
    let headers = [("cookie", ada.cookie().expose())];
    let login = "KRATOS/self-service/login/browser?refresh=true";
    for path in ["/recent", "/guarded/recent"] {
        let back = format!("&return_to=APP{}", path.replace('/', "%2F"));
        let no_store = "cache-control: no-store";
        let expected = [
            format!("browser GET: 303 | location: {login}{back} | {no_store}"),
            format!("browser POST: 303 | location: {login} | {no_store}"),
            format!("htmx: 403 | hx-redirect: {login}{back} | content-type: text/html; charset=utf-8 | {no_store}"),
            format!(
                "api: 403 | content-type: application/json | {no_store} | session_refresh_required | {login}{back}"
            ),
            format!("grpc: 200 | grpc-status: 7 | content-type: application/grpc | {no_store}"),
        ];
        assert_eq!(table(&service, path, &headers).await, expected, "{path}");
    }
    assert_eq!(service.get("/person", &headers).await.status, StatusCode::OK);
}

#[tokio::test]
async fn not_allowed() {
    let service = Service::start().await;
    let ada = service.ory.sign_in("ada@example.org");
    let headers = [("cookie", ada.cookie().expose())];
    let (html, no_store) = ("content-type: text/html; charset=utf-8", "cache-control: no-store");
    let expected = |id: &str, link: &str| {
        [
            format!("browser GET: 403 | {html} | {no_store}"),
            format!("browser POST: 403 | {html} | {no_store}"),
            format!("htmx: 403{} | {html} | {no_store}", link.replace(" | KRATOS", " | hx-redirect: KRATOS")),
            format!("api: 403 | content-type: application/json | {no_store} | {id}{link}"),
            format!("grpc: 200 | grpc-status: 7 | content-type: application/grpc | {no_store}"),
        ]
    };
    assert_eq!(table(&service, "/guarded/nobody", &headers).await, expected("no id", ""));
    let link = " | KRATOS/self-service/verification/browser?return_to=APP%2Fguarded%2Fverified";
    let id = "session_verified_address_required";
    assert_eq!(table(&service, "/guarded/verified", &headers).await, expected(id, link));
    let page = service.get("/guarded/verified", &[headers[0], BROWSER[0]]).await;
    assert!(page.body.contains("/self-service/verification/browser?return_to="), "{}", page.body);
}

#[tokio::test]
async fn an_outage_signs_nobody_out() {
    let service = Service::start().await;
    let (html, no_store) = ("content-type: text/html; charset=utf-8", "cache-control: no-store");
    for (number, fault) in [
        Fault::status(StatusCode::SERVICE_UNAVAILABLE).header("retry-after", "7"),
        Fault::status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "7"),
        Fault::status(StatusCode::INTERNAL_SERVER_ERROR).header("retry-after", "7"),
        Fault::status(StatusCode::BAD_GATEWAY).html(),
        Fault::status(StatusCode::FOUND).header("location", "/login"),
        Fault::status(StatusCode::OK).html(),
        Fault::closed(),
    ]
    .into_iter()
    .enumerate()
    {
        let ada = service.ory.sign_in("ada@example.org");
        let headers = [("cookie", ada.cookie().expose())];
        service.ory.fail("to_session", fault.always()).unwrap();
        let wait = if number < 3 { 7 } else { 1 };
        let expected = [
            format!("browser GET: 503 | retry-after: {wait} | {html} | {no_store}"),
            format!("browser POST: 503 | retry-after: {wait} | {html} | {no_store}"),
            format!("htmx: 503 | retry-after: {wait} | {html} | {no_store}"),
            format!("api: 503 | retry-after: {wait} | content-type: application/json | {no_store} | no id"),
            format!("grpc: 200 | retry-after: {wait} | grpc-status: 14 | content-type: application/grpc | {no_store}"),
        ];
        for path in ["/person", "/guarded", "/second-factor"] {
            assert_eq!(table(&service, path, &headers).await, expected, "{number} {path}");
        }
        let home = service.get("/home", &headers).await;
        assert_eq!(home.status, StatusCode::SERVICE_UNAVAILABLE, "nobody seems to be signed out");
        service.ory.clear_faults();
        assert_eq!(service.get("/person", &headers).await.status, StatusCode::OK);
        service.sessions.clear();
    }
}

/// What nobody can send on is neither a sign-out nor an outage.
#[tokio::test]
async fn a_malformed_credential() {
    let service = Service::start().await;
    let many: Vec<String> = (0..1000).map(|number| format!("ory_session_{number}=x")).collect();
    let long = format!("ory_kratos_session={}", "x".repeat(64 << 10));
    let (html, no_store) = ("content-type: text/html; charset=utf-8", "cache-control: no-store");
    for cookies in [many.join("; "), long] {
        let expected = [
            format!("browser GET: 400 | {html} | {no_store}"),
            format!("browser POST: 400 | {html} | {no_store}"),
            format!("htmx: 400 | {html} | {no_store}"),
            format!("api: 400 | content-type: application/json | {no_store} | no id"),
            format!("grpc: 200 | grpc-status: 3 | content-type: application/grpc | {no_store}"),
        ];
        assert_eq!(table(&service, "/person", &[("cookie", &cookies)]).await, expected);
    }
    assert_eq!(service.ory.calls_of("to_session").unwrap().len(), 0);
}

/// A stale session serves pages, and changes nothing.
#[tokio::test]
async fn a_stale_session_is_for_safe_methods() {
    let service = Service::start().await;
    let layer = ory_sdk::web::SessionLayer::builder(
        &ory_sdk::sessions::Sessions::builder(service.sessions.client())
            .max_age(Duration::from_millis(1))
            .stale_if_error(Duration::from_secs(60))
            .build()
            .unwrap(),
    );
    let url = super::service::serve(super::service::routes().layer(layer.public_url(PUBLIC).build().unwrap())).await;
    let ada = service.ory.sign_in("ada@example.org");
    let headers = [("cookie", ada.cookie().expose())];
    let status =
        async |method, path: &str| super::service::send(&format!("{url}{path}"), method, &headers).await.status;
    assert_eq!(status(Method::GET, "/person").await, StatusCode::OK);
    tokio::time::sleep(Duration::from_millis(5)).await;
    service.ory.fail("to_session", Fault::status(StatusCode::BAD_GATEWAY).always()).unwrap();
    for path in ["/person", "/guarded", "/home", "/guarded/verified"] {
        let expected = if path.ends_with("verified") { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        assert_eq!(status(Method::GET, path).await, expected, "{path}");
    }
    for path in ["/recent", "/second-factor", "/guarded/fresh"] {
        assert_eq!(status(Method::GET, path).await, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    assert_eq!(status(Method::POST, "/person").await, StatusCode::SERVICE_UNAVAILABLE);
}

/// Hops from page to page: no row of the table leads in a circle of this service's own making.
#[tokio::test]
async fn no_redirect_leads_back() {
    let service = Service::with(|layer| layer.login_page("/login")).await;
    service.ory.person("ada@example.org").totp().create();
    let half = service.ory.sign_in("ada@example.org");
    let bob = service.ory.sign_in("bob@example.org");
    let credentials = [
        ("cookie", "ory_kratos_session=made-up"),
        ("x-session-token", "made-up"),
        ("cookie", half.cookie().expose()),
        ("x-session-token", half.token().expose()),
        ("cookie", bob.cookie().expose()),
        ("x-session-token", bob.token().expose()),
    ];
    for path in ["/person", "/guarded", "/second-factor", "/recent", "/guarded/verified", "/login", "/guarded/nobody"] {
        for credential in credentials {
            let mut path = path.to_owned();
            let mut hops = 0;
            loop {
                let answer = service.get(&path, &[BROWSER[0], BROWSER[1], credential]).await;
                let Some((location, _)) = answer.location().filter(|_| answer.status == StatusCode::SEE_OTHER) else {
                    break;
                };
                hops += 1;
                assert!(hops < 20, "{path} with {}", credential.0);
                match location.strip_prefix(PUBLIC) {
                    Some(own) => path = own.to_owned(),
                    // Kratos' own pages.
                    None => break,
                }
            }
            assert!(hops <= 1, "{path} took {hops} hops");
        }
    }
}
