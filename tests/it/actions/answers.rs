//! Responses have the bodies that real servers obeyed.

use http::{Response, StatusCode};
use ory_sdk::actions::{
    ActionAddress, ActionMessage, Decision, IdentityChange, Interrupt, PasswordDecision, TokenClaims, TokenDecision,
    TokenHook,
};
use serde_json::{Value, json};

use super::{named, read, read_text};
use crate::support::recording::Body;

/// Checks that a response is the recorded one, byte by byte apart from the order of keys.
fn is_recorded(response: &Response<String>, name: &str) {
    let recorded = &named(name).response;
    assert_eq!(response.status().as_u16(), recorded.status, "{name}");
    match &recorded.body {
        None => assert_eq!((response.body().as_str(), response.headers().len()), ("", 0), "{name}"),
        Some(Body::Json(json)) => {
            assert_eq!(&serde_json::from_str::<Value>(response.body()).unwrap(), json, "{name}");
            assert_eq!(response.headers()["content-type"], "application/json", "{name}");
        }
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_flow_goes_on() {
    is_recorded(&Decision::Continue.into_response(), "kratos-26.2.0/hook.registration.204");
    // A change of nothing changes nothing.
    is_recorded(&Decision::from(IdentityChange::new()).into_response(), "kratos-1.3.1/hook.settings.204");
}

#[test]
fn an_identity_is_changed() {
    let change = || IdentityChange::new();
    let traits = json!({"email": "hook-97@example.org", "name": {"first": "Changed"}, "newsletter": true});
    let time = "2026-01-01T00:00:00Z".parse().unwrap();
    let address = |value: &str| [ActionAddress::email(value).verified_at(time)];
    for (change, name) in [
        (change().traits(traits), "kratos-26.2.0/hook.registration.traits"),
        (
            change().metadata_public(json!({"tier": "gold"})).metadata_admin(json!({"customer": 42})),
            "kratos-26.2.0/hook.registration.metadata",
        ),
        (change().verifiable_addresses(address("hook-100@example.org")), "kratos-26.2.0/hook.registration.verified"),
        (change().verifiable_addresses(address("hooked-103@example.org")), "kratos-1.3.1/hook.settings.verified"),
        (change().inactive(), "kratos-26.2.0/hook.registration.inactive"),
        (change().external_id("hook-87"), "kratos-26.2.0/hook.settings.external-id"),
    ] {
        is_recorded(&Decision::from(change).into_response(), name);
    }
    let rest = change()
        .schema_id("customer")
        .active()
        .recovery_addresses([ActionAddress::sms("+49123"), ActionAddress::email("a@b").verified()]);
    assert_eq!(
        Decision::from(rest).into_response().body(),
        concat!(
            r#"{"identity":{"recovery_addresses":[{"value":"+49123","via":"sms"},"#,
            r#"{"status":"completed","value":"a@b","verified":true,"via":"email"}],"#,
            r#""schema_id":"customer","state":"active"}}"#
        )
    );
}

#[test]
fn a_flow_is_interrupted() {
    let message =
        ActionMessage::error(1234, "This address is not welcome here").context("value", "hook").context("n", 1);
    let interrupt = Interrupt::at("/traits/email", message).unwrap();
    for name in ["kratos-1.3.1/hook.registration.interrupt", "kratos-1.3.1/hook.settings.interrupt"] {
        is_recorded(&Decision::from(interrupt.clone()).into_response(), name);
    }
    let closed = Decision::from(Interrupt::form(ActionMessage::error(99, "Closed today"))).into_response();
    is_recorded(&closed, "kratos-26.2.0/hook.before-login.interrupt");
    assert_eq!(
        closed.body(),
        concat!(
            r##"{"messages":[{"instance_ptr":"#/","##,
            r#""messages":[{"id":99,"text":"Closed today","type":"error"}]}]}"#
        )
    );

    // Several: one place has all of its messages.
    let name = "kratos-26.2.0/hook.registration.form-interrupt-several";
    let Some(Body::Json(mut recorded)) = named(name).response.body.clone() else { panic!("{name}") };
    let places = recorded["messages"].as_array_mut().unwrap();
    // What cannot be said: a message of no place, and one that is neither error nor info.
    places.retain(|place| place.get("instance_ptr").is_some());
    places[1]["messages"][0]["type"] = "info".into();
    places[2]["messages"][0].as_object_mut().unwrap().remove("context");
    let third = recorded["messages"][1]["messages"][0]["text"].as_str().unwrap().to_owned();
    let several = Interrupt::at("/traits/email", ActionMessage::error(1, "First"))
        .and_then(|it| it.and_at("/traits/name/first", ActionMessage::info(3, third)))
        .and_then(|it| it.and_at("#/traits/email", ActionMessage::info(2, "Second")))
        .and_then(|it| {
            it.and_form(ActionMessage::error(4, "Of the whole form"))
                .and_at("/nothing", ActionMessage::error(6, "Of a field that is not there"))
        });
    let response = Decision::from(several.unwrap()).into_response();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(serde_json::from_str::<Value>(response.body()).unwrap(), recorded);
}

#[test]
fn passwords_are_judged() {
    is_recorded(&PasswordDecision::Match.into_response(), "kratos-26.2.0/hook.password-migration.match");
    let wrong = PasswordDecision::NoMatch.into_response();
    assert_eq!((wrong.status(), wrong.body().as_str()), (StatusCode::FORBIDDEN, ""));
    // Kratos reads one KiB.
    assert!(PasswordDecision::Match.into_response().body().len() < 100);
}

#[test]
fn tokens_are_kept_changed_and_refused() {
    is_recorded(&TokenDecision::Keep.into_response(), "hydra-26.2.0/hook.token.code-204");
    is_recorded(&TokenDecision::Refuse.into_response(), "hydra-26.2.0/hook.token.code-403");
    is_recorded(&TokenDecision::Refuse.into_response(), "hydra-26.2.0/hook.refresh-token.403");
    let claims = TokenClaims::new().set_access("tenant", 42).set_access("by", "hook");
    let claims = claims.set_id("department", "sales").set_id("by", "hook");
    for name in ["hydra-2.2.0/hook.token.code-changed", "hydra-26.2.0/hook.token.code-changed"] {
        is_recorded(&TokenDecision::from(claims.clone()).into_response(), name);
    }
}

fn session(response: &Response<String>) -> Value {
    serde_json::from_str::<Value>(response.body()).unwrap()["session"].clone()
}

/// A hook that sets one claim keeps all others, of both tokens.
#[test]
fn a_change_starts_with_the_claims_that_are_there() {
    let sid = "af007b38-4603-4802-b066-176cb1127b92";
    for (name, id_token) in [
        (
            "hydra-26.2.0/hook.token.changed-refresh-changed",
            json!({"by": "hook", "department": "sales", "name": "Hanna", "sid": sid}),
        ),
        ("hydra-26.2.0/hook.token.code-access-only", Value::Null),
        ("hydra-2.2.0/hook.token.machine-204", json!({})),
    ] {
        let recording = named(name);
        let call = read::<TokenHook>(recording).unwrap();
        let decided = TokenDecision::from(call.claims().set_access("tenant", 43)).into_response();
        assert_eq!(session(&decided)["access_token"]["tenant"], 43, "{name}");
        assert_eq!(session(&decided)["id_token"], json!(call.session.id_token_claims), "{name}");
        assert!(id_token.is_null() || session(&decided)["id_token"] == id_token, "{name}: {}", decided.body());
        let by = call.session.access_token_claims.get("by");
        assert_eq!(session(&decided)["access_token"].get("by"), by, "{name}");
        let decided = TokenDecision::from(call.claims().set_id("x", true).remove_id("sid")).into_response();
        assert_eq!(session(&decided)["access_token"], json!(call.session.access_token_claims), "{name}");
        assert!(session(&decided)["id_token"].get("sid").is_none(), "{name}");
        let decided = TokenDecision::from(call.claims().remove_access("tenant").remove_access("by")).into_response();
        assert_eq!(session(&decided)["access_token"], json!({}), "{name}");
    }
}

#[test]
fn large_numbers_come_back_as_they_were() {
    let claims =
        r#"{"a":9007199254740993,"b":18446744073709551615,"c":-9223372036854775808,"d":0.5,"e":"9007199254740993"}"#;
    let body = format!(
        r#"{{"session":{{"id_token":{{"id_token_claims":{{"ext":{claims}}}}},"extra":{claims}}},"request":{{}}}}"#
    );
    let call = read_text::<TokenHook>(body).unwrap();
    let response = TokenDecision::from(call.claims()).into_response();
    assert_eq!(response.body(), &format!(r#"{{"session":{{"access_token":{claims},"id_token":{claims}}}}}"#));
    // As Hydra 2.2 writes numbers that are large: the same float.
    let call = read_text::<TokenHook>(body_of(r#"{"n":9.007199254740992e+15}"#)).unwrap();
    let response = TokenDecision::from(call.claims()).into_response();
    assert_eq!(session(&response)["access_token"]["n"].as_f64(), Some(9_007_199_254_740_992.0));
}

fn body_of(claims: &str) -> String {
    format!(r#"{{"session":{{"id_token":{{}},"extra":{claims}}},"request":{{}}}}"#)
}
