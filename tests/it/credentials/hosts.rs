//! Which hosts a client talks to: slugs of projects, and what counts as this machine.

use http::Method;
use ory_sdk::contract::Endpoint;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, ClientBuilder, ErrorKind};
use serde_json::json;

use super::credentials;
use crate::support::server::{Reply, Server};

#[test]
fn a_slug_is_one_dns_label() {
    let longest = "a".repeat(63);
    for (slug, host) in [
        ("my-slug", "my-slug"),
        ("a", "a"),
        ("0", "0"),
        ("admiring-swirles-2kc0f1u6ab", "admiring-swirles-2kc0f1u6ab"),
        ("UPPER", "upper"),
        (longest.as_str(), longest.as_str()),
    ] {
        let client = Client::builder().project(slug).build().unwrap();
        let url = format!("https://{host}.projects.oryapis.com/");
        assert_eq!(client.endpoint(&Endpoint::KratosPublic), Some(url.as_str()));
    }
    let label = "a slug is one DNS label, of up to 63 letters, digits and hyphens, but this one";
    for (slug, came) in [
        ("evil.test/", "contains '.'"),
        ("evil/", "contains '/'"),
        ("evil\\", r"contains '\\'"),
        ("evil#", "contains '#'"),
        ("evil?", "contains '?'"),
        ("evil:443", "contains ':'"),
        ("user@evil", "contains '@'"),
        ("a.b", "contains '.'"),
        ("a%2fb", "contains '%'"),
        ("a b", "contains ' '"),
        ("a\tb", r"contains '\t'"),
        ("a\nb", r"contains '\n'"),
        ("a\u{ad}b", r"contains '\u{ad}'"),
        ("a\u{3002}b", "contains '\u{3002}'"),
        ("\u{ff45}vil", "contains '\u{ff45}'"),
        ("under_score", "contains '_'"),
        ("[::1]", "contains '['"),
        ("", "is empty"),
        ("-a", "starts or ends with a hyphen"),
        ("a-", "starts or ends with a hyphen"),
        (&"a".repeat(64), "has 64 characters"),
    ] {
        let why = Client::builder().project(slug).access_token("t").build().unwrap_err();
        assert_eq!(why.to_string(), format!("`project`: {label} {came}"), "{slug:?}");
    }
    let twice = Client::builder().project("a").project_url("https://b").build().unwrap_err();
    assert_eq!(twice.to_string(), "`project` and `project_url` set the same URL: set only one of them");
    let twice = Client::builder().project("a").project("a").build().unwrap_err();
    assert_eq!(twice.to_string(), "`project` is set twice");
}

fn builder(url: String) -> ClientBuilder {
    Client::builder().kratos_public_url(url).retry(Retry::off())
}

#[tokio::test]
async fn only_this_machine_gets_a_credential_over_plain_http() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let port = server.address.port();
    for host in ["127.0.0.1", "localhost", "LocalHost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1."]
    {
        let client = builder(format!("http://{host}:{port}")).build().unwrap();
        let _ = client.with_session_token("t").to_session().await;
        assert_eq!(credentials(&server.take()), ["x-session-token: t"], "{host}");
    }
    for host in [
        "x.localhost",
        "127.0.0.1.localhost",
        "localhost.",
        "localhost.localdomain",
        "localhost.evil.test",
        "ip6-localhost",
        "0.0.0.0",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "10.0.0.1",
    ] {
        // Every name leads to the server, as if its DNS server said so.
        let name = host.to_owned();
        let at = server.address;
        let build = || {
            let name = name.clone();
            builder(format!("http://{host}:{port}")).customize(move |http| http.resolve(&name, at))
        };
        let client = build().build().unwrap();
        let error = client.with_session_token("t").to_session().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{host}");
        assert!(error.to_string().contains("allow_insecure_http()"), "{error}");
        assert!(server.seen().is_empty(), "{host}");
        if host.ends_with("localhost") {
            let client = build().allow_insecure_http().build().unwrap();
            let _ = client.with_session_token("t").to_session().await;
            assert_eq!(credentials(&server.take()), ["x-session-token: t"], "{host}");
        }
    }
}

/// Whatever a resolver says, `localhost` is this machine.
#[tokio::test]
async fn localhost_is_not_resolved() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let url = format!("http://localhost:{}", server.address.port());
    // An address of documentation, at which nobody listens.
    let elsewhere = ([192, 0, 2, 1], 0).into();
    let client = builder(url).customize(move |http| http.resolve("localhost", elsewhere)).build().unwrap();
    client.request(Method::GET, Endpoint::KratosPublic, "/version").await.unwrap();
    assert_eq!(server.take().target, "/version");
}
