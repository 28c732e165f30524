//! Cookies: each goes to the server that it belongs to, and a jar sends what its server set last.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use http::Method;
use ory_sdk::contract::Endpoint;
use ory_sdk::credentials::{CookieJar, TokenFuture, TokenProvider};
use ory_sdk::retry::Retry;
use ory_sdk::{Client, Secret};
use serde_json::json;

use super::credentials;
use crate::support::server::{Reply, Server};

const BOTH: &str = "theme=dark; ory_kratos_session=k; ory_hydra_session=h; csrf_token_ab=c; ory_session_slug=s; \
                    ory_hydra_login_csrf_dev_1=l; ory_kratos_continuity=n; sid=1; hsid=2";
const OF_KRATOS: &str = "ory_kratos_session=k; csrf_token_ab=c; ory_session_slug=s; ory_kratos_continuity=n; sid=1";
const OF_HYDRA: &str = "ory_hydra_session=h; ory_hydra_login_csrf_dev_1=l; hsid=2";
const OURS: &str = "ory_kratos_session=k; ory_hydra_session=h; csrf_token_ab=c; ory_session_slug=s; \
                    ory_hydra_login_csrf_dev_1=l; ory_kratos_continuity=n; sid=1; hsid=2";

/// Sends one call to Kratos and one to Hydra, and returns the cookies of each.
async fn cookies(client: &Client, kratos: &Server, hydra: &Server) -> [Option<String>; 2] {
    let _ = client.to_session().await;
    let of_kratos = kratos.seen().pop().unwrap();
    let _ = client.perform_oauth2_authorization_flow().await;
    let of_hydra = hydra.seen().pop().unwrap();
    [of_kratos, of_hydra].map(|request| request.header("cookie").map(str::to_owned))
}

#[tokio::test]
async fn each_server_gets_its_own_cookies() {
    let (kratos, hydra) =
        (Server::always(Reply::new(200, &[], "{}")).await, Server::always(Reply::new(200, &[], "{}")).await);
    let builder = || Client::builder().cookie_name("sid").hydra_cookie_name("hsid");
    let apart = builder().kratos_public_url(kratos.url()).hydra_public_url(hydra.url()).build().unwrap();
    let incoming = [("cookie".parse().unwrap(), BOTH.parse().unwrap())].into_iter().collect();
    for user in [apart.with_cookies(BOTH), apart.forwarding(&incoming)] {
        let seen = cookies(&user, &kratos, &hydra).await;
        assert_eq!(seen, [Some(OF_KRATOS.to_owned()), Some(OF_HYDRA.to_owned())]);
    }
    // A server whose cookies did not come gets no header at all.
    let seen = cookies(&apart.with_cookies("ory_kratos_session=k"), &kratos, &hydra).await;
    assert_eq!(seen, [Some("ory_kratos_session=k".to_owned()), None]);
    let seen = cookies(&apart.with_cookies("ory_hydra_session=h"), &kratos, &hydra).await;
    assert_eq!(seen, [None, Some("ory_hydra_session=h".to_owned())]);
    // At one origin both get all, as from a browser.
    let together = [
        builder().project_url(kratos.url()),
        builder()
            .kratos_public_url(format!("{}/kratos", kratos.url()))
            .hydra_public_url(format!("{}/hydra", kratos.url())),
        builder().project_url(kratos.url()).hydra_public_url(format!("{}/", kratos.url())),
        builder().legacy_url(kratos.url()).hydra_public_url(kratos.url()),
    ];
    for builder in together {
        let client = builder.build().unwrap().with_cookies(BOTH);
        let seen = cookies(&client, &kratos, &kratos).await;
        assert_eq!(seen, [Some(OURS.to_owned()), Some(OURS.to_owned())]);
    }
    // A deployment of 2021 is Kratos' origin.
    let legacy = builder().legacy_url(kratos.url()).hydra_public_url(hydra.url()).build().unwrap();
    let seen = cookies(&legacy.with_cookies(BOTH), &kratos, &hydra).await;
    assert_eq!(seen, [Some(OF_KRATOS.to_owned()), Some(OF_HYDRA.to_owned())]);
}

fn quick() -> Retry {
    Retry::new().first_wait(Duration::from_millis(1)).limited_wait(Duration::from_millis(1))
}

/// Responds with these statuses in turn, then with 200, and numbers the cookie of each response.
async fn numbering(statuses: &'static [u16]) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |_| {
        let number = count.fetch_add(1, SeqCst);
        let cookie = format!("csrf_token_x={number}");
        Reply::new(statuses.get(number).copied().unwrap_or(200), &[("Set-Cookie", &cookie)], "{}")
    })
    .await
}

/// The cookie of each request.
fn sent(server: &Server) -> Vec<Option<String>> {
    server.seen().iter().map(|request| request.header("cookie").map(str::to_owned)).collect()
}

fn numbers(until: usize) -> Vec<Option<String>> {
    let rest = (0..until).map(|number| Some(format!("csrf_token_x={number}")));
    std::iter::once(None).chain(rest).collect()
}

#[tokio::test]
async fn a_retry_sends_the_cookies_of_the_try_before() {
    for statuses in [&[503_u16, 502] as &[u16], &[429, 429], &[504, 429]] {
        let server = numbering(statuses).await;
        let client = Client::builder().kratos_public_url(server.url()).retry(quick()).build().unwrap();
        let browser = client.with_cookie_jar(CookieJar::default());
        let _ = browser.to_session().await;
        assert_eq!(sent(&server), numbers(2), "{statuses:?}");
        let _ = browser.to_session().await;
        assert_eq!(sent(&server), numbers(3), "{statuses:?}");
    }
    // A response that removes the cookie.
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, SeqCst) {
        0 => Reply::new(200, &[("Set-Cookie", "csrf_token_x=1")], "{}"),
        1 => Reply::new(503, &[("Set-Cookie", "csrf_token_x=; Max-Age=-99999999999999999999")], "{}"),
        _ => Reply::new(200, &[], "{}"),
    })
    .await;
    let client = Client::builder().kratos_public_url(server.url()).retry(quick()).build().unwrap();
    let browser = client.with_cookie_jar(CookieJar::default());
    let _ = browser.to_session().await;
    let _ = browser.to_session().await;
    assert_eq!(sent(&server), [None, Some("csrf_token_x=1".to_owned()), None]);
}

/// Cookies that came over plain http are not sent back over it, not even by a retry.
#[tokio::test]
async fn a_retry_with_new_cookies_is_private() {
    let server = numbering(&[503, 503]).await;
    let at = server.address;
    let builder = || {
        let builder = Client::builder().kratos_public_url(format!("http://ory.test:{}", at.port())).retry(quick());
        builder.customize(move |http| http.resolve("ory.test", at))
    };
    let error = builder().build().unwrap().with_cookie_jar(CookieJar::default()).to_session().await.unwrap_err();
    assert!(error.to_string().contains("allow_insecure_http()"), "{error}");
    assert_eq!(sent(&server), [None]);
    let allowed = builder().allow_insecure_http().build().unwrap().with_cookie_jar(CookieJar::default());
    let _ = allowed.to_session().await;
    assert_eq!(sent(&server).len(), 3);
}

/// Counts its calls, for the caller to check afterwards.
struct Provider(Arc<AtomicUsize>);

impl TokenProvider for Provider {
    fn token(&self, _: Option<&Secret>) -> TokenFuture<'_> {
        self.0.fetch_add(1, SeqCst);
        Box::pin(async { Ok("t".into()) })
    }
}

/// Only calls for the user fill the jar: Kratos gives every other call new cookies, which would replace the user's.
#[tokio::test]
async fn a_jar_is_filled_by_the_users_calls_alone() {
    let server = numbering(&[]).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let client = Client::builder()
        .project_url(server.url())
        .access_token_provider(Provider(Arc::clone(&asked)))
        .console_url(server.url())
        .console_token("t")
        .build()
        .unwrap();
    let jar = CookieJar::default();
    let browser = client.with_cookie_jar(jar.clone()).with_oauth2_token("t");
    let _ = browser.admin_list_identities().await;
    let _ = browser.list_projects().await;
    let _ = browser.list_identity_schemas().await;
    let _ = browser.get_oidc_user_info().await;
    let _ = browser.request(Method::GET, Endpoint::HydraPublic, "/x").await;
    assert!(jar.is_empty() && asked.load(SeqCst) == 1 && server.seen().len() == 5);
    let _ = browser.perform_oauth2_authorization_flow().await;
    assert_eq!(jar.len(), 1);
    // A call with a credential of its own is somebody else's.
    jar.clear();
    let _ = browser.to_session().cookie("ory_kratos_session=bob").await;
    let _ = browser.to_session().header("Cookie", "ory_kratos_session=bob").await;
    let _ = browser.to_session().x_session_token("bob").await;
    assert!(jar.is_empty());
    let _ = browser.to_session().await;
    let seen = server.seen();
    let last: Vec<Vec<String>> = seen[6..].iter().map(credentials).collect();
    let cookie = "cookie: ory_kratos_session=bob".to_owned();
    assert_eq!(last, [vec![cookie.clone()], vec![cookie], vec!["x-session-token: bob".to_owned()], vec![]]);
    assert_eq!(jar.len(), 1);
}

/// A hostile server cannot make a client send ever more.
#[tokio::test]
async fn the_cookies_of_a_jar_are_bounded() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let call = count.fetch_add(1, SeqCst);
        let line = |number: usize| format!("c{call}_{number}={}", "x".repeat(3_000));
        let lines: Vec<String> = (0..60).map(line).collect();
        let mut headers: Vec<(&str, &str)> = lines.iter().map(|line| ("Set-Cookie", line.as_str())).collect();
        let long = format!("long={}", "x".repeat(4_093));
        headers.push(("Set-Cookie", &long));
        Reply::new(200, &headers, json!({}).to_string())
    })
    .await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let jar = CookieJar::default();
    let browser = client.with_cookie_jar(jar.clone());
    for _ in 0..10 {
        let _ = browser.to_session().await;
        assert_eq!(jar.len(), 50);
    }
    let seen = server.seen();
    let last = seen.last().unwrap().header("cookie").unwrap().to_owned();
    assert_eq!(last.split("; ").count(), 50);
    assert!(last.starts_with("c8_10=") && last.len() < 160_000, "{}", last.len());
    assert!(!last.contains("long="));
}
