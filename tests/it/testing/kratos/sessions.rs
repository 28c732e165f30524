//! Sessions, as users and administrators see them.

use super::{Browser, identity, sign_in, start, text};
use crate::testing::replay::Report;

pub async fn sessions() -> Report {
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
    replay.same(&["toSession.html", "toSession.token-and-bad-cookie", "toSession.bad-token-and-cookie"]).await;
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
    // The recorded user had signed in once more, with a browser.
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
    let (token, _) = super::sign_in_person(&replay, email).await;
    replay.learn_header("toSession.no-user-agent", "X-Session-Token", &token);
    replay.same_but("toSession.no-user-agent", &["email", "value"]).await;
    let (token, id) = sign_in(&replay, email).await;
    replay.stand_in.revoke_session(id.parse().unwrap());
    replay.learn_header("toSession.revoked", "X-Session-Token", &token);
    replay.same(&["toSession.revoked"]).await;
    replay.finish()
}

/// Sessions in cookies.
pub async fn cookies() -> Report {
    let mut replay = start().await;
    let email = "session-34@example.org";
    identity(&replay, email).await;
    sign_in(&replay, email).await;
    let browser = Browser::signed_in(&replay, email).await;
    for name in ["toSession.bad-bearer-and-cookie", "listSessions.cookie"] {
        browser.learn(&mut replay, name);
        replay.same(&[name]).await;
    }
    browser.learn(&mut replay, "revokeSessions.cookie");
    // The recorded person had more sessions.
    replay.same_but("revokeSessions.cookie", &["count"]).await;
    let session = replay.get("/sessions/whoami", &[("Cookie", &browser.cookies())]).await;
    let path = format!("/admin/sessions/{}/extend", text(&session, "/id"));
    replay.stand_in.advance(std::time::Duration::from_secs(60));
    assert_eq!(replay.send("PATCH", &path, &[], None).await.status, 200);
    browser.learn(&mut replay, "toSession.extend-old-cookie");
    replay.same_but("toSession.extend-old-cookie", &["email", "value"]).await;
    replay.stand_in.advance(std::time::Duration::from_secs(25 * 3600));
    browser.learn(&mut replay, "toSession.expired-cookie");
    replay.same(&["toSession.expired-cookie"]).await;

    replay.stand_in.cacheable_sessions(std::time::Duration::from_secs(48 * 3600));
    let (token, _) = sign_in(&replay, email).await;
    replay.learn_header("toSession.cacheable-token", "X-Session-Token", &token);
    replay.same_but("toSession.cacheable-token", &["email", "value"]).await;
    for credential in [None, Some(("X-Session-Token", "garbage")), Some(("Authorization", "Bearer garbage"))] {
        let headers: Vec<_> = credential.into_iter().collect();
        let refused = replay.send("GET", "/sessions/whoami", &headers, None).await;
        let cache_for = if credential.is_none() { Some("60") } else { None };
        assert_eq!((refused.status, refused.header("ory-session-cache-for")), (401, cache_for));
    }
    replay.finish()
}

pub async fn sessions_of_an_identity() -> Report {
    let mut replay = start().await;
    let email = "sessions-26@example.org";
    let id = identity(&replay, email).await;
    replay.learn_segment("adminListIdentitySessions.ok", 3, &id);
    let none = identity(&replay, "none@example.org").await;
    replay.learn_segment("adminListIdentitySessions.none", 3, &none);
    // Of five sessions, the oldest is revoked.
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
