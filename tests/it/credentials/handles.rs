//! The credentials that a user's handle sends.

use http::{HeaderMap, HeaderValue};
use ory_sdk::credentials::CookieJar;
use ory_sdk::{Client, ErrorKind};
use serde_json::json;

use super::credentials;
use crate::support::server::{Reply, Server};

#[tokio::test]
async fn a_handle_decides_what_a_persons_calls_carry() {
    let server = Server::always(Reply::json(200, &json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"}))).await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let carried = async |client: &Client| {
        let _ = client.to_session().send().await;
        credentials(&server.take())
    };
    assert_eq!(carried(&client).await, Vec::<String>::new());
    assert_eq!(carried(&client.with_session_token("t")).await, ["x-session-token: t"]);
    let cookies = client.with_cookies("other=1; ory_kratos_session=s; csrf_token_x=c");
    assert_eq!(carried(&cookies).await, ["cookie: ory_kratos_session=s; csrf_token_x=c"]);
    // A later credential replaces an earlier one of the same kind. Two kinds contradict each other.
    assert_eq!(carried(&client.with_session_token("t").with_session_token("u")).await, ["x-session-token: u"]);
    let both =
        client.with_session_token("t").with_cookies("ory_kratos_session=s").to_session().send().await.unwrap_err();
    assert_eq!(both.to_string(), "toSession: both a session token and cookies are given: use one of them");
    let both = client.to_session().x_session_token("t").cookie("ory_kratos_session=s").send().await.unwrap_err();
    assert_eq!(both.kind(), ErrorKind::Configuration);
    // An explicit argument wins.
    let _ = cookies.to_session().x_session_token("mine").send().await;
    assert_eq!(credentials(&server.take()), ["x-session-token: mine"]);
    // The handle also sends its token where the reference lists no such header.
    let _ = client.with_session_token("t").revoke_session().id("x").send().await;
    assert_eq!(credentials(&server.take()), ["x-session-token: t"]);
}

#[tokio::test]
async fn forwarding_takes_what_kratos_would_look_for() {
    let server = Server::always(Reply::json(200, &json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"}))).await;
    let client = Client::builder().kratos_public_url(server.url()).cookie_name("house_session").build().unwrap();
    let headers = |pairs: &[(&'static str, &'static str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    };
    type Headers = &'static [(&'static str, &'static str)];
    let cases: [(Headers, &[&str]); 8] = [
        (
            &[("x-session-token", "t"), ("cookie", "ory_kratos_session=s"), ("authorization", "Bearer b")],
            &["x-session-token: t"],
        ),
        (
            &[("cookie", "a=1; ory_kratos_session=s"), ("cookie", "house_session=h"), ("authorization", "Bearer b")],
            &["cookie: ory_kratos_session=s; house_session=h"],
        ),
        (&[("cookie", "a=1"), ("authorization", "bearer ory_st_b")], &["x-session-token: ory_st_b"]),
        (&[("authorization", "Basic x")], &[]),
        // Tokens for other servers.
        (&[("authorization", "Bearer ory_at_x.y")], &[]),
        (&[("authorization", "Bearer ory_pat_x")], &[]),
        (&[("authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln")], &[]),
        (&[], &[]),
    ];
    for (incoming, expected) in cases {
        let _ = client.forwarding(&headers(incoming)).to_session().send().await;
        assert_eq!(credentials(&server.take()), expected, "{incoming:?}");
    }
    let person = client.with_session_token("somebody-else").forwarding(&headers(&[("user-agent", "Firefox")]));
    let _ = person.with_forwarded_for("192.0.2.1").to_session().send().await;
    let seen = server.take();
    assert_eq!((seen.header("user-agent"), seen.header("x-forwarded-for")), (Some("Firefox"), Some("192.0.2.1")));
    assert_eq!(credentials(&seen), Vec::<String>::new(), "nobody's request is nobody's");
}

/// Other parts of a site set cookies with any bytes, and proxies add headers with any. They must not cost Ory's.
#[tokio::test]
async fn forwarding_passes_over_bytes_beyond_ascii() {
    let server = Server::always(Reply::json(200, &json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"}))).await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let cookies: [&[&[u8]]; 5] = [
        &["city=München; ory_kratos_session=s".as_bytes()],
        &[b"ory_kratos_session=s; city=M\xfcnchen"],
        &["stadt_ü=1; ory_kratos_session=s; 雪=1".as_bytes()],
        &[b"\xff\xfe=\x80", b"ory_kratos_session=s"],
        &[b"a=1;\xa0; ory_kratos_session=s;"],
    ];
    for lines in cookies {
        let mut incoming = HeaderMap::new();
        for line in lines {
            incoming.append("cookie", HeaderValue::from_bytes(line).unwrap());
        }
        incoming.insert("user-agent", HeaderValue::from_bytes("Büro/1".as_bytes()).unwrap());
        client.forwarding(&incoming).to_session().await.unwrap();
        let seen = server.take();
        assert_eq!(credentials(&seen), ["cookie: ory_kratos_session=s"], "{lines:?}");
        assert_eq!(seen.header("user-agent"), Some("Büro/1"));
    }
    // A control character may come in, in UTF-8, but cannot go out.
    let mut incoming = HeaderMap::new();
    incoming.insert("user-agent", HeaderValue::from_bytes(b"odd\xc2\x85agent").unwrap());
    client.forwarding(&incoming).to_session().await.unwrap();
    assert!(server.take().header("user-agent").unwrap().starts_with("ory-sdk/"));
}

#[tokio::test]
async fn a_jar_carries_cookies_from_response_to_request() {
    let server = Server::start(|request| {
        let set: &[(&str, &str)] = match request.target.as_str() {
            "/self-service/login/browser" => {
                &[("Set-Cookie", "csrf_token_x=1; Path=/; HttpOnly"), ("Set-Cookie", "evil=1; Domain=example.org")]
            }
            _ => &[("Set-Cookie", "csrf_token_x=; Max-Age=0"), ("Set-Cookie", "ory_kratos_session=s")],
        };
        Reply::new(303, &[set, &[("Location", "http://127.0.0.1:4455/login?flow=x")]].concat(), "")
    })
    .await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let browser = client.with_cookie_jar(CookieJar::default());
    let first = browser.initialize_self_service_login_flow_for_browsers().send().await.unwrap_err();
    assert_eq!(first.location().unwrap().query("flow").unwrap(), "x");
    let names: Vec<String> = first.set_cookies().map(|cookie| cookie.name().to_owned()).collect();
    assert_eq!(names, ["csrf_token_x", "evil"]);
    assert_eq!(credentials(&server.take()), Vec::<String>::new());
    browser.initialize_self_service_settings_flow_for_browsers().send().await.unwrap_err();
    assert_eq!(credentials(&server.take()), ["cookie: csrf_token_x=1"]);
    browser.submit_self_service_logout_flow().send().await.unwrap();
    assert_eq!(credentials(&server.take()), ["cookie: ory_kratos_session=s"]);
}
