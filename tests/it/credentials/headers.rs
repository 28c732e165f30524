//! Headers that belong to the connection. Calls share connections, so a caller must not set one.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use ory_sdk::contract::Endpoint;
use ory_sdk::flow::FlowKind;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, Error, ErrorKind};
use serde_json::json;

use crate::support::server::{Reply, Server};

const OF_CONNECTION: [&str; 18] = [
    "Content-Length",
    "content-length",
    "CONTENT-LENGTH",
    "Content_Length",
    "Transfer-Encoding",
    "transfer_encoding",
    "Connection",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Upgrade",
    "HTTP2-Settings",
    "Host",
    "Expect",
    "Proxy-Connection",
    "Proxy-Authorization",
    "Proxy-Authenticate",
    "proxy-anything",
];

/// One call of each builder.
async fn calls(client: &Client, name: &str) -> Vec<Error> {
    let value = "40";
    let mut errors: Vec<Option<Error>> = vec![
        client.to_session().header(name, value).await.err(),
        client.admin_create_identity().json_body(json!({})).header(name, value).await.err(),
        client.submit_self_service_logout_flow().header(name, value).await.err(),
        client
            .request(Method::POST, Endpoint::HydraAdmin, "/x")
            .body("text/plain", "x")
            .header(name, value)
            .await
            .err(),
        client.create_flow(FlowKind::Login).header(name, value).await.err(),
        client.get_flow(FlowKind::Login, "f").header(name, value).await.err(),
        client.submit_flow(FlowKind::Login, "f").form([("a", "b")]).header(name, value).await.err(),
    ];
    errors.push(client.admin_list_identities().header(name, value).by_page().next().await.unwrap().err());
    errors.push(client.admin_list_identities().header(name, value).by_item().next().await.unwrap().err());
    errors.into_iter().map(|error| error.unwrap_or_else(|| panic!("{name} was sent"))).collect()
}

#[tokio::test]
async fn no_call_sets_a_header_of_the_connection() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let client = Client::builder().project_url(server.url()).build().unwrap();
    for name in OF_CONNECTION {
        let errors = calls(&client, name).await;
        assert_eq!(errors.len(), 9);
        for error in errors {
            let (operation, kind) = (error.operation().unwrap(), error.kind());
            let text = "cannot be set: it belongs to the connection, which the client manages";
            assert_eq!(error.to_string(), format!("{operation}: header `{name}` {text}"));
            assert_eq!(kind, ErrorKind::Argument);
        }
    }
    assert_eq!(server.seen(), []);
    // The URL of a page has no headers, so that there is nothing to refuse but the same mistake.
    let call = client.create_flow(FlowKind::Login).header("Content-Length", "40");
    assert_eq!(call.url().unwrap_err().kind(), ErrorKind::Argument);
    // What looks similar is sent.
    for name in ["Content-Type", "Content-Encoding", "X-Forwarded-Host", "X-Te", "Proxy", "Via", "Accept"] {
        let _ = client.to_session().header(name, "x").await;
        assert_eq!(server.take().header(&name.to_lowercase()), Some("x"));
    }
}

/// The next call of another person on the same connection arrives as it is.
#[tokio::test]
async fn the_connection_stays_in_step() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let client = Client::builder().project_url(server.url()).build().unwrap();
    for name in ["Content-Length", "Transfer-Encoding"] {
        let mallory = client.with_session_token("mallory");
        assert!(mallory.to_session().header(name, "40").await.is_err());
        let _ = client.with_session_token("alice").to_session().await;
        let seen = server.take();
        assert_eq!((seen.method.as_str(), seen.header("x-session-token")), ("GET", Some("alice")));
    }
}

/// A person's own headers, when they are forwarded.
#[tokio::test]
async fn forwarding_takes_no_header_of_the_connection() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let client = Client::builder().project_url(server.url()).build().unwrap();
    let mut incoming = HeaderMap::new();
    for name in OF_CONNECTION {
        incoming.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_static("evil"));
    }
    incoming.insert("x-session-token", HeaderValue::from_static("t"));
    let _ = client.forwarding(&incoming).to_session().await;
    let seen = server.take();
    assert_eq!(seen.header("x-session-token"), Some("t"));
    assert!(seen.headers.iter().all(|(_, value)| value != "evil"), "{seen:?}");
}

fn with_default_header(name: &'static str, sensitive: bool) -> Result<Client, ory_sdk::error::InvalidSetting> {
    let builder = Client::builder().project_url("http://127.0.0.1:1").retry(Retry::off());
    let customized = builder.customize(move |http| {
        let mut value = HeaderValue::from_static("40");
        value.set_sensitive(sensitive);
        let pairs = [("x-first", HeaderValue::from_static("\"a\": \"b\"")), (name, value)];
        let headers: HeaderMap =
            pairs.into_iter().map(|(name, value)| (HeaderName::from_bytes(name.as_bytes()).unwrap(), value)).collect();
        http.default_headers(headers)
    });
    customized.build()
}

/// Default headers of the HTTP client go with every call, past all checks.
#[test]
fn default_headers_cannot_be_of_the_connection_nor_a_credential() {
    for sensitive in [false, true] {
        for name in OF_CONNECTION {
            let why = with_default_header(name, sensitive).unwrap_err().to_string();
            let shown = name.to_lowercase();
            let text = "which belongs to the connection: the client manages it";
            assert_eq!(why, format!("`customize` sets the default header `{shown}`, {text}"));
        }
        for name in ["Authorization", "Cookie", "X-Session-Token"] {
            let why = with_default_header(name, sensitive).unwrap_err().to_string();
            let shown = name.to_lowercase();
            let start = format!("`customize` sets the default header `{shown}`, which would send a credential");
            assert!(why.starts_with(&start), "{why}");
        }
        for name in ["X-Tenant", "Accept-Language", "Authorization-Hint"] {
            with_default_header(name, sensitive).unwrap();
        }
    }
    // One that reqwest sets itself, in a proxy for https.
    let proxy = || reqwest::Proxy::all("http://127.0.0.1:2").unwrap().basic_auth("user", "password");
    Client::builder().project_url("https://ory.test").customize(move |http| http.proxy(proxy())).build().unwrap();
}
