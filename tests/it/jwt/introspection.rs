//! Tokens that Hydra is asked about.

use std::time::Duration;

use http::StatusCode;
use ory_sdk::Client;
use ory_sdk::jwt::{Introspection, InvalidToken, Refusal};
use ory_sdk::testing::{Fault, StandIn};
use serde_json::{Value, json};

use super::support::invalid;
use crate::sessions::support::StoppedClock;
use crate::support::recording::{Body, own};
use crate::support::server::{Reply, Server};

/// A Hydra that says the same of every token.
async fn says(body: &Value) -> (Server, Introspection) {
    let server = Server::always(Reply::json(200, body)).await;
    let tokens = Introspection::builder(&client(&server)).any_audience().build().unwrap();
    (server, tokens)
}

fn client(server: &Server) -> Client {
    let builder = Client::builder().hydra_admin_url(server.url()).access_token("admin-key");
    builder.retry(ory_sdk::retry::Retry::off()).build().unwrap()
}

fn active() -> Value {
    let now = chrono::Utc::now().timestamp();
    json!({"active": true, "scope": "a b", "client_id": "app", "sub": "ada", "exp": now + 3600, "iat": now, "aud": ["api"],
        "iss": "https://auth.example.org", "token_type": "Bearer", "token_use": "access_token", "ext": {"tenant": 1}})
}

#[tokio::test]
async fn the_request_is_exact() {
    let (server, tokens) = says(&active()).await;
    let token = tokens.check("ory_at_a+b&c").await.unwrap();
    assert_eq!((token.subject(), token.client_id(), token.scopes().join(" ")), ("ada", "app", "a b".to_owned()));
    assert_eq!((token.audience(), &token.ext().unwrap()["tenant"]), (&["api".to_owned()][..], &json!(1)));
    let request = server.take();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/admin/oauth2/introspect"));
    assert_eq!(request.text(), "token=ory_at_a%2Bb%26c");
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(request.header("authorization"), Some("Bearer admin-key"));
}

/// Every recorded response, of every server.
#[tokio::test]
async fn what_real_servers_say() {
    let mut found = std::collections::BTreeMap::new();
    for recording in
        own().into_iter().map(|it| it.recording.unwrap()).filter(|it| it.operation == "adminIntrospectOAuth2Token")
    {
        let Some(Body::Json(body)) = &recording.response.body else { continue };
        let server = Server::always(Reply::json(recording.response.status, body)).await;
        let tokens = Introspection::builder(&client(&server)).any_audience().build().unwrap();
        let result = tokens.check("ory_at_x").await;
        let verdict = match (&result, body["active"].as_bool(), body["token_use"].as_str()) {
            (Ok(token), Some(true), Some("access_token")) => {
                assert_eq!(token.subject(), body["sub"].as_str().unwrap());
                assert_eq!(token.expires_at().unwrap().timestamp(), body["exp"].as_i64().unwrap());
                "good"
            }
            (Err(Refusal::Invalid(InvalidToken::Kind { .. })), Some(true), Some("refresh_token")) => "refresh token",
            (Err(Refusal::Invalid(InvalidToken::Inactive)), Some(false), _) => "inactive",
            (Err(Refusal::Unavailable { .. }), None, _) => "error",
            other => panic!("{}: {other:?}", recording.case),
        };
        *found.entry(verdict).or_insert(0) += 1;
    }
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), ["error", "good", "inactive", "refresh token"]);
}

#[tokio::test]
async fn odd_answers() {
    for (change, expected) in [
        (json!({"active": false}), "not active"),
        (json!({"active": "true"}), "not active"),
        (json!({"active": null}), "not active"),
        (json!({"client_id": null}), "`client_id`"),
        (json!({"client_id": 1}), "`client_id`"),
        (json!({"exp": "soon"}), "`exp`"),
        (json!({"scope": ["a"]}), "`scope`"),
        (json!({"token_use": "refresh_token"}), "expected an access token"),
    ] {
        let mut body = active();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (_server, tokens) = says(&body).await;
        let why = invalid(tokens.check("ory_at_x").await).to_string();
        assert!(why.contains(expected), "{why}");
    }
    for body in [json!([]), json!(null), json!("active")] {
        let (_server, tokens) = says(&body).await;
        assert!(tokens.check("ory_at_x").await.unwrap_err().is_unavailable());
    }
    let server = Server::always(Reply::json(200, &active())).await;
    let other = Introspection::builder(&client(&server)).audience("other").build().unwrap();
    assert_eq!(invalid(other.check("ory_at_x").await), InvalidToken::Audience);
    let own = Introspection::builder(&client(&server)).audience("other").audience("api").build().unwrap();
    own.check("ory_at_x").await.unwrap();
}

#[tokio::test]
async fn an_active_token_is_kept_for_its_age_and_no_other() {
    let clock = StoppedClock::stop();
    let (server, _) = says(&active()).await;
    let tokens =
        Introspection::builder(&client(&server)).any_audience().max_age(Duration::from_secs(10)).build().unwrap();
    for _ in 0..100 {
        tokens.check("ory_at_x").await.unwrap();
    }
    tokens.check("ory_at_y").await.unwrap();
    assert_eq!(server.seen().len(), 2);
    clock.advance(9.9).await;
    tokens.clone().check("ory_at_x").await.unwrap();
    assert_eq!(server.seen().len(), 2);
    clock.advance(0.1).await;
    tokens.check("ory_at_x").await.unwrap();
    assert_eq!(server.seen().len(), 3);
    // What is not active is asked for each time, and so is everything without an age.
    let (server, tokens) = says(&json!({"active": false})).await;
    let kept =
        Introspection::builder(&client(&server)).any_audience().max_age(Duration::from_secs(10)).build().unwrap();
    for tokens in [&tokens, &kept] {
        for _ in 0..3 {
            assert_eq!(invalid(tokens.check("ory_at_x").await), InvalidToken::Inactive);
        }
    }
    assert_eq!(server.seen().len(), 6);
    // A token that ends before its age is not kept beyond its end.
    let mut short = active();
    short["exp"] = (chrono::Utc::now().timestamp() - 1).into();
    let (server, _) = says(&short).await;
    let tokens =
        Introspection::builder(&client(&server)).any_audience().max_age(Duration::from_secs(10)).build().unwrap();
    for _ in 0..2 {
        tokens.check("ory_at_x").await.unwrap();
    }
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn checks_of_one_token_share_a_call_and_too_many_are_refused() {
    let ory = StandIn::start().await.unwrap();
    ory.fail("admin_introspect_oauth2_token", Fault::slow(Duration::from_millis(300)).always()).unwrap();
    let client = ory.client_builder().build().unwrap();
    let tokens =
        Introspection::builder(&client).any_audience().max_age(Duration::from_secs(10)).max_in_flight(2).build();
    let tokens = tokens.unwrap();
    let check = |token: String| {
        let tokens = tokens.clone();
        tokio::spawn(async move { tokens.check(&token).await })
    };
    let same: Vec<_> = (0..200).map(|_| check("ory_at_one".to_owned())).collect();
    for task in same {
        assert_eq!(invalid(task.await.unwrap()), InvalidToken::Inactive);
    }
    assert_eq!(ory.calls_of("admin_introspect_oauth2_token").unwrap().len(), 1);
    let different: Vec<_> = (0..20).map(|number| check(format!("ory_at_{number}"))).collect();
    let mut shed = 0;
    for task in different {
        match task.await.unwrap() {
            Err(Refusal::Unavailable { error: None, .. }) => shed += 1,
            other => assert_eq!(invalid(other), InvalidToken::Inactive),
        }
    }
    assert_eq!(shed, 18);
}

#[tokio::test]
async fn an_outage_is_no_bad_token() {
    let ory = StandIn::start().await.unwrap();
    let client = ory.client_builder().retry(ory_sdk::retry::Retry::off()).build().unwrap();
    let tokens = Introspection::builder(&client).any_audience().timeout(Duration::from_millis(200)).build().unwrap();
    for fault in [
        Fault::status(StatusCode::SERVICE_UNAVAILABLE),
        Fault::status(StatusCode::UNAUTHORIZED),
        Fault::status(StatusCode::FORBIDDEN).html(),
        Fault::status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "7"),
        Fault::closed(),
        Fault::cut(),
        Fault::slow(Duration::from_secs(60)),
    ] {
        ory.fail("admin_introspect_oauth2_token", fault).unwrap();
        assert!(tokens.check("ory_at_x").await.unwrap_err().is_unavailable());
        ory.clear_faults();
    }
    assert_eq!(invalid(tokens.check("ory_at_x").await), InvalidToken::Inactive);
    assert!(invalid(tokens.check(&"x".repeat(20_000)).await).to_string().contains("16 KiB"));
}

#[test]
fn settings_are_checked() {
    let client = Client::builder().hydra_admin_url("http://127.0.0.1:4445").build().unwrap();
    let good = || Introspection::builder(&client).audience("api");
    good().build().unwrap();
    let other = Client::builder().hydra_public_url("http://127.0.0.1:4444").build().unwrap();
    for (builder, expected) in [
        (Introspection::builder(&client), "`audience` is missing"),
        (good().audience(""), "`audience` is empty"),
        (good().any_audience(), "both set"),
        (good().max_age(Duration::from_secs(3601)), "`max_age`: expected at most 1 hour"),
        (good().timeout(Duration::ZERO), "`timeout` is zero"),
        (good().max_in_flight(0), "`max_in_flight`: expected at least 1"),
        (Introspection::builder(&other).any_audience(), "`hydra_admin_url`"),
    ] {
        let why = builder.build().unwrap_err().to_string();
        assert!(why.contains(expected), "{why}");
    }
}
