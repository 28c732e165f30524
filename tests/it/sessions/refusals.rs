//! What each response of Kratos becomes. An outage signs nobody out.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use ory_sdk::sessions::{Credential, Refusal};
use ory_sdk::testing::StandIn;
use serde_json::json;

use super::support::{Kratos, error, session};
use crate::support::server::Reply;

/// The name of the variant.
fn kind(refusal: &Refusal) -> String {
    let text = format!("{refusal:?}");
    text.split([' ', '{']).next().unwrap().to_owned()
}

#[tokio::test]
async fn each_response_has_its_refusal() {
    let mut aal2 = error(403, "session_aal2_required");
    aal2.body = json!({"error": {"id": "session_aal2_required", "code": 403, "reason": "r", "message": "m"},
        "redirect_browser_to": "http://kratos/self-service/login/browser?aal=aal2"})
    .to_string()
    .into_bytes();
    let mut inactive = session();
    inactive["active"] = false.into();
    let mut nobody = session();
    nobody["identity"] = serde_json::Value::Null;
    let html = |status| Reply::new(status, &[("Content-Type", "text/html")], "<html>sign in to the proxy</html>");
    for (reply, expected) in [
        (error(401, "session_inactive"), "Nobody"),
        (
            Reply::json(401, &json!({"error": {"code": 401, "status": "Unauthorized", "reason": "r", "message": "m"}})),
            "Nobody",
        ),
        (Reply::new(401, &[], ""), "Nobody"),
        (error(401, "session_aal1_required"), "Nobody"),
        (Reply::json(200, &inactive), "Nobody"),
        (aal2, "SecondFactor"),
        (error(403, "session_refresh_required"), "SignInAgain"),
        (error(403, "session_verified_address_required"), "Unverified"),
        (error(403, "security_identity_mismatch"), "Forbidden"),
        (html(401), "Unavailable"),
        (html(403), "Unavailable"),
        (html(200), "Unavailable"),
        (Reply::json(200, &json!([])), "Unavailable"),
        (Reply::json(200, &nobody), "Unavailable"),
        (Reply::new(204, &[], ""), "Unavailable"),
        (Reply::new(302, &[("Location", "/login")], ""), "Unavailable"),
        (error(400, "bad_request"), "Unavailable"),
        (error(404, "not_found"), "Unavailable"),
        (error(429, "rate_limited"), "Unavailable"),
        (error(500, "internal"), "Unavailable"),
        (html(502), "Unavailable"),
        (Reply::new(503, &[("Retry-After", "7")], ""), "Unavailable"),
        (html(504), "Unavailable"),
    ] {
        let kratos = Kratos::start(reply.clone()).await;
        for max_age in [0, 60] {
            let sessions = kratos.builder().max_age(Duration::from_secs(max_age)).build().unwrap();
            for _ in 0..2 {
                let refusal = sessions.check(&Credential::session_token("t")).await.unwrap_err();
                assert_eq!(kind(&refusal), expected, "{} {}", reply.status, String::from_utf8_lossy(&reply.body));
                if reply.status == 503 {
                    let Refusal::Unavailable { retry_after, error: Some(error) } = refusal else { panic!() };
                    assert_eq!((retry_after, error.status().unwrap().as_u16()), (Duration::from_secs(7), 503));
                }
            }
            assert_eq!(sessions.stats().entries, 0);
        }
        assert_eq!(kratos.calls(), 4, "no refusal is kept");
    }
}

#[tokio::test]
async fn nobody_listens() {
    let client = ory_sdk::Client::builder().kratos_public_url("http://127.0.0.1:1").build().unwrap();
    let sessions = ory_sdk::sessions::Sessions::builder(&client).timeout(Duration::from_millis(200)).build().unwrap();
    let refusal = sessions.check(&Credential::session_token("t")).await.unwrap_err();
    assert!(refusal.is_unavailable(), "{refusal}");
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    let mut headers = HeaderMap::new();
    headers.extend(pairs.iter().map(pair));
    headers
}

/// Which credential of a request counts, and what leaves for Kratos.
#[tokio::test]
async fn the_credential_of_a_request() {
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().build().unwrap();
    type Incoming = &'static [(&'static str, &'static str)];
    let cases: [(Incoming, Option<&str>); 14] = [
        (&[], None),
        (&[("cookie", "theme=dark")], None),
        (&[("cookie", "csrf_token_x=1; ory_hydra_session=2")], None),
        (&[("x-session-token", " ")], None),
        (&[("authorization", "Basic eDp5")], None),
        (&[("authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln")], None),
        (&[("authorization", "Bearer ory_at_x.y")], None),
        (&[("authorization", "Bearer ory_rt_x.y")], None),
        (&[("authorization", "Bearer ory_ac_x.y")], None),
        (&[("authorization", "Bearer ory_pat_x")], None),
        (&[("authorization", "bearer ory_st_x")], Some("x-session-token: ory_st_x")),
        (&[("authorization", "Bearer x"), ("cookie", "csrf_token_x=1")], Some("x-session-token: x")),
        (
            &[("cookie", "a=1; ory_kratos_session=s; csrf_token_x=1"), ("authorization", "Bearer x")],
            Some("cookie: ory_kratos_session=s"),
        ),
        (&[("cookie", "ory_session_slug=s"), ("x-session-token", "t")], Some("x-session-token: t")),
    ];
    for (incoming, expected) in cases {
        let before = kratos.seen().len();
        let found = sessions.credential(&headers(incoming));
        assert_eq!(found.is_some(), expected.is_some(), "{incoming:?}");
        if let Some(who) = found {
            sessions.check(&who).await.unwrap();
            let sent = kratos.seen().remove(before);
            let sent = sent.headers.iter().filter(|(name, _)| name == "cookie" || name == "x-session-token");
            let sent: Vec<String> = sent.map(|(name, value)| format!("{name}: {value}")).collect();
            assert_eq!(sent, [expected.unwrap()], "{incoming:?}");
        }
    }
}

/// What no server would accept is neither sent nor taken for "signed out".
#[tokio::test]
async fn what_cannot_be_sent_is_malformed() {
    let kratos = Kratos::start(error(401, "session_inactive")).await;
    for max_age in [0, 60] {
        let sessions = kratos.builder().max_age(Duration::from_secs(max_age)).build().unwrap();
        let long = format!("ory_kratos_session={}", "x".repeat(64 << 10));
        let many: Vec<String> = (0..1000).map(|number| format!("ory_session_{number}=x")).collect();
        let of_cookies = |cookies: &str| sessions.credential(&headers(&[("cookie", cookies)])).unwrap();
        for (who, why) in [
            (of_cookies(&long), "longer than 16 KiB"),
            (of_cookies(&many.join("; ")), "longer than 16 KiB"),
            (of_cookies(&many[..33].join("; ")), "more than 32 session cookies"),
            (Credential::session_token("x".repeat(20_000)), "longer than 16 KiB"),
            (Credential::session_token("a\r\nb: c"), "not allowed in a header"),
            (Credential::session_token("a\u{0}"), "not allowed in a header"),
        ] {
            let refusal = sessions.check(&who).await.unwrap_err();
            assert!(matches!(refusal, Refusal::Malformed { .. }), "{refusal:?}");
            assert!(refusal.to_string().contains(why), "{refusal}");
        }
        // Cookies of others cost nothing.
        let beside = format!("theme={}; ory_kratos_session=s", "x".repeat(64 << 10));
        assert!(matches!(sessions.check(&of_cookies(&beside)).await, Err(Refusal::Nobody)));
        assert!(matches!(sessions.check(&Credential::session_token(" ")).await, Err(Refusal::Nobody)));
    }
    assert_eq!(kratos.calls(), 2);
}

/// The whole way on the stand-in: a cookie, a token, a second factor, an extended session.
#[tokio::test]
async fn on_the_stand_in() {
    let ory = StandIn::start().await.unwrap();
    ory.person("ada@example.org").totp().create();
    let sessions = ory_sdk::sessions::Sessions::builder(&ory.client_builder().build().unwrap()).build().unwrap();
    let half = ory.sign_in("ada@example.org");
    let refusal = sessions.check(&Credential::session_token(half.token())).await.unwrap_err();
    let Refusal::SecondFactor { url: Some(url) } = refusal else { panic!("{refusal:?}") };
    assert!(url.as_str().contains("aal=aal2"), "{}", url.as_str());
    let whole = ory.sign_in_with_second_factor("ada@example.org");
    let mut incoming = HeaderMap::new();
    incoming.insert("cookie", HeaderValue::from_str(whole.cookie().expose()).unwrap());
    let person = sessions.check(&sessions.credential(&incoming).unwrap()).await.unwrap();
    assert!(person.has_second_factor() && person.signed_in_within(Duration::from_secs(60)));
    assert_eq!(person.traits::<serde_json::Value>().unwrap()["email"], "ada@example.org");
    assert_eq!(person.id, whole.session_id());
}
