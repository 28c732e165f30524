//! Nothing of a call shows: no key, cookie, token, password, code or trait.

use std::collections::BTreeSet;

use ory_sdk::actions::{
    ActionAddress, ActionAuth, ActionError, ActionMessage, CourierMessage, Decision, FlowContext, IdentityChange,
    Interrupt, PasswordDecision, PasswordMigration, RefreshTokenHook, TokenClaims, TokenDecision, TokenHook,
};
use serde_json::{Value, json};

use super::{RECORDED, body, headers, read};

/// The texts below these keys show nowhere.
const SECRET: [&str; 27] = [
    "traits",
    "request_cookies",
    "request_headers",
    "transient_payload",
    "metadata_public",
    "verifiable_addresses",
    "recovery_addresses",
    "ui",
    "devices",
    "password",
    "identifier",
    "recipient",
    "to",
    "subject",
    "body",
    "recovery_code",
    "recovery_url",
    "verification_code",
    "verification_url",
    "extra",
    "ext",
    "nonce",
    "consent_challenge",
    "assertion",
    "sub",
    "email",
    "return_to",
];

fn collect(value: &Value, is_secret: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if is_secret => drop(found.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| collect(item, is_secret, found)),
        Value::Object(map) => {
            for (key, value) in map {
                collect(value, is_secret || SECRET.contains(&key.as_str()), found);
            }
        }
        _ => {}
    }
}

#[test]
fn debug_shows_nothing_of_any_recorded_call() {
    let (mut looked, mut shown_calls) = (0, 0);
    for (server, recording) in RECORDED.iter() {
        let Ok(sent) = serde_json::from_slice::<Value>(&body(recording)) else { continue };
        let mut secrets = BTreeSet::new();
        collect(&sent, false, &mut secrets);
        // Words that say what something is.
        let kinds = ["", "email", "pending", "sent", "completed", "input", "password", "text", "aal1", "hook"];
        secrets.retain(|text| {
            text.len() > 3 && !kinds.contains(&text.as_str()) && ory_sdk::uuid::Uuid::parse_str(text).is_err()
        });
        let mut shown = String::new();
        macro_rules! show {
            ($($ty:ty),*) => {
                $(if let Ok(call) = read::<$ty>(recording) {
                    shown += &format!("{call:?} {:#?} {:?}", *call, call.clone().into_body());
                    shown_calls += 1;
                })*
            };
        }
        show!(FlowContext, PasswordMigration, CourierMessage, TokenHook, RefreshTokenHook);
        if let Ok(call) = read::<FlowContext>(recording) {
            shown += &format!("{:?} {:?} {:?}", call.flow, call.identity, call.session);
        }
        for secret in &secrets {
            // Texts of the form are common words.
            let is_word = secret.chars().all(|c| c.is_ascii_alphabetic() || c == '_') && secret.len() < 20;
            assert!(is_word || !shown.contains(secret), "{server} {} {secret:?} in {shown}", recording.case);
        }
        looked += secrets.len();
    }
    assert!(looked > 2000 && shown_calls > 150, "{looked} {shown_calls}");
}

#[test]
fn debug_of_decisions_shows_no_value() {
    let change = IdentityChange::new()
        .traits(json!({"email": "hunter2"}))
        .metadata_public("hunter2")
        .metadata_admin("hunter2")
        .external_id("hunter2")
        .verifiable_addresses([ActionAddress::email("hunter2").verified()]);
    let message = ActionMessage::error(7, "hunter2 is taken").context("value", "hunter2");
    let interrupt = Interrupt::at("/traits/name", message.clone()).unwrap().and_form(message.clone());
    let claims = TokenClaims::new().set_access("tenant", "hunter2").set_id("name", "hunter2");
    let error = ActionError::from("hunter2 is no password");
    let auth = ActionAuth::header("x-api-key", "hunter2").unwrap().or(ActionAuth::cookie("hook", "hunter2").unwrap());
    let auth = auth.or(ActionAuth::basic("kratos", "hunter2").unwrap());
    let shown = format!(
        "{change:?} {:?} {:#?} {:?} {message:?} {interrupt:?} {:?} {claims:?} {:?} {error:?} {:?} {auth:?} {:?}",
        Decision::from(change.clone()),
        Decision::from(interrupt.clone()),
        Decision::Continue,
        ActionAddress::email("hunter2"),
        TokenDecision::from(claims.clone()),
        error.clone().into_response(),
        PasswordDecision::Match,
    );
    assert!(!shown.contains("hunter2"), "{shown}");
    // What a log should have is there.
    for known in ["metadata_admin", "error 7", "#/traits/name", "tenant", "header x-api-key", "cookie hook", "basic"] {
        assert!(shown.contains(known), "{known} in {shown}");
    }
    assert_eq!(error.into_response().body(), "");
}

/// Errors of reading show places and kinds, and never a value, wherever in a recorded call it stands.
#[test]
fn refusals_show_no_value() {
    const PLANTED: &str = "hunter2-was-planted";
    let mut refused = 0;
    for name in
        ["kratos-26.2.0/hook.login.204", "kratos-26.2.0/hook.courier-email.ok", "hydra-26.2.0/hook.token.device"]
    {
        let recording = super::named(name);
        let sent: Value = serde_json::from_slice(&body(recording)).unwrap();
        for place in places(&sent, String::new()) {
            for planted in [json!(PLANTED), json!([PLANTED]), json!({"key": PLANTED})] {
                let mut changed = sent.clone();
                *changed.pointer_mut(&place).unwrap() = planted;
                let body = changed.to_string();
                macro_rules! check {
                    ($($ty:ty),*) => {
                        $(let result = ory_sdk::actions::Action::<$ty>::read(
                            &super::auth(), &headers(recording), body.clone().into());
                        if let Err(why) = result {
                            let shown = format!("{why} {why:?} {:?}", why.clone().into_response());
                            assert!(!shown.contains(PLANTED), "{name} {place}: {shown}");
                            refused += 1;
                        })*
                    };
                }
                check!(FlowContext, CourierMessage, TokenHook);
            }
        }
    }
    assert!(refused > 300, "{refused}");
}

/// Pointers to everything but the form.
fn places(value: &Value, at: String) -> Vec<String> {
    let mut found = vec![at.clone()];
    if let Value::Object(map) = value {
        found.extend(
            map.iter().filter(|(key, _)| *key != "ui").flat_map(|(key, value)| places(value, format!("{at}/{key}"))),
        );
    }
    if let Some(first) = value.as_array().and_then(|items| items.first()) {
        found.extend(places(first, format!("{at}/0")));
    }
    found
}
