//! Recovery by people and by administrators.

use std::time::Duration;

use super::{Browser, flow, identity, mailed_code, sign_in, start, text};
use crate::testing::replay::Report;

pub async fn by_code() -> Report {
    let mut replay = start().await;
    identity(&replay, "recovery-51@example.org").await;
    identity(&replay, "recovery-53@example.org").await;
    let start = |case: &str| format!("initializeSelfServiceRecoveryFlowWithoutBrowser.{case}");
    let submit = |case: &str| format!("submitSelfServiceRecoveryFlow.{case}");
    let get = |case: &str| format!("getSelfServiceRecoveryFlow.{case}");
    replay.same(&[&start("ok"), &get("api"), &get("not-found"), &submit("not-found")]).await;
    for case in ["code-bad-email", "code-no-email", "code-sent"] {
        replay.same(&[&submit(case)]).await;
    }
    replay.same(&[&get("api-sent"), &submit("code-wrong"), &submit("code-resent")]).await;
    let code = mailed_code(&replay);
    replay.learn_field(&submit("code-ok"), "code", &code);
    replay.same(&[&submit("code-ok"), "toSession.recovered", &get("api-passed"), &submit("code-used")]).await;
    let (token, _) = sign_in(&replay, "recovery-51@example.org").await;
    replay.learn_header(&start("session-present"), "X-Session-Token", &token);
    replay.same(&[&start("session-present")]).await;

    for case in ["code-unknown-address", "empty", "wrong-method"] {
        flow(&mut replay, "recovery", &submit(case), &[]).await;
        replay.same(&[&submit(case)]).await;
    }
    let again = replay.get("/self-service/recovery/api", &[]).await;
    let path = format!("/self-service/recovery?flow={}", text(&again, "/id"));
    let body = serde_json::json!({"method": "code", "email": "recovery-53@example.org"});
    replay.json("POST", &path, &[super::JSON], &body).await;
    replay.learn_query(&submit("code-wrong-first"), "flow", &text(&again, "/id"));
    let wrong = serde_json::json!({"method": "code", "code": "00000000"});
    replay.same(&[&submit("code-wrong-first")]).await;
    for _ in 2..5 {
        replay.json("POST", &path, &[super::JSON], &wrong).await;
    }
    for case in ["code-wrong-fifth", "code-wrong-sixth", "code-wrong-seventh"] {
        replay.same(&[&submit(case)]).await;
    }
    replay.same(&[&get("api-after-too-often")]).await;
    replay.finish()
}

pub async fn in_browsers() -> Report {
    let mut replay = start().await;
    let email = "recovery-52@example.org";
    identity(&replay, email).await;
    let start = |case: &str| format!("initializeSelfServiceRecoveryFlowForBrowsers.{case}");
    let submit = |case: &str| format!("submitSelfServiceRecoveryFlow.{case}");
    let get = |case: &str| format!("getSelfServiceRecoveryFlow.{case}");
    replay.same(&[&start("return-to-forbidden"), &start("ok"), &get("browser-no-cookie"), &get("browser")]).await;
    replay.same(&[&submit("browser-csrf"), &submit("browser-code-sent"), &submit("browser-code-wrong")]).await;
    let code = mailed_code(&replay);
    replay.learn_field(&submit("browser-code-ok"), "code", &code);
    replay.same(&[&submit("browser-code-ok"), "toSession.recovered-cookie"]).await;
    let browser = Browser::signed_in(&replay, email).await;
    browser.learn(&mut replay, &start("session-present"));
    replay.same(&[&start("session-present")]).await;
    let browser = Browser::new(&replay).await;
    browser.flow(&mut replay, "recovery", &submit("form-code-sent")).await;
    replay.same(&[&submit("form-code-sent")]).await;
    browser.learn_token(&mut replay, &submit("form-code-wrong"));
    replay.same(&[&submit("form-code-wrong")]).await;
    let code = mailed_code(&replay);
    replay.learn_field(&submit("form-code-ok"), "code", &code);
    replay.same(&[&submit("form-code-ok")]).await;
    replay.finish()
}

pub async fn by_administrators() -> Report {
    let mut replay = start().await;
    let id = identity(&replay, "recovered@example.org").await;
    let other = replay.stand_in.person("no-password@example.org").create().id().to_string();
    let code = |case: &str| format!("adminCreateSelfServiceRecoveryCode.{case}");
    let link = |case: &str| format!("adminCreateSelfServiceRecoveryLink.{case}");
    for name in [code("ok"), link("ok")] {
        replay.learn_field(&name, "identity_id", &id);
    }
    for name in [code("no-password"), link("no-password")] {
        replay.learn_field(&name, "identity_id", &other);
    }
    for case in
        ["bad-expires-in", "empty", "expires-in", "malformed-id", "negative-expires-in", "no-body", "no-password"]
    {
        replay.same(&[&code(case), &link(case)]).await;
    }
    for case in ["not-found", "unknown-key", "ok"] {
        replay.same(&[&code(case), &link(case)]).await;
    }
    replay.same(&["getSelfServiceRecoveryFlow.admin-code"]).await;
    let browser = Browser::new(&replay).await;
    browser.learn(&mut replay, "submitSelfServiceRecoveryFlow.admin-code");
    replay.same(&["submitSelfServiceRecoveryFlow.admin-code"]).await;
    replay.same(&["submitSelfServiceRecoveryFlow.admin-link-click"]).await;
    replay.finish()
}

pub async fn expired() -> Report {
    let mut replay = start().await;
    identity(&replay, "expired-73@example.org").await;
    let submit = |case: &str| format!("submitSelfServiceRecoveryFlow.{case}");
    let get = |case: &str| format!("getSelfServiceRecoveryFlow.{case}");
    let browser = Browser::new(&replay).await;
    flow(&mut replay, "recovery", &submit("api-expired"), &[]).await;
    flow(&mut replay, "recovery", &submit("code-expired"), &[]).await;
    browser.flow(&mut replay, "recovery", &submit("browser-expired")).await;
    browser.flow(&mut replay, "recovery", &submit("form-expired")).await;
    replay.stand_in.advance(Duration::from_secs(61 * 60));
    browser.learn(&mut replay, &get("browser-expired"));
    // The texts say how long ago the flow expired.
    let free = &["reason", "text"];
    for name in [get("api-expired"), submit("api-expired"), get("api-after-expired"), submit("code-expired")] {
        replay.same_but(&name, free).await;
    }
    for name in
        [get("browser-expired"), submit("form-expired"), submit("browser-expired"), get("browser-after-expired")]
    {
        browser.learn(&mut replay, &name);
        replay.same_but(&name, free).await;
    }
    replay.finish()
}
