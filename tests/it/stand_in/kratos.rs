//! Every operation of Kratos that a stand-in serves, against Kratos 26.2.0.

use std::time::Duration;

use serde_json::{Value, json};

use super::replay::{Replay, Report};

const PASSWORD: &str = "a-Long-passw0rd!";
/// As the recorder called itself: sessions show it.
const AGENT: (&str, &str) = ("User-Agent", "ory-sdk-recorder/1");

pub async fn compare() -> Report {
    let mut report = Report::default();
    report.add(registration().await);
    report.add(login().await);
    report.add(settings().await);
    report.add(sessions().await);
    report.add(sessions_of_an_identity().await);
    report.add(expired().await);
    report.add(identities().await);
    report.add(identity_pages().await);
    report.add(schemas_and_messages().await);
    report.add(unknown_routes().await);
    report
}

async fn start() -> Replay {
    Replay::start("kratos-26.2.0").await
}

/// Makes an identity with a password; gives its id.
async fn identity(replay: &Replay, email: &str) -> String {
    let body = json!({
        "schema_id": "default",
        "traits": {"email": email},
        "credentials": {"password": {"config": {"password": PASSWORD}}},
    });
    text(&replay.json("POST", "/admin/identities", &[], &body).await, "/id")
}

/// Signs in; gives the session token and the session's id.
async fn sign_in(replay: &Replay, email: &str) -> (String, String) {
    let flow = replay.get("/self-service/login/api", &[]).await;
    let body = json!({"method": "password", "identifier": email, "password": PASSWORD});
    let path = format!("/self-service/login?flow={}", text(&flow, "/id"));
    let answer = replay.json("POST", &path, &[AGENT], &body).await;
    (text(&answer, "/session_token"), text(&answer, "/session/id"))
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {value}")).as_str().unwrap().to_owned()
}

/// Starts a flow in place of the one that a recorded submit or get names.
async fn flow(replay: &mut Replay, kind: &str, name: &str, headers: &[(&str, &str)]) {
    let flow = replay.get(&format!("/self-service/{kind}/api"), headers).await;
    let key = if name.starts_with("get") { "id" } else { "flow" };
    replay.learn_query(name, key, &text(&flow, "/id"));
}

async fn registration() -> Report {
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
    // In the order of the recorder: the form keeps what was sent before.
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

async fn login() -> Report {
    let mut replay = start().await;
    identity(&replay, "login-30@example.org").await;
    replay
        .same(&[
            "initializeSelfServiceLoginFlowWithoutBrowser.ok",
            "initializeSelfServiceLoginFlowWithoutBrowser.return-to",
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

async fn settings() -> Report {
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
    // After a change the recorded form leads to a flow that the answer does not name otherwise.
    replay.same_but("submitSelfServiceSettingsFlow.profile-ok", &["action"]).await;
    replay.same_but("getSelfServiceSettingsFlow.api-success", &["action"]).await;
    flow(&mut replay, "settings", "submitSelfServiceSettingsFlow.profile-bad-trait", token).await;
    let names =
        ["submitSelfServiceSettingsFlow.profile-bad-trait", "submitSelfServiceSettingsFlow.profile-missing-trait"];
    replay.same(&names).await;
    replay.same_but("submitSelfServiceSettingsFlow.profile-new-address", &["action"]).await;
    replay.same_but("submitSelfServiceSettingsFlow.empty", &["action"]).await;
    flow(&mut replay, "settings", "submitSelfServiceSettingsFlow.password-short", token).await;
    replay.same(&["submitSelfServiceSettingsFlow.password-short"]).await;
    replay.same_but("submitSelfServiceSettingsFlow.password-ok", &["action"]).await;
    replay.finish()
}

async fn sessions() -> Report {
    let mut replay = start().await;
    let email = "session-34@example.org";
    identity(&replay, email).await;
    let (token, own) = sign_in(&replay, email).await;
    replay.learn_header("toSession.ok", "X-Session-Token", &token);
    replay.learn_segment("revokeSession.own", 2, &own);
    replay.learn_header("listSessions.none", "X-Session-Token", &token);
    replay
        .same(&[
            "toSession.ok",
            "toSession.bearer",
            "toSession.no-session",
            "toSession.garbage",
            "toSession.garbage-cookie",
            "listSessions.no-session",
            "listSessions.none",
            "listSessions.none-per-2",
        ])
        .await;
    let (_, first) = sign_in(&replay, email).await;
    for _ in 0..4 {
        sign_in(&replay, email).await;
    }
    replay
        .same(&[
            "listSessions.ok",
            "listSessions.next-per-2-1",
            "listSessions.next-per-2-2",
            "listSessions.next-per-2-3",
            "listSessions.old-next-per-2-1",
            "listSessions.old-next-per-2-2",
            "listSessions.old-next-per-2-3",
            "listSessions.page-0-per-2",
            "listSessions.page-1-per-2",
            "listSessions.page-2-per-2",
            "listSessions.page-3-per-2",
            "listSessions.token-garbage",
        ])
        .await;
    replay.learn_segment("revokeSession.ok", 2, &first);
    replay
        .same(&[
            "revokeSession.no-session",
            "revokeSession.malformed",
            "revokeSession.not-found",
            "revokeSession.own",
            "revokeSession.ok",
            "revokeSession.again",
        ])
        .await;
    // The recorder had signed in once more with a browser.
    let (_, other) = sign_in(&replay, email).await;
    replay.learn_segment("revokeSession.other-user", 2, &other);
    replay.same(&["revokeSessions.no-session", "revokeSessions.ok", "revokeSessions.none"]).await;
    let (token, _) = sign_in(&replay, email).await;
    replay.learn_field("submitSelfServiceLogoutFlowWithoutBrowser.ok", "session_token", &token);
    let (token, _) = sign_in(&replay, email).await;
    replay.learn_field("submitSelfServiceLogoutFlowWithoutBrowser.unknown-key", "session_token", &token);
    replay
        .same(&[
            "submitSelfServiceLogoutFlowWithoutBrowser.ok",
            "toSession.logged-out",
            "submitSelfServiceLogoutFlowWithoutBrowser.again",
            "submitSelfServiceLogoutFlowWithoutBrowser.garbage",
            "submitSelfServiceLogoutFlowWithoutBrowser.empty",
            "submitSelfServiceLogoutFlowWithoutBrowser.no-body",
            "submitSelfServiceLogoutFlowWithoutBrowser.unknown-key",
        ])
        .await;
    replay.finish()
}

async fn sessions_of_an_identity() -> Report {
    let mut replay = start().await;
    let email = "sessions-26@example.org";
    let id = identity(&replay, email).await;
    replay.learn_segment("adminListIdentitySessions.ok", 3, &id);
    let none = identity(&replay, "none@example.org").await;
    replay.learn_segment("adminListIdentitySessions.none", 3, &none);
    // Of five sessions the oldest is revoked.
    let (_, oldest) = sign_in(&replay, email).await;
    for _ in 0..3 {
        sign_in(&replay, email).await;
    }
    let (token, _) = sign_in(&replay, email).await;
    let path = format!("/sessions/{oldest}");
    assert_eq!(replay.send("DELETE", &path, &[("X-Session-Token", &token)], None).await.status, 204);
    let token_of = "toSession.sessions-deleted";
    replay.learn_header(token_of, "X-Session-Token", &token);
    for case in [
        "ok",
        "active",
        "not-active",
        "bad-active",
        "malformed",
        "not-found",
        "none",
        "none-per-2",
        "next-per-2-1",
        "next-per-2-2",
        "next-per-2-3",
        "old-next-per-2-1",
        "old-next-per-2-2",
        "old-next-per-2-3",
        "page-0-per-2",
        "page-1-per-2",
        "page-2-per-2",
        "page-3-per-2",
        "token-garbage",
    ] {
        replay.same(&[&format!("adminListIdentitySessions.{case}")]).await;
    }
    replay
        .same(&[
            "adminDeleteIdentitySessions.malformed",
            "adminDeleteIdentitySessions.not-found",
            "adminDeleteIdentitySessions.none",
            "adminDeleteIdentitySessions.ok",
            token_of,
        ])
        .await;
    replay.finish()
}

async fn expired() -> Report {
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
    // The texts tell for how long it is over.
    for kind in ["Login", "Registration", "Settings"] {
        replay.same(&[&format!("getSelfService{kind}Flow.api-expired")]).await;
        replay.same_but(&format!("submitSelfService{kind}Flow.api-expired"), &["reason"]).await;
        replay.same_but(&format!("getSelfService{kind}Flow.api-after-expired"), &["text"]).await;
    }
    // The recorder had signed in a second time, with a browser.
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
    replay.same_but(&submit("refresh-not-required"), &["action"]).await;
    let again = replay.get("/self-service/login/api?refresh=true", with_token).await;
    let body = json!({"method": "password", "identifier": email, "password": PASSWORD});
    replay.json("POST", &format!("/self-service/login?flow={}", text(&again, "/id")), with_token, &body).await;
    replay.same_but(&submit("refreshed"), &["action"]).await;
    replay.finish()
}

async fn identities() -> Report {
    let mut replay = start().await;
    for case in [
        "bad-state",
        "bad-trait",
        "extra-trait",
        "missing-trait",
        "unknown-schema",
        "unknown-key",
        "malformed",
        "no-body",
        "minimal",
        "full",
        "conflict",
        "external-id",
        "inactive",
        "metadata-null",
        "metadata-scalar",
        "no-schema",
    ] {
        replay.same(&[&format!("adminCreateIdentity.{case}")]).await;
    }
    // The recorded one has metadata, and TOTP beside its password, so that its credentials are another matter.
    let body = json!({
        "schema_id": "default",
        "traits": {"email": "oidc-18@example.org"},
        "credentials": {"password": {"config": {"password": PASSWORD}}},
    });
    let id = text(&replay.json("POST", "/admin/identities", &[], &body).await, "/id");
    replay.learn_segment("adminGetIdentity.with-comma", 3, &id);
    for case in ["not-found", "malformed", "malformed-slash", "with-comma", "with-unknown"] {
        replay.same(&[&format!("adminGetIdentity.{case}")]).await;
    }
    let shown = replay.get(&format!("/admin/identities/{id}?include_credential=password"), &[]).await;
    assert!(shown["credentials"]["password"]["config"]["hashed_password"].is_string(), "{shown}");

    let email = "patched-21@example.org";
    let body = json!({"traits": {"email": email}, "metadata_public": {"plan": "free"}});
    let id = text(&replay.json("POST", "/admin/identities", &[], &body).await, "/id");
    identity(&replay, "taken-20@example.org").await;
    replay.learn_segment("adminPatchIdentity.replace", 3, &id);
    for case in [
        "replace",
        "add",
        "bad-op",
        "bad-trait",
        "conflict",
        "forbidden-credentials",
        "forbidden-id",
        "forbidden-statechangedat",
        "malformed-id",
        "missing-path",
        "not-a-list",
        "not-found",
        "test-failed",
    ] {
        replay.same(&[&format!("adminPatchIdentity.{case}")]).await;
    }
    replay.same(&["adminGetIdentity.patched"]).await;
    for case in ["remove", "state", "empty"] {
        replay.same(&[&format!("adminPatchIdentity.{case}")]).await;
    }

    let id = identity(&replay, "put-23@example.org").await;
    identity(&replay, "taken-24@example.org").await;
    replay.learn_segment("adminUpdateIdentity.ok", 3, &id);
    for case in ["ok", "fewer", "password", "inactive", "no-state", "unknown-key"] {
        replay.same(&[&format!("adminUpdateIdentity.{case}")]).await;
    }
    for case in ["bad-state", "bad-trait", "conflict", "not-found", "unknown-schema"] {
        replay.same(&[&format!("adminUpdateIdentity.{case}")]).await;
    }
    let id = identity(&replay, "deleted@example.org").await;
    replay.learn_segment("adminDeleteIdentity.ok", 3, &id);
    replay
        .same(&[
            "adminDeleteIdentity.ok",
            "adminDeleteIdentity.again",
            "adminDeleteIdentity.malformed",
            "adminGetIdentity.deleted",
        ])
        .await;
    replay.finish()
}

async fn identity_pages() -> Report {
    let mut replay = start().await;
    // Lists go by id, which is random: whose address comes first differs.
    let free = &["email", "value"];
    for case in ["none", "none-page-size", "none-page-0", "none-page-1"] {
        replay.same(&[&format!("adminListIdentities.{case}")]).await;
    }
    for number in 1..=5 {
        identity(&replay, &format!("list-{number}@example.org")).await;
    }
    for case in [
        "five",
        "five-size-5",
        "five-size-6",
        "five-per-2",
        "five-next-per-2-1",
        "five-page-0-per-2",
        "five-page-0-per-5",
        "five-page-1",
        "five-page-1-per-2",
        "five-page-1-per-5",
        "five-page-2-per-2",
        "five-page-3-per-2",
        "five-page-4-per-2",
    ] {
        replay.same_but(&format!("adminListIdentities.{case}"), free).await;
    }
    // The token is the id of the page's last identity, which the page before taught.
    replay.same_but("adminListIdentities.five-next-per-2-2", free).await;
    replay.same_but("adminListIdentities.five-next-per-2-3", free).await;
    for number in 6..=7 {
        identity(&replay, &format!("list-{number}@example.org")).await;
    }
    for case in [
        "seven-next-per-3-1",
        "seven-next-per-3-2",
        "seven-next-per-3-3",
        "seven-page-0-per-3",
        "seven-page-1-per-3",
        "seven-page-2-per-3",
        "seven-page-3-per-3",
        "size-0",
        "size-negative",
        "size-1001",
        "per-page-0",
        "per-page-1001",
        "page-negative",
        "both-dialects",
    ] {
        replay.same_but(&format!("adminListIdentities.{case}"), free).await;
    }
    for case in ["size-word", "token-1", "token-garbage", "by-identifier"] {
        replay.same(&[&format!("adminListIdentities.{case}")]).await;
    }
    replay.same_but("adminListIdentities.by-ids", free).await;
    replay.finish()
}

async fn schemas_and_messages() -> Report {
    let mut replay = start().await;
    // Here `id` is the schema's, which does not vary; nothing is learned from it.
    for case in ["ok", "page-size", "page-0-per-1", "page-1", "page-1-per-1", "page-9-per-1", "page-negative"] {
        replay.same(&[&format!("listIdentitySchemas.{case}")]).await;
    }
    replay
        .same(&[
            "listIdentitySchemas.page-token-bad",
            "getIdentitySchema.ok",
            "getIdentitySchema.not-found",
            "getIdentitySchema.not-found-spaces",
            "adminListCourierMessages.none",
            "adminListCourierMessages.none-page-size",
        ])
        .await;
    replay.finish()
}

/// Kratos 26.2.0 was not asked for a route that it does not have: 0.11.1 was.
async fn unknown_routes() -> Report {
    let mut replay = Replay::start("kratos-0.11.1").await;
    let recording = replay.recorded("adminGetIdentity.malformed-slash").clone();
    let mut answer = replay.send("GET", "/admin/nothing/of/the/kind", &[], None).await;
    // Its middleware did not reach unknown routes.
    answer.headers.retain(|(name, _)| name != "cache-control");
    replay.compare("an unknown route", &recording, &answer, &[]);
    replay.finish()
}
