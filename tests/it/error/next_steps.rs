//! `Error::next_step` for recorded errors, and for errors that were not recorded.

use std::collections::BTreeMap;
use std::time::Duration;

use ory_sdk::error::NextStep;
use serde_json::{Value, json};

use super::flows::types_agree;
use super::{name, recordings, replay};
use crate::support::recording::Body;
use crate::support::server::Reply;
use crate::support::stub::{self, Stub};

/// Recorded errors: the server, the operation, the case, the next step, and part of the URL or id that it leads to.
const STEPS: &[(&str, &str, &str, &str, &str)] = &[
    ("kratos-0.11.1", "toSession", "bad-token-and-cookie", "SignIn", ""),
    ("kratos-26.2.0", "toSession", "bad-token-and-cookie", "SignIn", ""),
    ("kratos-0.11.1", "initializeSelfServiceSettingsFlowForBrowsers", "no-session", "SignIn", ""),
    ("kratos-26.2.0", "initializeSelfServiceSettingsFlowForBrowsers", "no-session", "SignIn", ""),
    ("kratos-0.11.1", "initializeSelfServiceLoginFlowForBrowsers", "aal2-no-session", "SignIn", ""),
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "aal2-no-session", "SignIn", ""),
    ("kratos-0.11.1", "initializeSelfServiceLoginFlowForBrowsers", "session-present", "AlreadySignedIn", ""),
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "session-present", "AlreadySignedIn", ""),
    ("kratos-0.11.1", "toSession", "aal2-required-cookie", "StepUp", "/self-service/login/browser?aal=aal2"),
    ("kratos-26.2.0", "toSession", "aal2-required-cookie", "StepUp", "/self-service/login/browser?aal=aal2"),
    ("kratos-26.2.0", "listSessions", "aal2-required", "StepUp", "aal=aal2"),
    ("kratos-0.11.1", "submitSelfServiceSettingsFlow", "browser-refresh-required", "Reauthenticate", "refresh=true"),
    ("kratos-26.2.0", "submitSelfServiceSettingsFlow", "browser-refresh-required", "Reauthenticate", "refresh=true"),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-aal2-still-needed", "GoTo", "http"),
    ("kratos-0.11.1", "submitSelfServiceRecoveryFlow", "admin-code", "GoTo", "/settings?flow="),
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "api-expired", "RestartFlow", "-"),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "api-expired", "RestartFlow", "-"),
    ("kratos-0.11.1", "submitSelfServiceVerificationFlow", "code-passed-resend", "RestartFlow", "-"),
    ("kratos-26.2.0", "submitSelfServiceVerificationFlow", "code-passed-resend", "RestartFlow", "-"),
    (
        "kratos-26.2.0",
        "submitSelfServiceRecoveryFlow",
        "code-used",
        "RestartFlow",
        "c7323b3f-1bad-48e1-a9c3-fd2a7491525f",
    ),
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "api-unknown-user", "ShowFlow", "4000006"),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "api-unknown-user", "ShowFlow", "4000006"),
    ("kratos-0.11.1", "submitSelfServiceRegistrationFlow", "api-short-password", "ShowFlow", "4000005"),
    ("kratos-26.2.0", "submitSelfServiceRegistrationFlow", "api-short-password", "ShowFlow", "4000032"),
    ("kratos-0.11.1", "submitSelfServiceSettingsFlow", "password-short", "ShowFlow", "4000005"),
    ("kratos-26.2.0", "submitSelfServiceSettingsFlow", "profile-bad-trait", "ShowFlow", "4000040"),
    ("kratos-0.11.1", "submitSelfServiceRecoveryFlow", "code-bad-email", "ShowFlow", "4000001"),
    ("kratos-26.2.0", "submitSelfServiceVerificationFlow", "code-bad-email", "ShowFlow", "4000040"),
    ("hydra-2.0.3", "adminGetOAuth2LoginRequest", "rejected", "AlreadyUsed", "/oauth2/auth?client_id="),
    ("hydra-2.0.3", "adminGetOAuth2ConsentRequest", "rejected", "AlreadyUsed", "/oauth2/auth?client_id="),
    ("hydra-2.0.3", "adminGetOAuth2LogoutRequest", "finished", "AlreadyUsed", "/oauth2/sessions/logout?id_token_hint="),
    ("kratos-0.11.1", "getSelfServiceLoginFlow", "browser-expired", "Expired", "/self-service/login/browser"),
    ("kratos-26.2.0", "getSelfServiceLoginFlow", "browser-expired", "Expired", "/self-service/login/browser"),
    ("kratos-0.11.1", "getSelfServiceSettingsFlow", "browser-expired", "Expired", "/self-service/settings/browser"),
    ("kratos-0.11.1", "getSelfServiceRecoveryFlow", "api-expired", "Expired", ""),
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "browser-csrf-no-cookie", "NotAllowed", ""),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-csrf-no-cookie", "NotAllowed", ""),
    ("kratos-0.11.1", "getSelfServiceSettingsFlow", "browser-other-user", "NotAllowed", ""),
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "not-found", "NotFound", ""),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "not-found", "NotFound", ""),
    ("hydra-2.0.3", "adminGetOAuth2LoginRequest", "not-found", "NotFound", ""),
    ("hydra-26.2.0", "acceptUserCodeRequest", "expired-challenge", "Expired", ""),
    ("keto-26.2.0", "getRelationships", "no-such-namespace", "NotFound", ""),
];

#[tokio::test]
async fn what_is_next_after_recorded_errors() {
    let stub = Stub::start().await;
    let all = recordings();
    for (server, operation, case, step, leads_to) in STEPS {
        let error = replay(&stub, &all, server, operation, case).await;
        let at = format!("{server} {operation} {case}");
        let next = error.next_step().unwrap_or_else(|| panic!("{at}: nothing: {error}"));
        assert_eq!(name(&next), *step, "{at}: {next:?}");
        let target = match &next {
            NextStep::StepUp { url } | NextStep::Reauthenticate { url } | NextStep::Expired { url, .. } => {
                url.as_ref().map(|url| url.as_str().to_owned())
            }
            NextStep::GoTo(url) | NextStep::AlreadyUsed { location: url } => Some(url.as_str().to_owned()),
            NextStep::RestartFlow { flow } => Some(flow.clone()),
            NextStep::ShowFlow(form) => form.all_messages().map(|message| message.id.to_string()).next(),
            _ => None,
        };
        assert_eq!(target.is_some(), !leads_to.is_empty(), "{at}: {target:?}");
        assert!(target.unwrap_or_default().contains(leads_to), "{at}: {next:?}");
    }
}

/// Steps that were not recorded.
#[tokio::test]
async fn what_is_next_after_errors_of_other_servers() {
    let stub = Stub::start().await;
    let step = async |operation: &str, status: u16, body: Value| {
        stub.call(operation, Reply::json(status, &body)).await.unwrap_err().next_step()
    };
    // Kratos 26 says in the form that somebody who submits it is signed in already.
    let form = |text: &str| json!({"id": "f", "ui": {"messages": [{"id": 4_000_001, "type": "error", "text": text}]}});
    let reason = "A valid session was detected and thus login is not possible. Did you forget to set `?refresh=true`?";
    let found = step("submitSelfServiceLoginFlow", 400, form(reason)).await;
    assert_eq!(found, Some(NextStep::AlreadySignedIn));
    let other = step("submitSelfServiceLoginFlow", 400, form("The request was blocked.")).await;
    assert!(matches!(other, Some(NextStep::ShowFlow(_))), "{other:?}");
    // Kratos 26 has the code 400 in the body, and names the flow that it started.
    let verify = json!({"error": {"id": "session_verified_address_required", "code": 400, "details": {"continue_with": [
        {"action": "show_verification_ui", "flow": {"id": "v", "url": "https://a/v?flow=v"}}]}}});
    match step("toSession", 403, verify).await {
        Some(NextStep::VerifyAddress { flow: Some(flow), url: Some(url) }) => {
            assert_eq!((flow.as_str(), url.as_str()), ("v", "https://a/v?flow=v"));
        }
        other => panic!("{other:?}"),
    }
    // Older versions say it in a message of the flow.
    let flow = json!({"id": "f", "ui": {"messages": [{"id": 4_000_010, "type": "error", "text": "not verified"}]}});
    let next = step("submitSelfServiceLoginFlow", 400, flow).await;
    assert_eq!(next, Some(NextStep::VerifyAddress { flow: None, url: None }));
    // In Hydra 26 this code means that a challenge expired. For a token it only means that the token is bad.
    let unauthorized = json!({"error": "request_unauthorized", "error_description": "The login request has expired."});
    let expired = Some(NextStep::Expired { since: None, url: None });
    assert_eq!(step("adminGetOAuth2LoginRequest", 401, unauthorized.clone()).await, expired);
    assert_eq!(step("adminAcceptOAuth2ConsentRequest", 401, unauthorized.clone()).await, expired);
    assert_eq!(step("getOidcUserInfo", 401, unauthorized).await, None);
    // Signing in again does not help an inactive identity.
    let inactive = json!({"error": {"code": 401, "reason": "disabled", "details": {"identity_id": "i"}}});
    assert_eq!(step("submitSelfServiceLoginFlow", 401, inactive).await, Some(NextStep::NotAllowed));
    // For an admin operation, 401 means that the credential is wrong, not that a user must sign in.
    assert_eq!(step("adminGetIdentity", 401, json!({"error": {"code": 401}})).await, None);
    assert_eq!(
        step("toSession", 429, json!({"error": {"id": "session_inactive"}})).await,
        Some(NextStep::Wait(Duration::from_secs(1)))
    );
    assert_eq!(step("toSession", 500, json!({"error": {"id": "session_inactive", "code": 401}})).await, None);
}

/// Checks the next step of every recorded error against its status and whether its body is a flow.
#[tokio::test]
async fn every_recorded_error_leads_where_its_status_says() {
    let stub = Stub::start().await;
    let mut counts: BTreeMap<(u16, &str), usize> = BTreeMap::new();
    for (server, recording) in recordings() {
        let status = recording.response.status;
        // The answer "denied" is a result.
        let is_denied = matches!(&recording.response.body, Some(Body::Json(body)) if body.get("allowed").is_some());
        if status < 400 || is_denied || stub::method(&recording.operation).is_none() {
            continue;
        }
        let error = stub.call(&recording.operation, recording.response.reply()).await.unwrap_err();
        let next = error.next_step();
        let step = next.as_ref().map_or("none", name);
        *counts.entry((status, step)).or_default() += 1;
        let is_flow = matches!(&recording.response.body, Some(Body::Json(body)) if body.get("ui").is_some());
        let right: &[&str] = match status {
            400 if is_flow => &["ShowFlow"],
            400 => &["none", "AlreadySignedIn", "RestartFlow"],
            401 if recording.operation == "acceptUserCodeRequest" => &["Expired"],
            401 if server.starts_with("hydra") => &["none"],
            401 if error.json().is_some_and(|body| body.pointer("/error/details/identity_id").is_some()) => {
                &["NotAllowed"]
            }
            401 => &["SignIn"],
            403 => &["NotAllowed", "StepUp", "Reauthenticate"],
            // The text of Go's router, which gateways written in Go send too.
            404 if error.json().is_none() || error.is_unknown_route() => &["none"],
            404 => &["NotFound"],
            410 => &["AlreadyUsed", "Expired", "RestartFlow"],
            422 => &["GoTo"],
            _ => &["none"],
        };
        assert!(right.contains(&step), "{server} {} {}: {status} {next:?}", recording.operation, recording.case);
        if is_flow {
            types_agree(&recording.operation, &error);
        }
    }
    println!("{counts:?}");
    let steps = [
        "SignIn",
        "AlreadySignedIn",
        "StepUp",
        "Reauthenticate",
        "GoTo",
        "RestartFlow",
        "ShowFlow",
        "AlreadyUsed",
        "Expired",
        "NotAllowed",
        "NotFound",
    ];
    for step in steps {
        assert!(counts.keys().any(|(_, seen)| *seen == step), "{step} was never recorded");
    }
}
