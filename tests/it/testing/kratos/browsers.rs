//! Flows of browsers, which ask for JSON or show pages.

use std::time::Duration;

use super::{Browser, identity, start};
use crate::testing::replay::Report;

pub async fn login() -> Report {
    let mut replay = start().await;
    identity(&replay, "browser-31@example.org").await;
    let start = |case: &str| format!("initializeSelfServiceLoginFlowForBrowsers.{case}");
    let submit = |case: &str| format!("submitSelfServiceLoginFlow.browser-{case}");
    for case in ["bad-challenge", "aal2-no-session", "return-to-forbidden", "return-to", "ok"] {
        replay.same(&[&start(case)]).await;
    }
    replay.same(&["getSelfServiceLoginFlow.browser-no-cookie", "getSelfServiceLoginFlow.browser"]).await;
    for case in ["csrf-no-cookie", "csrf", "wrong-password", "ok"] {
        replay.same(&[&submit(case)]).await;
    }
    replay.same(&["toSession.cookie", &start("session-present"), &start("refresh"), &submit("refresh")]).await;
    replay.same(&[&start("aal2")]).await;
    let browser = Browser::new(&replay).await;
    let query = "?return_to=http%3A%2F%2F127.0.0.1%3A4455%2Fback%3Fa%3Db";
    browser.flow_with(&mut replay, "login", query, &submit("return-to")).await;
    replay.same(&[&submit("return-to")]).await;
    replay.finish()
}

pub async fn forms() -> Report {
    let mut replay = start().await;
    identity(&replay, "form-32@example.org").await;
    let start = |case: &str| format!("initializeSelfServiceLoginFlowForBrowsers.{case}");
    let submit = |case: &str| format!("submitSelfServiceLoginFlow.form-{case}");
    replay.same(&[&start("html"), &submit("not-found")]).await;
    let browser = Browser::new(&replay).await;
    browser.flow(&mut replay, "login", &submit("wrong-password")).await;
    replay.same(&[&submit("csrf"), &submit("wrong-password")]).await;
    browser.learn(&mut replay, "getSelfServiceLoginFlow.form-after-error");
    replay.same(&["getSelfServiceLoginFlow.form-after-error", &submit("ok")]).await;
    let browser = Browser::signed_in(&replay, "form-32@example.org").await;
    browser.learn(&mut replay, &start("html-session-present"));
    replay.same(&[&start("html-session-present")]).await;
    let browser = Browser::new(&replay).await;
    browser.learn(&mut replay, &start("html-return-to-forbidden"));
    replay.same(&[&start("html-return-to-forbidden")]).await;
    browser.learn(&mut replay, "getSelfServiceError.ok-return-to");
    replay.same(&["getSelfServiceError.ok-return-to"]).await;
    browser.flow(&mut replay, "login", &submit("csrf-error")).await;
    replay.same(&[&submit("csrf-error")]).await;
    browser.learn(&mut replay, "getSelfServiceError.ok");
    replay.same(&["getSelfServiceError.ok"]).await;
    replay.finish()
}

pub async fn registration() -> Report {
    let mut replay = start().await;
    let start = |case: &str| format!("initializeSelfServiceRegistrationFlowForBrowsers.{case}");
    let submit = |case: &str| format!("submitSelfServiceRegistrationFlow.{case}");
    for case in ["return-to-forbidden", "return-to", "ok"] {
        replay.same(&[&start(case)]).await;
    }
    replay.same(&["getSelfServiceRegistrationFlow.browser-no-cookie", "getSelfServiceRegistrationFlow.browser"]).await;
    for case in ["browser-csrf", "browser-short-password", "browser-ok"] {
        replay.same(&[&submit(case)]).await;
    }
    replay.same(&["toSession.registered", &start("session-present")]).await;
    let browser = Browser::new(&replay).await;
    browser.flow(&mut replay, "registration", &submit("browser-conflict")).await;
    replay.same(&[&submit("browser-conflict")]).await;
    let query = "?return_to=http%3A%2F%2F127.0.0.1%3A4455%2Fback";
    browser.flow_with(&mut replay, "registration", query, &submit("form-short-password")).await;
    replay.same(&[&submit("form-short-password"), &submit("form-ok")]).await;
    replay.finish()
}

pub async fn settings() -> Report {
    let mut replay = start().await;
    identity(&replay, "settings-49@example.org").await;
    identity(&replay, "somebody@example.org").await;
    let start = |case: &str| format!("initializeSelfServiceSettingsFlowForBrowsers.{case}");
    let submit = |case: &str| format!("submitSelfServiceSettingsFlow.{case}");
    let get = |case: &str| format!("getSelfServiceSettingsFlow.{case}");
    replay.same(&[&start("no-session"), &start("html-no-session")]).await;
    let browser = Browser::signed_in(&replay, "settings-49@example.org").await;
    browser.learn(&mut replay, &start("return-to-forbidden"));
    replay.same(&[&start("return-to-forbidden")]).await;
    browser.learn(&mut replay, &start("ok"));
    replay.same(&[&start("ok"), &get("browser"), &get("browser-no-cookie")]).await;
    let other = Browser::signed_in(&replay, "somebody@example.org").await;
    other.learn(&mut replay, &get("browser-other-user"));
    replay.same(&[&get("browser-other-user")]).await;
    browser.learn(&mut replay, &submit("browser-csrf"));
    replay.same(&[&submit("browser-csrf")]).await;
    replay.same_but(&submit("browser-profile-ok"), &["action"]).await;
    browser.learn(&mut replay, &start("return-to"));
    replay.same(&[&start("return-to")]).await;
    browser.flow(&mut replay, "settings", &submit("form-bad-trait")).await;
    replay.same(&[&submit("form-bad-trait"), &submit("form-password-ok")]).await;
    browser.learn(&mut replay, &get("form-success"));
    replay.same_but(&get("form-success"), &["action"]).await;
    replay.stand_in.advance(Duration::from_secs(16 * 60));
    browser.flow(&mut replay, "settings", &submit("browser-refresh-required")).await;
    replay.same(&[&submit("browser-refresh-required")]).await;
    browser.learn(&mut replay, &submit("form-refresh-required"));
    replay.same(&[&submit("form-refresh-required")]).await;
    replay.finish()
}

pub async fn logout() -> Report {
    let mut replay = start().await;
    let email = "logout@example.org";
    identity(&replay, email).await;
    let create = |case: &str| format!("createSelfServiceLogoutFlowUrlForBrowsers.{case}");
    let submit = |case: &str| format!("submitSelfServiceLogoutFlow.{case}");
    replay.same(&[&create("no-session"), &create("html-no-session")]).await;
    let browser = Browser::signed_in(&replay, email).await;
    browser.learn(&mut replay, &create("ok"));
    replay.same(&[&create("ok"), &create("return-to"), &create("return-to-forbidden")]).await;
    for case in ["no-session", "no-token", "wrong-token", "ok", "again"] {
        replay.same(&[&submit(case)]).await;
    }
    for case in ["html-wrong-token", "html", "html-return-to"] {
        let browser = Browser::signed_in(&replay, email).await;
        browser.learn(&mut replay, &submit(case));
        if case != "html-wrong-token" {
            let url = replay.get("/self-service/logout/browser", &[super::JSON, ("Cookie", &browser.cookies())]).await;
            replay.learn_query(&submit(case), "token", url["logout_token"].as_str().unwrap());
        }
        replay.same(&[&submit(case)]).await;
    }
    replay.finish()
}

pub async fn expired() -> Report {
    let mut replay = start().await;
    let email = "expired-73@example.org";
    identity(&replay, email).await;
    let browser = Browser::new(&replay).await;
    let signed_in = Browser::signed_in(&replay, email).await;
    let kinds = [("login", "Login"), ("registration", "Registration"), ("settings", "Settings")];
    for (kind, name) in kinds {
        let who = if kind == "settings" { &signed_in } else { &browser };
        who.flow(&mut replay, kind, &format!("submitSelfService{name}Flow.browser-expired")).await;
        who.flow(&mut replay, kind, &format!("submitSelfService{name}Flow.form-expired")).await;
    }
    replay.stand_in.advance(Duration::from_secs(61 * 60));
    for (kind, name) in kinds {
        let who = if kind == "settings" { &signed_in } else { &browser };
        for case in
            [format!("getSelfService{name}Flow.browser-expired"), format!("submitSelfService{name}Flow.form-expired")]
        {
            who.learn(&mut replay, &case);
            replay.same(&[&case]).await;
        }
        // The texts say how long ago the flow expired.
        replay.same_but(&format!("submitSelfService{name}Flow.browser-expired"), &["reason"]).await;
        // The recorded person had changed their settings, and so was mailed.
        replay.same_but(&format!("getSelfService{name}Flow.browser-after-expired"), &["text", "status"]).await;
    }
    replay.finish()
}
