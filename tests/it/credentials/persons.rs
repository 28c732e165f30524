//! A handle that is made from one person's input acts for that person or for nobody.

use http::{HeaderMap, HeaderValue, Method};
use ory_sdk::contract::Endpoint;
use ory_sdk::credentials::CookieJar;
use ory_sdk::{Client, ErrorKind};
use serde_json::json;

use super::credentials;
use crate::support::server::{Reply, Server};

const NOBODY: [&str; 0] = [];

async fn server() -> Server {
    Server::always(Reply::json(200, &json!({}))).await
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
}

/// Alice, identified in every way.
fn alices(client: &Client) -> [Client; 5] {
    [
        // By two at once, with which nothing is sent.
        client.with_session_token("alice").with_cookies("ory_kratos_session=alice"),
        client.with_session_token("alice"),
        client.with_cookies("ory_kratos_session=alice"),
        client.forwarding(&headers(&[("x-session-token", "alice")])),
        client.forwarding(&headers(&[("cookie", "ory_kratos_session=alice")])),
    ]
}

#[tokio::test]
async fn input_without_a_credential_is_nobodys() {
    let server = server().await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    for alice in alices(&client) {
        let nobodies = [
            alice.with_cookies("theme=dark"),
            alice.with_cookies(""),
            alice.with_cookies("; ;"),
            alice.with_cookies("xory_kratos_session=1; ORY_KRATOS_SESSION=2"),
            alice.with_session_token(""),
            alice.with_session_token(" \t"),
            alice.forwarding(&HeaderMap::new()),
            alice.forwarding(&headers(&[("cookie", "theme=dark"), ("authorization", "Basic YTpi")])),
            alice.forwarding(&headers(&[("x-session-token", ""), ("authorization", "Bearer ")])),
            alice.forwarding(&headers(&[("x-session-token", "  "), ("authorization", "Bearer   ")])),
        ];
        for nobody in nobodies {
            let _ = nobody.to_session().await;
            assert_eq!(credentials(&server.take()), NOBODY);
        }
        // The handle that they were made from is still hers.
        match alice.to_session().await.err().map(|error| error.kind()) {
            Some(ErrorKind::Configuration) => assert_eq!(server.seen(), []),
            _ => assert!(credentials(&server.take())[0].ends_with("alice")),
        }
    }
}

#[tokio::test]
async fn input_with_a_credential_is_that_persons() {
    let server = server().await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    for alice in alices(&client) {
        for bob in [
            alice.forwarding(&headers(&[("x-session-token", "bob")])),
            alice.forwarding(&headers(&[("cookie", "ory_kratos_session=bob")])),
            alice.forwarding(&headers(&[("authorization", "Bearer bob")])),
            // A token and a cookie contradict each other, but those of nobody do not.
            alice.with_cookies("theme=dark").with_session_token("bob"),
            alice.with_session_token("").with_cookies("ory_kratos_session=bob"),
        ] {
            let _ = bob.to_session().await;
            let seen = credentials(&server.take());
            assert_eq!(seen.len(), 1, "{seen:?}");
            assert!(seen[0].ends_with("bob"), "{seen:?}");
        }
        for bob in [alice.with_session_token("bob"), alice.with_cookies("ory_kratos_session=bob")] {
            // The same kind of credential is replaced, and another kind is an error.
            match bob.to_session().await.err().map(|error| error.kind()) {
                Some(ErrorKind::Configuration) => assert_eq!(server.seen(), []),
                _ => assert!(credentials(&server.take())[0].ends_with("bob")),
            }
        }
        let jar = alice.with_cookie_jar(CookieJar::default());
        match jar.to_session().await.err().map(|error| error.kind()) {
            Some(ErrorKind::Configuration) => assert_eq!(server.seen(), []),
            _ => assert_eq!(credentials(&server.take()), NOBODY),
        }
    }
}

/// Of Alice nothing stays, of the program everything.
#[tokio::test]
async fn forwarding_keeps_only_what_the_program_owns() {
    let server = server().await;
    let client = Client::builder().project_url(server.url()).access_token("access").build().unwrap();
    let alice = client
        .with_session_token("alice")
        .with_oauth2_token("alice")
        .with_user_agent("alice")
        .with_forwarded_for("alice")
        .with_client_credentials("id", "secret")
        .with_registration_token("registration");
    for incoming in [HeaderMap::new(), headers(&[("x-session-token", "bob"), ("user-agent", "bob")])] {
        let other = alice.forwarding(&incoming);
        let error = other.get_oidc_user_info().await.unwrap_err();
        assert_eq!(error.to_string(), "getOidcUserInfo: it requires an OAuth2 access token: call `with_oauth2_token`");
        let _ = other.to_session().await;
        let _ = other.perform_oauth2_authorization_flow().await;
        let _ = other.perform_oauth2_token_flow().form([("grant_type", "client_credentials")]).await;
        let _ = other.dynamic_client_registration_get_oauth2_client().id("c").await;
        let _ = other.admin_list_identities().await;
        let seen = server.seen();
        assert!(!format!("{seen:?}").contains("alice"), "{seen:?}");
        let of_program: Vec<String> = seen[seen.len() - 3..].iter().flat_map(credentials).collect();
        let expected = ["Basic aWQ6c2VjcmV0", "Bearer registration", "Bearer access"];
        assert_eq!(of_program, expected.map(|value| format!("authorization: {value}")));
    }
    let bob = alice.forwarding(&HeaderMap::new()).with_forwarded_for("bob");
    let before = server.seen().len();
    let _ = bob.to_session().await;
    assert_eq!(server.seen()[before].header("x-forwarded-for"), Some("bob"));
}

/// The user's browser and address concern only the servers that keep a list of the user's devices.
#[tokio::test]
async fn facts_about_a_user_go_with_the_users_calls_alone() {
    let server = server().await;
    let client = Client::builder()
        .project_url(server.url())
        .access_token("t")
        .console_url(server.url())
        .console_token("t")
        .named_endpoint("keto", server.url())
        .user_agent("own")
        .build()
        .unwrap();
    let user = client.with_user_agent("Firefox").with_forwarded_for("192.0.2.1").with_oauth2_token("t");
    let _ = user.to_session().await;
    let _ = user.create_flow(ory_sdk::flow::FlowKind::Login).await;
    let _ = user.request(Method::GET, Endpoint::KratosPublic, "/x").await;
    let _ = user.perform_oauth2_authorization_flow().await;
    let _ = user.perform_oidc_front_or_back_channel_logout().await;
    for seen in server.seen() {
        assert_eq!((seen.header("user-agent"), seen.header("x-forwarded-for")), (Some("Firefox"), Some("192.0.2.1")));
    }
    let before = server.seen().len();
    assert_eq!(before, 5);
    let _ = user.admin_list_identities().await;
    let _ = user.admin_list_courier_messages().await;
    let _ = user.admin_list_oauth2_clients().await;
    let _ = user.list_projects().await;
    let _ = user.get_oidc_user_info().await;
    let _ = user.discover_oidc_configuration().await;
    let _ = user.list_identity_schemas().await;
    for endpoint in [Endpoint::KratosAdmin, Endpoint::HydraPublic, Endpoint::HydraAdmin, Endpoint::Console] {
        let _ = user.request(Method::GET, endpoint, "/x").await;
    }
    let _ = user.request(Method::GET, Endpoint::Named("keto".into()), "/x").await;
    let others = &server.seen()[before..];
    assert_eq!(others.len(), 12);
    for seen in others {
        assert_eq!((seen.header("user-agent"), seen.header("x-forwarded-for")), (Some("own"), None), "{seen:?}");
    }
    // Nothing is not sent, and the call's own header takes precedence.
    let _ = user.with_user_agent("").with_forwarded_for(" ").to_session().header("Accept", "x").await;
    let seen = server.seen().pop().unwrap();
    assert_eq!((seen.header("user-agent"), seen.header("x-forwarded-for")), (Some("own"), None));
    let _ = user.to_session().header("User-Agent", "mine").await;
    assert_eq!(server.seen().pop().unwrap().header("user-agent"), Some("mine"));
}
