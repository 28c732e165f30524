//! Which credential goes with which call: never two, and never one that is meant for other calls.

use std::collections::BTreeSet;

use ory_sdk::contract::{Area, Security};
use ory_sdk::{Client, Error, ErrorKind};
use serde_json::json;

use super::{ACCESS, CONSOLE, Wire, calls};
use crate::support::dispatch::{self, Given};
use crate::support::server::Request;

/// The credentials of each request.
fn credentials(seen: &[Request]) -> Vec<Vec<String>> {
    let is_credential = |name: &str| matches!(name, "authorization" | "cookie" | "x-session-token");
    let of = |request: &Request| {
        let found = request.headers.iter().filter(|(name, _)| is_credential(name));
        found.map(|(name, value)| format!("{name}: {value}")).collect()
    };
    seen.iter().map(of).collect()
}

fn names(errors: &[Error]) -> BTreeSet<&'static str> {
    errors.iter().map(|error| error.operation().unwrap()).collect()
}

fn operations(area: impl Fn(Area) -> bool, administrative: bool) -> BTreeSet<&'static str> {
    let all = ory_sdk::contract::operations().iter().filter(|operation| area(operation.area));
    all.filter(|operation| operation.security.contains(&Security::AccessToken) == administrative)
        .map(|operation| operation.id)
        .collect()
}

/// The client itself, and the handles that a user can have.
fn handles(client: &Client) -> [(Client, &'static [&'static str]); 3] {
    let cookies = client.with_cookies("ory_kratos_session=a; csrf_token_b=c; advertisement=d");
    [
        (client.clone(), &[]),
        (client.with_session_token("ory_st_x"), &["x-session-token: ory_st_x"]),
        (cookies, &["cookie: ory_kratos_session=a; csrf_token_b=c"]),
    ]
}

#[tokio::test]
async fn calls_for_people_carry_the_person_alone() {
    for index in 0..3 {
        let wire = Wire::new().await;
        let (client, expected) = &handles(&wire.client)[index];
        let errors = calls::frontend(client).await;
        assert_eq!(names(&errors), operations(|area| area == Area::Frontend, false));
        let seen = credentials(&wire.server.seen());
        assert_eq!(seen.len(), errors.len());
        for (error, seen) in errors.iter().zip(seen) {
            assert_eq!(seen, *expected, "{}", error.operation().unwrap());
        }
    }
}

/// Kratos responds with 500 to a valid token next to a stale cookie, so calls refuse a handle that has both.
#[tokio::test]
async fn a_token_and_cookies_are_never_sent_together() {
    let wire = Wire::new().await;
    let both = wire.client.with_cookies("ory_kratos_session=a").with_session_token("ory_st_x");
    let errors = calls::frontend(&both).await;
    assert_eq!(names(&errors), operations(|area| area == Area::Frontend, false));
    for error in errors {
        let text =
            format!("{}: both a session token and cookies are given: use one of them", error.operation().unwrap());
        assert_eq!((error.to_string(), error.kind()), (text, ErrorKind::Configuration));
    }
    assert_eq!(wire.server.seen(), []);
    // Administrative and public calls carry neither.
    let count = calls::administration(&both).await.len();
    calls::public(&both).await;
    assert_eq!(credentials(&wire.server.seen()).concat(), vec![ACCESS; count]);
}

#[tokio::test]
async fn calls_for_administrators_carry_the_access_token_alone() {
    for index in 0..3 {
        let wire = Wire::new().await;
        let (client, _) = &handles(&wire.client)[index];
        let errors = calls::administration(client).await;
        assert_eq!(names(&errors), operations(|area| matches!(area, Area::Identity | Area::Courier), true));
        let seen = credentials(&wire.server.seen());
        assert_eq!(seen.len(), errors.len());
        for (error, seen) in errors.iter().zip(seen) {
            assert_eq!(seen, [ACCESS], "{}", error.operation().unwrap());
        }
    }
}

#[tokio::test]
async fn public_calls_carry_nothing() {
    for index in 0..3 {
        let wire = Wire::new().await;
        let (client, _) = &handles(&wire.client)[index];
        let errors = calls::public(client).await;
        assert_eq!(names(&errors), operations(|area| matches!(area, Area::Identity | Area::Courier), false));
        assert_eq!(credentials(&wire.server.seen()), [[""; 0]; 2]);
    }
}

/// Services ask Keto, manage API keys and use the console with a token of their own, whoever the call is for.
#[tokio::test]
async fn calls_of_services_carry_their_token_alone() {
    for (area, token) in [
        (Area::Permission, ACCESS),
        (Area::ApiKeys, ACCESS),
        (Area::Project, CONSOLE),
        (Area::Workspace, CONSOLE),
        (Area::Events, CONSOLE),
    ] {
        for index in 0..3 {
            let wire = Wire::new().await;
            let (client, _) = &handles(&wire.client)[index];
            let client = client.with_client_credentials("id", "secret").with_oauth2_token("ory_at_x");
            let client = client.with_registration_token("ory_rt_x");
            let mut count = 0;
            for operation in ory_sdk::contract::operations().iter().filter(|operation| operation.area == area) {
                let (method, id) = (operation.name, operation.id);
                // Any body does: what is tested is the header.
                let given = Given { json: operation.body.map(|_| json!({})), ..Given::default() };
                dispatch::call_with(&client, method, &given).await.unwrap().response.unwrap_err();
                let is_public = ["revokeApiKey", "getJwks"].contains(&id);
                assert_eq!(operation.security.is_empty(), is_public, "{id}");
                let expected = if is_public { vec![] } else { vec![token.to_owned()] };
                assert_eq!(credentials(&[wire.server.take()]), [expected], "{id}");
                count += 1;
            }
            assert!(count >= 4, "{area:?}: {count}");
        }
    }
}

/// OAuth2 credentials never go to Kratos.
#[tokio::test]
async fn credentials_of_oauth2_stay_away() {
    let wire = Wire::new().await;
    let client = wire.client.with_client_credentials("id", "secret").with_oauth2_token("ory_at_x");
    let client = client.with_registration_token("ory_rt_x");
    calls::frontend(&client).await;
    calls::public(&client).await;
    assert_eq!(credentials(&wire.server.seen()).concat(), [""; 0]);
    let wire = Wire::new().await;
    let client = wire.client.with_client_credentials("id", "secret").with_oauth2_token("ory_at_x");
    let count = calls::administration(&client).await.len();
    assert_eq!(credentials(&wire.server.seen()).concat(), vec![ACCESS; count]);
}

#[tokio::test]
async fn what_the_call_says_wins() {
    let mut wire = Wire::new().await;
    wire.recorded("toSession");
    let with_token = wire.client.with_session_token("ory_st_handle");
    let with_cookies = wire.client.with_cookies("ory_kratos_session=handle");
    let line = "GET /kratos/sessions/whoami";

    with_token.to_session().cookie("of=call").send().await.unwrap();
    wire.saw(line, &["cookie: of=call"], "");
    with_token.to_session().x_session_token("ory_st_call").send().await.unwrap();
    wire.saw(line, &["x-session-token: ory_st_call"], "");
    with_cookies.to_session().x_session_token("ory_st_call").send().await.unwrap();
    wire.saw(line, &["x-session-token: ory_st_call"], "");
    with_cookies.to_session().cookie("of=call").send().await.unwrap();
    wire.saw(line, &["cookie: of=call"], "");
    with_token.to_session().header("Cookie", "of=header").send().await.unwrap();
    wire.saw(line, &["cookie: of=header"], "");
    with_cookies.to_session().header("X-Session-Token", "ory_st_header").send().await.unwrap();
    wire.saw(line, &["x-session-token: ory_st_header"], "");
    with_cookies.to_session().cookie("of=call").header("cookie", "of=header").send().await.unwrap();
    wire.saw(line, &["cookie: of=header"], "");

    wire.recorded("adminGetIdentity");
    wire.client.admin_get_identity().id("x").header("Authorization", "Bearer own").send().await.unwrap();
    wire.saw("GET /kratos-admin/admin/identities/x", &["authorization: Bearer own"], "");
}

/// A handle carries a user's credential. The client it was made from stays without one.
#[tokio::test]
async fn handles_leave_their_client_alone() {
    let mut wire = Wire::new().await;
    wire.recorded("toSession");
    let ada = wire.client.with_session_token("ory_st_ada");
    let bob = ada.with_session_token("ory_st_bob");
    for (client, expected) in [
        (&ada, &["x-session-token: ory_st_ada"][..]),
        (&bob, &["x-session-token: ory_st_bob"]),
        (&wire.client.clone(), &[]),
    ] {
        client.to_session().send().await.unwrap();
        wire.saw("GET /kratos/sessions/whoami", expected, "");
    }
}
