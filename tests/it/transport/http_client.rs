//! The underlying HTTP client: a caller's changes are kept, and the settings that keep calls safe are applied after
//! them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ory_sdk::{Client, ErrorKind};
use serde_json::json;

use crate::support::server::{Reply, Server};

/// On an image without CA certificates, plain http works, and https says what is missing. The check runs in a process
/// with an environment of its own.
#[test]
fn plain_http_needs_no_certificates() {
    const CHILD: &str = "ORY_SDK_WITHOUT_CERTIFICATES";
    if std::env::var_os(CHILD).is_none() {
        let test = "transport::http_client::plain_http_needs_no_certificates";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child
            .args(["--exact", test])
            .env(CHILD, "1")
            .env("SSL_CERT_FILE", "/dev/null")
            .env("SSL_CERT_DIR", "/dev/null");
        let output = child.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
        return;
    }
    let builder = |url: &str| Client::builder().kratos_public_url(url);
    builder("http://127.0.0.1:1").build().unwrap();
    builder("http://127.0.0.1:1").customize(|http| http).build().unwrap();
    // With both features, a changed client takes its TLS from the platform, which reads the certificates later.
    if cfg!(all(feature = "rustls", not(feature = "native-tls"))) {
        for wrong in [builder("https://auth.example.org"), builder("https://auth.example.org").customize(|http| http)] {
            let why = wrong.build().unwrap_err().to_string();
            assert!(why.to_lowercase().contains("certificate"), "{why}");
        }
    }
}

#[tokio::test]
async fn changes_are_kept_but_redirects_stay_off() {
    let second = Server::always(Reply::json(200, &json!({}))).await;
    let location = second.url();
    let first = Server::always(Reply::new(302, &[("Location", &location)], "")).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let client = Client::builder()
        .kratos_public_url(first.url())
        .customize(move |http| {
            count.fetch_add(1, Ordering::SeqCst);
            let headers = [("x-of-the-caller".parse().unwrap(), "1".parse().unwrap())].into_iter().collect();
            http.default_headers(headers).redirect(reqwest::redirect::Policy::limited(5))
        })
        .build()
        .unwrap();
    // No URL is https, so only one client is built. Building it does not panic for lack of a cryptography provider.
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    let error = client.with_session_token("secret").to_session().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(first.take().header("x-of-the-caller"), Some("1"));
    assert!(second.seen().is_empty());
}

#[test]
fn a_client_for_https_is_made_where_a_url_is_https() {
    for (url, expected) in [("http://127.0.0.1:1", 1), ("https://127.0.0.1:1", 2), ("https://ory.example.org", 2)] {
        let calls = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&calls);
        let builder = Client::builder().kratos_admin_url("http://127.0.0.1:2").kratos_public_url(url);
        let customized = builder.customize(move |http| {
            count.fetch_add(1, Ordering::SeqCst);
            http
        });
        customized.build().unwrap();
        assert_eq!(calls.load(Ordering::SeqCst), expected, "{url}");
    }
}

#[test]
fn what_only_requests_must_have_is_asked_for_by_the_builder() {
    use ory_sdk::types::RecoveryIdentityAddress as Address;

    let missing = Address::builder().value("jane@example.org").build().unwrap_err();
    assert_eq!(missing.to_string(), "RecoveryIdentityAddress: `via` is missing");
    assert!(Address::builder().value("jane@example.org").via("email").build().is_ok());
    // A response may omit it.
    let response: Address = serde_json::from_value(json!({})).unwrap();
    assert_eq!(response.via, None);
}
