//! The calls to an application, compared with what real servers sent.

use std::collections::BTreeSet;

use http::StatusCode;
use ory_sdk::testing::{ActionCall, Fault, StandIn};
use serde_json::{Value, json};

/// Another stand-in takes the place of the application, and records what came.
async fn pair() -> (StandIn, StandIn) {
    let ory = StandIn::start().await.unwrap();
    ory.person("ada@example.org").password("a-Long-passw0rd!").create();
    ory.sign_in("ada@example.org");
    let application = StandIn::start().await.unwrap();
    application.fail_all(Fault::status(StatusCode::OK).always());
    (ory, application)
}

fn hook(application: &StandIn) -> String {
    format!("{}/hooks/x", application.url())
}

/// The keys of an object and of the objects in it, but not below `stop`.
fn keys(value: &Value, stop: &[&str]) -> BTreeSet<String> {
    fn add(value: &Value, path: &str, stop: &[&str], found: &mut BTreeSet<String>) {
        for (key, value) in value.as_object().into_iter().flatten() {
            found.insert(format!("{path}/{key}"));
            if !stop.contains(&key.as_str()) {
                add(value, &format!("{path}/{key}"), stop, found);
            }
        }
    }
    let mut found = BTreeSet::new();
    add(value, "", stop, &mut found);
    found
}

async fn sent(ory: &StandIn, application: &StandIn, call: &ActionCall) -> Value {
    let response = ory.call_action(&hook(application), call).await.unwrap();
    assert_eq!((response.status(), response.tries()), (StatusCode::OK, 1));
    application.calls().last().unwrap().json().unwrap()
}

#[tokio::test]
async fn web_hooks_get_the_context_of_kratos() {
    let (ory, application) = pair().await;
    let flow =
        ["expires_at", "id", "issued_at", "organization_id", "request_url", "state", "transient_payload", "type", "ui"];
    let around = ["flow", "identity", "request_cookies", "request_headers", "request_method", "request_url"];
    for (call, has_session, more_of_flow) in [
        (ActionCall::after_registration("ada@example.org"), false, vec![]),
        (
            ActionCall::after_login("ada@example.org"),
            true,
            vec!["created_at", "refresh", "requested_aal", "updated_at"],
        ),
        (ActionCall::after_settings("ada@example.org"), true, vec!["identity"]),
        (ActionCall::after_recovery("ada@example.org"), false, vec!["active"]),
        (ActionCall::after_verification("ada@example.org"), false, vec!["active"]),
    ] {
        let context = sent(&ory, &application, &call).await;
        let found: BTreeSet<&str> = context.as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected: BTreeSet<&str> = around.into();
        expected.extend(has_session.then_some("session"));
        assert_eq!(found, expected, "{call:?}");
        let of_flow: BTreeSet<&str> = context["flow"].as_object().unwrap().keys().map(String::as_str).collect();
        let known: BTreeSet<&str> = flow.iter().chain(&more_of_flow).copied().collect();
        assert!(of_flow.is_subset(&known), "{call:?}: {of_flow:?}");
        assert_eq!(context["identity"]["traits"]["email"], "ada@example.org");
        assert!(
            context["identity"].get("metadata_admin").is_none() && context["identity"].get("credentials").is_none()
        );
    }
    let headers = application.calls().last().unwrap().headers().clone();
    for name in ["ory-webhook-request-id", "ory-webhook-trigger-id", "content-type", "user-agent"] {
        assert!(headers.contains_key(name), "{name}");
    }
    let nobody = ory.call_action(&hook(&application), &ActionCall::after_login("bob@example.org")).await.unwrap_err();
    assert!(nobody.to_string().contains("nobody signs in with"), "{nobody}");
}

#[tokio::test]
async fn token_hooks_get_the_session_and_the_request() {
    let (ory, application) = pair().await;
    let claims = [
        "acr",
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "c_hash",
        "exp",
        "ext",
        "iat",
        "iss",
        "jti",
        "nonce",
        "rat",
        "sub",
    ];
    let machine = ActionCall::token_hook("a-client", "").scope(["read"]).audience(["https://api.example.org"]);
    let body = sent(&ory, &application, &machine).await;
    let found = keys(&body["session"]["id_token"]["id_token_claims"], &["ext"]);
    assert_eq!(found, claims.iter().map(|name| format!("/{name}")).collect());
    assert_eq!(body["session"]["id_token"]["subject"], "a-client");
    assert_eq!(body["request"]["granted_scopes"], json!(["read"]));
    assert_eq!(body["request"]["grant_types"], json!(["client_credentials"]));

    let person = ActionCall::token_hook("a-client", "ada")
        .scope(["openid"])
        .claims(json!({"tenant": 1}), json!({"name": "Ada"}));
    let body = sent(&ory, &application, &person).await;
    assert_eq!(body["session"]["extra"], json!({"tenant": 1}));
    assert_eq!(body["session"]["id_token"]["id_token_claims"]["ext"], json!({"name": "Ada"}));
    assert_eq!(
        (&body["request"]["requested_scopes"], &body["request"]["granted_scopes"]),
        (&json!(["openid"]), &json!([]))
    );

    let refresh = ActionCall::refresh_token_hook("a-client", "ada").scope(["openid", "offline"]);
    let body = sent(&ory, &application, &refresh).await;
    let top: BTreeSet<String> = body.as_object().unwrap().keys().cloned().collect();
    let expected = ["client_id", "granted_audience", "granted_scopes", "requester", "session", "subject"];
    assert_eq!(top, expected.map(str::to_owned).into());
}

#[tokio::test]
async fn passwords_mails_and_logout_tokens() {
    let (ory, application) = pair().await;
    let moved =
        ActionCall::password_migration("ada@example.org", "old-a-Long-passw0rd!").header("x-api-key", "hook-secret");
    let body = sent(&ory, &application, &moved).await;
    assert_eq!(body, json!({"identifier": "ada@example.org", "password": "old-a-Long-passw0rd!"}));
    assert_eq!(application.calls().last().unwrap().headers()["x-api-key"], "hook-secret");

    let client = ory.client_builder().build().unwrap();
    let flow = client.initialize_self_service_recovery_flow_without_browser().send().await.unwrap();
    let answer = json!({"method": "code", "email": "ada@example.org"});
    client.submit_self_service_recovery_flow().flow(flow.id).json_body(answer).send().await.unwrap();
    let mail = ory.messages().pop().unwrap();
    let body = sent(&ory, &application, &ActionCall::mail(mail.clone())).await;
    assert_eq!(body["recovery_code"], mail.code().unwrap().expose());
    assert_eq!((&body["template_type"], &body["verification_code"]), (&json!("recovery_code_valid"), &Value::Null));

    let token = ory.logout_token().sign();
    let call = ActionCall::back_channel_logout(token.clone());
    ory.call_action(&hook(&application), &call).await.unwrap();
    let last = application.calls().pop().unwrap();
    assert_eq!(last.form("logout_token").unwrap(), token);
    assert_eq!(last.headers()["content-type"], "application/x-www-form-urlencoded");
    let shown = format!("{moved:?} {call:?} {mail:?}");
    for secret in ["old-a-Long-passw0rd!", "hook-secret", token.as_str(), mail.code().unwrap().expose()] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn a_failing_application_is_tried_three_times() {
    let (ory, application) = pair().await;
    let call = ActionCall::after_login("ada@example.org").body(json!({"email": "ada@example.org"}));
    application.clear_faults();
    application.fail_all(Fault::status(StatusCode::SERVICE_UNAVAILABLE).times(2));
    application.fail_all(Fault::status(StatusCode::OK));
    let response = ory.call_action(&hook(&application), &call).await.unwrap();
    assert_eq!((response.status(), response.tries()), (StatusCode::OK, 3));
    let calls = application.calls();
    let ids = |name: &str| calls.iter().map(|call| call.headers()[name].clone()).collect::<BTreeSet<_>>().len();
    assert_eq!((ids("ory-webhook-trigger-id"), ids("ory-webhook-request-id")), (1, 3));
    assert!(calls.iter().all(|call| call.json() == Some(json!({"email": "ada@example.org"}))));

    application.fail_all(Fault::closed().always());
    assert!(ory.call_action(&hook(&application), &call).await.is_err());
    assert_eq!(application.calls().len(), 6);
    // A test calls nobody else.
    let elsewhere = ory.call_action("http://example.org/", &call).await.unwrap_err();
    assert_eq!(elsewhere.kind(), std::io::ErrorKind::InvalidInput);
}
