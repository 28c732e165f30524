//! Registration, login and settings, before and after flows and sessions expire.

use std::time::Duration;

use serde_json::json;

use super::{PASSWORD, flow, identity, sign_in, start, text};
use crate::testing::replay::Report;

pub async fn registration() -> Report {
    let mut replay = start().await;
    let submit = |case: &str| format!("submitSelfServiceRegistrationFlow.api-{case}");
    replay
        .same(&[
            "initializeSelfServiceRegistrationFlowWithoutBrowser.ok",
            "initializeSelfServiceRegistrationFlowWithoutBrowser.return-to",
            "getSelfServiceRegistrationFlow.api",
            "getSelfServiceRegistrationFlow.not-found",
            "submitSelfServiceRegistrationFlow.not-found",
        ])
        .await;
    // In the recorded order, since the form keeps what was sent before.
    for case in ["short-password", "missing-trait", "no-traits", "bad-trait", "extra-trait"] {
        replay.same(&[&submit(case)]).await;
    }
    for case in ["missing-password", "no-method"] {
        replay.same(&[&submit(case)]).await;
    }
    replay.same(&[&submit("ok"), "initializeSelfServiceRegistrationFlowWithoutBrowser.session-present"]).await;
    replay.same(&[&submit("used")]).await;
    for case in ["conflict", "minimal", "transient-payload"] {
        flow(&mut replay, "registration", &submit(case), &[]).await;
        replay.same(&[&submit(case)]).await;
    }
    replay.finish()
}

pub async fn login() -> Report {
    let mut replay = start().await;
    identity(&replay, "login-30@example.org").await;
    replay
        .same(&[
            "initializeSelfServiceLoginFlowWithoutBrowser.ok",
            "initializeSelfServiceLoginFlowWithoutBrowser.return-to",
            "initializeSelfServiceLoginFlowWithoutBrowser.return-to-forbidden",
            "initializeSelfServiceLoginFlowWithoutBrowser.bad-aal",
            "initializeSelfServiceLoginFlowWithoutBrowser.aal2-no-session",
            "getSelfServiceLoginFlow.api",
            "getSelfServiceLoginFlow.not-found",
            "getSelfServiceLoginFlow.malformed",
            "getSelfServiceLoginFlow.no-id",
            "submitSelfServiceLoginFlow.not-found",
            "submitSelfServiceLoginFlow.no-flow",
            "submitSelfServiceLoginFlow.malformed",
            "submitSelfServiceLoginFlow.api-no-method",
            "submitSelfServiceLoginFlow.api-wrong-method",
            "submitSelfServiceLoginFlow.api-totp-at-aal1",
            "submitSelfServiceLoginFlow.api-empty",
            "submitSelfServiceLoginFlow.api-empty-fields",
            "submitSelfServiceLoginFlow.api-unknown-user",
            "submitSelfServiceLoginFlow.api-missing-password",
            "submitSelfServiceLoginFlow.api-wrong-password",
            "getSelfServiceLoginFlow.api-after-error",
            "submitSelfServiceLoginFlow.api-cookie",
            "submitSelfServiceLoginFlow.api-origin",
            "submitSelfServiceLoginFlow.api-wrong-type",
            "submitSelfServiceLoginFlow.api-ok",
            "getSelfServiceLoginFlow.api-used",
            "submitSelfServiceLoginFlow.api-used",
            "initializeSelfServiceLoginFlowWithoutBrowser.session-present",
            "initializeSelfServiceLoginFlowWithoutBrowser.refresh",
            "submitSelfServiceLoginFlow.api-refresh",
            "initializeSelfServiceLoginFlowWithoutBrowser.aal2",
        ])
        .await;
    replay.finish()
}

pub async fn settings() -> Report {
    let mut replay = start().await;
    identity(&replay, "settings-44@example.org").await;
    let (own, _) = sign_in(&replay, "settings-44@example.org").await;
    replay.learn_header("getSelfServiceSettingsFlow.api", "X-Session-Token", &own);
    identity(&replay, "somebody@example.org").await;
    let (other, _) = sign_in(&replay, "somebody@example.org").await;
    replay.learn_header("getSelfServiceSettingsFlow.other-user", "X-Session-Token", &other);
    let token = &[("X-Session-Token", own.as_str())];
    replay
        .same(&[
            "initializeSelfServiceSettingsFlowWithoutBrowser.no-session",
            "initializeSelfServiceSettingsFlowWithoutBrowser.garbage",
            "initializeSelfServiceSettingsFlowWithoutBrowser.ok",
            "getSelfServiceSettingsFlow.api",
            "getSelfServiceSettingsFlow.no-session",
            "getSelfServiceSettingsFlow.not-found",
            "getSelfServiceSettingsFlow.other-user",
            "submitSelfServiceSettingsFlow.no-session",
            "submitSelfServiceSettingsFlow.not-found",
            "submitSelfServiceSettingsFlow.other-user",
        ])
        .await;
    // After a change, the recorded form leads to a flow that appears nowhere else in the response.
    replay.same_but("submitSelfServiceSettingsFlow.profile-ok", &["action"]).await;
    replay.same_but("getSelfServiceSettingsFlow.api-success", &["action"]).await;
    flow(&mut replay, "settings", "submitSelfServiceSettingsFlow.profile-bad-trait", token).await;
    let names =
        ["submitSelfServiceSettingsFlow.profile-bad-trait", "submitSelfServiceSettingsFlow.profile-missing-trait"];
    replay.same(&names).await;
    replay.same_but("submitSelfServiceSettingsFlow.profile-new-address", &["action"]).await;
    replay.same_but("submitSelfServiceSettingsFlow.empty", &["action"]).await;
    replay.same_but("submitSelfServiceSettingsFlow.wrong-method", &["action"]).await;
    flow(&mut replay, "settings", "submitSelfServiceSettingsFlow.password-short", token).await;
    replay.same(&["submitSelfServiceSettingsFlow.password-short"]).await;
    replay.same_but("submitSelfServiceSettingsFlow.password-ok", &["action"]).await;
    replay.finish()
}

pub async fn expired() -> Report {
    let mut replay = start().await;
    let email = "expired-73@example.org";
    let id = identity(&replay, email).await;
    replay.learn_segment("adminListIdentitySessions.expired", 3, &id);
    let (token, _) = sign_in(&replay, email).await;
    replay.learn_header("getSelfServiceSettingsFlow.api-expired", "X-Session-Token", &token);
    let with_token = &[("X-Session-Token", token.as_str())];
    flow(&mut replay, "login", "getSelfServiceLoginFlow.api-expired", &[]).await;
    flow(&mut replay, "registration", "getSelfServiceRegistrationFlow.api-expired", &[]).await;
    flow(&mut replay, "settings", "getSelfServiceSettingsFlow.api-expired", with_token).await;
    replay.stand_in.advance(Duration::from_secs(61 * 60));
    // The texts say how long ago the flow expired.
    for kind in ["Login", "Registration", "Settings"] {
        replay.same(&[&format!("getSelfService{kind}Flow.api-expired")]).await;
        replay.same_but(&format!("submitSelfService{kind}Flow.api-expired"), &["reason"]).await;
        // The recorded person had changed their settings, and so was mailed.
        replay.same_but(&format!("getSelfService{kind}Flow.api-after-expired"), &["text", "status"]).await;
    }
    // The recorded user had signed in a second time, with a browser.
    sign_in(&replay, email).await;
    replay.stand_in.advance(Duration::from_secs(24 * 3600));
    replay.same(&["adminListIdentitySessions.expired", "adminListIdentitySessions.expired-active"]).await;
    replay.learn_header("toSession.expired", "X-Session-Token", &token);
    replay.same(&["toSession.expired"]).await;

    let email = "privileged-75@example.org";
    identity(&replay, email).await;
    let (token, _) = sign_in(&replay, email).await;
    replay.learn_header("submitSelfServiceSettingsFlow.refresh-required", "X-Session-Token", &token);
    let with_token = &[("X-Session-Token", token.as_str())];
    flow(&mut replay, "settings", "submitSelfServiceSettingsFlow.refresh-required", with_token).await;
    replay.stand_in.advance(Duration::from_secs(16 * 60));
    let submit = |case: &str| format!("submitSelfServiceSettingsFlow.{case}");
    replay.same(&[&submit("refresh-required"), &submit("refresh-required-address")]).await;
    replay.same(&[&submit("refresh-required-totp")]).await;
    replay.same_but(&submit("refresh-not-required"), &["action"]).await;
    let again = replay.get("/self-service/login/api?refresh=true", with_token).await;
    let body = json!({"method": "password", "identifier": email, "password": PASSWORD});
    replay.json("POST", &format!("/self-service/login?flow={}", text(&again, "/id")), with_token, &body).await;
    replay.same_but(&submit("refreshed"), &["action"]).await;
    replay.finish()
}
