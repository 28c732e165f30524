//! Sessions, as users and administrators see them.

use super::{identity, sign_in, start};
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
