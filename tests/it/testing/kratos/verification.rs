//! Verification of addresses.

use std::time::Duration;

use super::{Browser, flow, identity, mailed_code, start};
use crate::testing::replay::Report;

pub async fn by_code() -> Report {
    let mut replay = start().await;
    let id = identity(&replay, "verify-54@example.org").await;
    let start = |case: &str| format!("initializeSelfServiceVerificationFlowWithoutBrowser.{case}");
    let submit = |case: &str| format!("submitSelfServiceVerificationFlow.{case}");
    let get = |case: &str| format!("getSelfServiceVerificationFlow.{case}");
    replay.same(&[&start("ok"), &get("api"), &get("not-found"), &submit("not-found")]).await;
    for case in ["code-bad-email", "code-sent"] {
        replay.same(&[&submit(case)]).await;
    }
    replay.same(&[&get("api-sent"), &submit("code-wrong")]).await;
    let code = mailed_code(&replay);
    replay.learn_field(&submit("code-ok"), "code", &code);
    replay.same(&[&submit("code-ok"), &get("api-passed")]).await;
    replay.learn_segment("adminGetIdentity.verified", 3, &id);
    replay.same(&["adminGetIdentity.verified", &submit("code-used"), &submit("code-passed-resend")]).await;
    for case in ["code-unknown-address", "code-no-email", "empty"] {
        flow(&mut replay, "verification", &submit(case), &[]).await;
        replay.same(&[&submit(case)]).await;
    }
    replay.finish()
}

pub async fn in_browsers() -> Report {
    let mut replay = start().await;
    identity(&replay, "verify-55@example.org").await;
    identity(&replay, "verify-56@example.org").await;
    let start = |case: &str| format!("initializeSelfServiceVerificationFlowForBrowsers.{case}");
    let submit = |case: &str| format!("submitSelfServiceVerificationFlow.{case}");
    let get = |case: &str| format!("getSelfServiceVerificationFlow.{case}");
    replay.same(&[&start("return-to-forbidden"), &start("ok"), &get("browser-no-cookie"), &get("browser")]).await;
    replay.same(&[&submit("browser-csrf"), &submit("browser-code-sent"), &submit("browser-code-wrong")]).await;
    let code = mailed_code(&replay);
    replay.learn_field(&submit("browser-code-ok"), "code", &code);
    replay.same(&[&submit("browser-code-ok")]).await;
    let browser = Browser::new(&replay).await;
    browser.flow(&mut replay, "verification", &submit("form-code-sent")).await;
    replay.same(&[&submit("form-code-sent")]).await;
    let code = mailed_code(&replay);
    replay.learn_field(&submit("form-code-ok"), "code", &code);
    replay.same(&[&submit("form-code-ok")]).await;
    replay.finish()
}

pub async fn expired() -> Report {
    let mut replay = start().await;
    identity(&replay, "expired-73@example.org").await;
    let submit = |case: &str| format!("submitSelfServiceVerificationFlow.{case}");
    let get = |case: &str| format!("getSelfServiceVerificationFlow.{case}");
    let browser = Browser::new(&replay).await;
    flow(&mut replay, "verification", &submit("api-expired"), &[]).await;
    flow(&mut replay, "verification", &submit("code-expired"), &[]).await;
    browser.flow(&mut replay, "verification", &submit("browser-expired")).await;
    browser.flow(&mut replay, "verification", &submit("form-expired")).await;
    replay.stand_in.advance(Duration::from_secs(61 * 60));
    for name in [get("api-expired"), submit("api-expired"), get("api-after-expired"), submit("code-expired")] {
        replay.same(&[&name]).await;
    }
    browser.learn(&mut replay, &get("browser-expired"));
    replay.same(&[&get("browser-expired"), &submit("form-expired")]).await;
    browser.learn(&mut replay, &submit("browser-expired"));
    replay.same(&[&submit("browser-expired")]).await;
    // The text says how long ago the flow expired.
    replay.same_but(&get("browser-after-expired"), &["text"]).await;
    replay.finish()
}
