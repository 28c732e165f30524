//! Authenticator apps and lookup secrets.

use super::{Browser, flow, identity, sign_in, start, text};
use crate::testing::replay::{Replay, Report};

/// The code for the secret that a form for settings shows.
fn code_for(replay: &Replay, flow: &serde_json::Value) -> String {
    let nodes = flow["ui"]["nodes"].as_array().unwrap();
    let node = nodes.iter().find(|node| node["attributes"]["id"] == "totp_secret_key").unwrap();
    let secret = text(node, "/attributes/text/text");
    replay.stand_in.totp_code_of_secret(&secret).unwrap().expose().to_owned()
}

pub async fn set_up() -> Report {
    let mut replay = start().await;
    let start = |case: &str| format!("initializeSelfServiceSettingsFlowWithoutBrowser.{case}");
    let submit = |case: &str| format!("submitSelfServiceSettingsFlow.{case}");

    identity(&replay, "totp-47@example.org").await;
    let (token, _) = sign_in(&replay, "totp-47@example.org").await;
    replay.learn_header(&start("totp"), "X-Session-Token", &token);
    replay.same(&[&start("totp"), &submit("totp-missing"), &submit("totp-wrong")]).await;
    let (_, id) = replay.recorded(&submit("totp-ok")).request.path.split_once("flow=").unwrap();
    let path = format!("/self-service/settings/flows?id={}", replay.here(id));
    let shown = replay.get(&path, &[("X-Session-Token", &token)]).await;
    let code = code_for(&replay, &shown);
    replay.learn_field(&submit("totp-ok"), "totp_code", &code);
    replay.same_but(&submit("totp-ok"), &["action"]).await;
    replay.learn_header("toSession.totp-set-up", "X-Session-Token", &token);
    replay.same(&["toSession.totp-set-up", &start("totp-unlink")]).await;
    replay.same_but(&submit("totp-unlink"), &["action"]).await;

    identity(&replay, "lookup-48@example.org").await;
    let (token, _) = sign_in(&replay, "lookup-48@example.org").await;
    let with_token = &[("X-Session-Token", token.as_str())];
    replay.learn_header(&submit("lookup-reveal-none"), "X-Session-Token", &token);
    flow(&mut replay, "settings", &submit("lookup-confirm-early"), with_token).await;
    replay.same(&[&submit("lookup-confirm-early"), &submit("lookup-regenerate")]).await;
    replay.same_but(&submit("lookup-confirm"), &["action"]).await;
    replay.same(&[&start("lookup"), &submit("lookup-reveal")]).await;
    replay.same_but(&submit("lookup-disable"), &["action"]).await;
    flow(&mut replay, "settings", &submit("lookup-reveal-none"), with_token).await;
    replay.same(&[&submit("lookup-reveal-none")]).await;
    replay.finish()
}

/// Creates somebody with both second factors.
async fn person(replay: &Replay, email: &str) -> Vec<String> {
    let person = replay.stand_in.person(email).password(super::PASSWORD).totp().lookup_secrets().create();
    person.lookup_secrets().iter().map(|secret| secret.expose().to_owned()).collect()
}

pub async fn step_up() -> Report {
    let mut replay = start().await;
    let email = "aal2-71@example.org";
    let secrets = person(&replay, email).await;
    let start = |case: &str| format!("initializeSelfServiceLoginFlowWithoutBrowser.{case}");
    let submit = |case: &str| format!("submitSelfServiceLoginFlow.{case}");
    flow(&mut replay, "login", &submit("aal2-still-needed"), &[]).await;
    replay.same(&[&submit("aal2-still-needed"), "toSession.aal2-required", "listSessions.aal2-required"]).await;
    replay.same(&["initializeSelfServiceSettingsFlowWithoutBrowser.aal2-required"]).await;
    replay.same_but("revokeSessions.aal2-required", &["count"]).await;
    // Nobody has set up the second factor in a session, and so nobody was mailed to verify the address.
    let free = &["status"];
    replay.same(&[&start("aal2-totp"), "getSelfServiceLoginFlow.aal2"]).await;
    replay.same(&[&submit("totp-missing"), &submit("totp-wrong"), &submit("totp-no-session")]).await;
    let code = replay.stand_in.totp_code(email).unwrap().expose().to_owned();
    replay.learn_field(&submit("totp-ok"), "totp_code", &code);
    replay.same_but(&submit("totp-ok"), free).await;
    replay.same_but("toSession.aal2", free).await;
    replay.same(&[&start("aal2-fulfilled"), &start("aal2-refresh")]).await;
    replay.learn_field(&submit("lookup-refresh"), "lookup_secret", &secrets[0]);
    replay.same_but(&submit("lookup-refresh"), free).await;
    replay.same_but("toSession.three-methods", free).await;

    let (token, _) = sign_in(&replay, email).await;
    replay.learn_header(&submit("lookup-ok"), "X-Session-Token", &token);
    let again = replay.get("/self-service/login/api?aal=aal2", &[("X-Session-Token", &token)]).await;
    replay.learn_query(&submit("lookup-ok"), "flow", &text(&again, "/id"));
    replay.same(&[&submit("lookup-wrong"), &submit("lookup-used")]).await;
    replay.learn_field(&submit("lookup-ok"), "lookup_secret", &secrets[1]);
    replay.same_but(&submit("lookup-ok"), free).await;
    replay.finish()
}

pub async fn in_browsers() -> Report {
    let mut replay = start().await;
    let email = "aal2-72@example.org";
    replay.stand_in.person(email).password(super::PASSWORD).totp().create();
    let start = |case: &str| format!("initializeSelfServiceLoginFlowForBrowsers.{case}");
    let submit = |case: &str| format!("submitSelfServiceLoginFlow.{case}");
    let settings = |case: &str| format!("initializeSelfServiceSettingsFlowForBrowsers.{case}");
    let browser = Browser::new(&replay).await;
    browser.flow(&mut replay, "login", &submit("browser-aal2-still-needed")).await;
    replay.same(&[&submit("browser-aal2-still-needed")]).await;
    browser.flow(&mut replay, "login", &submit("form-aal2-still-needed")).await;
    replay.same(&[&submit("form-aal2-still-needed")]).await;
    // Cookies of the session that the form began.
    let browser = Browser::signed_in(&replay, email).await;
    let logout = "createSelfServiceLogoutFlowUrlForBrowsers.aal2-required";
    for name in ["toSession.aal2-required-cookie", logout, &settings("aal2-required"), &settings("html-aal2-required")]
    {
        browser.learn(&mut replay, name);
        replay.same(&[name]).await;
    }
    browser.learn(&mut replay, &start("aal2-totp"));
    replay.same(&[&start("aal2-totp"), &submit("browser-totp-wrong")]).await;
    let code = replay.stand_in.totp_code(email).unwrap().expose().to_owned();
    replay.learn_field(&submit("browser-totp-ok"), "totp_code", &code);
    replay.same_but(&submit("browser-totp-ok"), &["status"]).await;
    replay.same_but("toSession.aal2-cookie", &["status"]).await;
    replay.finish()
}
