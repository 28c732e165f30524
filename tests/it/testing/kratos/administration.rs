//! What administrators do besides single identities and their sessions.

use serde_json::json;

use super::{PASSWORD, identity, sign_in, start};
use crate::testing::replay::{Replay, Report};

pub async fn sessions() -> Report {
    let mut replay = start().await;
    let list = |case: &str| format!("adminListSessions.{case}");
    let get = |case: &str| format!("getSession.{case}");
    replay.same(&[&list("none-size-3")]).await;
    for case in ["size-word", "token-garbage-2", "token-base64", "token-quote", "active-word"] {
        if replay.has(&list(case)) {
            replay.same(&[&list(case)]).await;
        }
    }
    // Seven sessions of two people. The fourth newest is disabled.
    made(&replay, "one-1@example.org", json!({"metadata_public": {"colour": "red"}})).await;
    identity(&replay, "two-2@example.org").await;
    let mut ids = Vec::new();
    for email in ["one-1", "one-1", "one-1", "one-1", "two-2"] {
        ids.push(sign_in(&replay, &format!("{email}@example.org")).await.1);
    }
    // One that has no user agent.
    ids.push(super::sign_in_person(&replay, "two-2@example.org").await.1);
    ids.push(sign_in(&replay, "two-2@example.org").await.1);
    replay.learn_segment("disableSession.again", 3, &ids[3]);
    replay.same(&["disableSession.again", "disableSession.empty", "disableSession.whoami"]).await;
    // Who is who differs.
    let free = &["email", "user_agent", "ip_address"];
    for case in [
        "size-1-page-1",
        "size-1-page-2",
        "size-1-page-3",
        "size-1-page-4",
        "size-1-page-5",
        "size-1-page-6",
        "size-1-page-7",
        "size-3-page-1",
        "size-3-page-2",
        "size-3-page-3",
        "size-8-page-1",
        "size-0",
        "size-1001",
        "expand-identity",
        "active-1",
        "expand-active-size",
        "expand-both",
        "expand-devices",
        "token-no-size",
        "token-other-filter",
        "unknown-parameter",
    ] {
        replay.same_but(&list(case), free).await;
    }
    replay.learn_segment(&get("capitals"), 3, &ids[0].to_uppercase());
    replay.learn_segment(&get("expand-identity"), 3, &ids[0]);
    for case in ["capitals", "expand-identity", "empty", "malformed"] {
        replay.same_but(&get(case), free).await;
    }
    let gone = identity(&replay, "gone@example.org").await;
    let (_, session) = sign_in(&replay, "gone@example.org").await;
    assert_eq!(replay.send("DELETE", &format!("/admin/identities/{gone}"), &[], None).await.status, 204);
    replay.learn_segment(&get("identity-deleted"), 3, &session);
    replay.same(&[&get("identity-deleted")]).await;
    assert_eq!(replay.send("DELETE", &format!("/admin/sessions/{}", ids[4]), &[], None).await.status, 204);
    replay.learn_segment("adminExtendSession.ok", 3, &ids[6]);
    replay.learn_segment("adminExtendSession.revoked", 3, &ids[4]);
    for case in ["malformed", "not-found", "ok", "revoked"] {
        replay.same_but(&format!("adminExtendSession.{case}"), &["email", "value"]).await;
    }
    replay.finish()
}

pub async fn batches() -> Report {
    let mut replay = start().await;
    for email in ["taken-12@example.org"] {
        identity(&replay, email).await;
    }
    for case in [
        "bad-hash",
        "broken",
        "external-id-twins",
        "no-create",
        "no-schema",
        "partly-mixed",
        "partly-schema",
        "ok",
        "partly-conflict",
        "partly-twins",
        "delete",
        "list",
        "patch-id-bad",
        "unknown-key",
    ] {
        let name = format!("batchPatchIdentities.{case}");
        if replay.has(&name) {
            replay.same(&[&name]).await;
        }
    }
    replay.finish()
}

/// Creates an identity with these keys besides a password, and returns its id.
async fn made(replay: &Replay, email: &str, more: serde_json::Value) -> String {
    let mut body = json!({"schema_id": "default", "traits": {"email": email}});
    body["credentials"]["password"]["config"]["password"] = json!(PASSWORD);
    for (key, value) in more.as_object().unwrap() {
        match value.as_object() {
            Some(kinds) if key == "credentials" => {
                kinds.iter().for_each(|(kind, config)| body[key][kind] = config.clone());
            }
            _ => body[key] = value.clone(),
        }
    }
    super::text(&replay.json("POST", "/admin/identities", &[], &body).await, "/id")
}

pub async fn credentials() -> Report {
    let mut replay = start().await;
    for case in ["imported-hash-bad", "imported-hash", "imported-oidc", "saml"] {
        replay.same(&[&format!("adminCreateIdentity.{case}")]).await;
    }
    super::flow(&mut replay, "login", "submitSelfServiceLoginFlow.imported-hash", &[]).await;
    replay.same(&["submitSelfServiceLoginFlow.imported-hash"]).await;

    let get = |case: &str| format!("adminGetIdentity.{case}");
    let id = replay
        .stand_in
        .person("get-17@example.org")
        .password(PASSWORD)
        .totp()
        .metadata_public(json!({"a": 1}))
        .create();
    replay.learn_segment(&get("ok"), 3, &id.id().to_string());
    // The recorded person had set up the second factor in a session, and so was mailed. The secret differs.
    let free = &["status", "totp_url"];
    for case in ["ok", "with-credentials", "with-lookup-secret", "with-oidc", "with-password", "with-totp"] {
        replay.same_but(&get(case), free).await;
    }
    let providers = json!([{"provider": "github", "subject": "s18"}]);
    let id =
        made(&replay, "oidc-18@example.org", json!({"credentials": {"oidc": {"config": {"providers": providers}}}}))
            .await;
    replay.learn_segment(&get("with-oidc-imported"), 3, &id);
    replay.same(&[&get("with-oidc-imported")]).await;

    let external = |case: &str| format!("getIdentityByExternalID.{case}");
    let providers = json!([{"provider": "local", "subject": "external-subject"}]);
    let more = json!({"external_id": "with-everything", "credentials": {"oidc": {"config": {"providers": providers}}}});
    made(&replay, "external-52@example.org", more).await;
    for case in ["credentials", "include-both", "include-oidc", "include-password", "by-other", "old"] {
        replay.same(&[&external(case)]).await;
    }
    made(&replay, "external-59@example.org", json!({"external_id": "a..b.c"})).await;
    replay.same(&[&external("dots")]).await;

    let delete = |case: &str| format!("deleteIdentityCredentials.{case}");
    let person = replay.stand_in.person("delete@example.org").password(PASSWORD).create();
    replay.learn_segment(&delete("code"), 3, &person.id().to_string());
    for case in
        ["code", "id-malformed", "type-space", "webauthn", "passkey", "totp-again", "type-unknown", "password-last"]
    {
        if replay.has(&delete(case)) {
            replay.same(&[&delete(case)]).await;
        }
    }
    replay.finish()
}

pub async fn messages() -> Report {
    let mut replay = start().await;
    let list = |case: &str| format!("adminListCourierMessages.{case}");
    for email in ["mail-1@example.org", "mail-2@example.org"] {
        identity(&replay, email).await;
        for kind in ["recovery", "verification"] {
            let flow = replay.get(&format!("/self-service/{kind}/api"), &[]).await;
            let path = format!("/self-service/{kind}?flow={}", super::text(&flow, "/id"));
            replay.json("POST", &path, &[super::JSON], &json!({"method": "code", "email": email})).await;
        }
    }
    // They hold the codes.
    let free = &["body", "subject"];
    for case in [
        "ok",
        "next-per-2-1",
        "next-per-2-2",
        "both-filters",
        "old-page-0",
        "old-page-1",
        "recipient",
        "recipient-none",
        "size-0",
        "size-501",
        "size-word",
        "status-abandoned",
        "status-bad",
        "status-queued",
        "status-sent",
        "token-1",
        "token-garbage",
    ] {
        replay.same_but(&list(case), free).await;
    }
    let mail = replay.get("/admin/courier/messages?page_size=1", &[]).await;
    let get = |case: &str| format!("getCourierMessage.{case}");
    identity(&replay, "mail-3@example.org").await;
    let flow = replay.get("/self-service/login/api", &[]).await;
    let path = format!("/self-service/login?flow={}", super::text(&flow, "/id"));
    let body = json!({"method": "code", "identifier": "mail-3@example.org"}).to_string();
    let reply = replay.send("POST", &path, &[super::JSON], Some(&body)).await;
    assert_eq!(reply.status, 400);
    let new = replay.get("/admin/courier/messages?page_size=1", &[]).await;
    assert_ne!(mail[0]["id"], new[0]["id"]);
    replay.learn_segment(&get("ok"), 4, new[0]["id"].as_str().unwrap());
    for case in ["ok", "malformed", "empty"] {
        replay.same_but(&get(case), free).await;
    }
    replay.finish()
}

pub async fn errors_and_codes() -> Report {
    let mut replay = start().await;
    for case in ["malformed", "no-id", "not-found", "stub-404", "stub-500"] {
        replay.same(&[&format!("getSelfServiceError.{case}")]).await;
    }
    replay.same(&["initializeSelfServiceLoginFlowWithoutBrowser.exchange-code"]).await;
    for case in ["init-twice", "nothing"] {
        replay.same(&[&format!("exchangeSessionToken.{case}")]).await;
    }
    let reply = replay.send("GET", "/.well-known/ory/webauthn.js", &[], None).await;
    assert_eq!(reply.header("content-type"), Some("text/javascript; charset=UTF-8"));
    assert!(reply.body.contains("the stand-in does not serve WebAuthn"));
    replay.report.compared.insert("getWebAuthnJavaScript".to_owned());
    replay.finish()
}

/// Operations that Kratos 26.2 does not have. Two are simple, and as in a later snapshot. The others have no route.
pub async fn newer_operations() -> Report {
    let mut old = start().await;
    old.same(&["createFedcmFlow.no-route", "updateFedcmFlow.no-route"]).await;
    old.same(&["createTestLoginFlow.no-route", "deleteTestLoginFlow.no-route"]).await;
    let mut report = old.finish();
    let mut replay = Replay::start("kratos-2026-07").await;
    for case in ["both", "no-action", "number", "sessions-star", "star-again", "star-and-id", "too-many"] {
        let name = format!("manageSessions.{case}");
        if replay.has(&name) {
            replay.same(&[&name]).await;
        }
    }
    let (_, first) = super::sign_in_person(&replay, "two@example.org").await;
    let (_, second) = super::sign_in_person(&replay, "two@example.org").await;
    let path = "/admin/sessions";
    for (action, processed) in [("disable", 2), ("disable", 0), ("delete", 2), ("delete", 0)] {
        let body = json!({"action": action, "sessions": [first, second]});
        let done = replay.json("POST", path, &[], &body).await;
        assert_eq!(done, json!({"processed": processed, "more": false}), "{action}");
    }
    replay.same(&["getWellKnownChangePassword.html"]).await;
    report.add(replay.finish());
    report
}
