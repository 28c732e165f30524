//! Cursors: stored as text, refused by other lists, and attached to errors.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ory_sdk::lists::Cursor;
use ory_sdk::{Error, ErrorKind};
use serde_json::json;

use super::simulators::{Kind, List};
use super::support::{client, id, pages_of, rows};
use super::table::{Which, serve};
use crate::support::server::{Reply, Server};

/// Stops after every page and resumes from the cursor's text. No row is lost or returned twice.
#[tokio::test]
async fn cursors_are_kept_as_text() {
    for kind in [Kind::Identities011, Kind::Identities10, Kind::Identities { most: 500 }, Kind::Of2021] {
        for size in [3, 7] {
            let (_server, client) = serve(Which::Identities, List::new(kind, 20)).await;
            let start = || client.admin_list_identities().page_size(size).by_page();
            let mut found = Vec::new();
            let mut kept = start().cursor().unwrap().to_string();
            loop {
                let cursor: Cursor = kept.parse().unwrap();
                let mut pages = start().resume(&cursor).unwrap().max_pages(1);
                let Some(page) = pages.next().await else { break };
                let page = page.unwrap();
                assert_eq!(page.next_cursor(), pages.cursor().as_ref());
                found.extend(page.iter().map(|row| row.id.to_string()));
                assert!(pages.next().await.is_none(), "one page was asked for");
                match pages.cursor() {
                    Some(cursor) => kept = cursor.to_string(),
                    None => break,
                }
            }
            assert_eq!(found, List::new(kind, 20).rows, "{kind:?} by {size}");
        }
    }
    let (_server, client) = serve(Which::Consents, List::new(Kind::Consents20, 5)).await;
    let start = || client.admin_list_oauth2_subject_consent_sessions().subject("s").page_size(2).by_page();
    let mut pages = start();
    pages.next().await.unwrap().unwrap();
    let cursor: Cursor = pages.cursor().unwrap().to_string().parse().unwrap();
    assert_eq!(rows(&mut start().resume(&cursor).unwrap()).await.0.len(), 3);
}

#[tokio::test]
async fn a_cursor_holds_for_its_own_list_only() {
    let (server, client) = serve(Which::Sessions, List::new(Kind::Sessions26, 9)).await;
    let sessions = |id: &'static str| client.admin_list_identity_sessions().id(id).page_size(2);
    let mut pages = sessions("x").by_page();
    pages.next().await.unwrap().unwrap();
    let cursor = pages.cursor().unwrap();
    assert_eq!(format!("{cursor:?}"), "Cursor { operation: \"adminListIdentitySessions\", .. }");
    let why = |result: Result<(), Error>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        error.to_string()
    };
    let elsewhere = "adminListIdentitySessions: the cursor belongs to another path or to other filters";
    assert_eq!(why(sessions("y").by_page().resume(&cursor).map(drop)), elsewhere);
    assert_eq!(why(sessions("x").active(true).by_item().resume(&cursor).map(drop)), elsewhere);
    assert_eq!(why(sessions("x").query("a", "b").by_item().resume(&cursor).map(drop)), elsewhere);
    assert_eq!(
        why(sessions("x").page_size(3).by_page().resume(&cursor).map(drop)),
        "adminListIdentitySessions: the cursor belongs to pages of 2 rows, not of 3 rows"
    );
    assert_eq!(
        why(client.admin_list_identity_sessions().id("x").by_page().resume(&cursor).map(drop)),
        "adminListIdentitySessions: the cursor belongs to pages of 2 rows, not of the server's default size"
    );
    assert_eq!(
        why(client.admin_list_identities().page_size(2).by_page().resume(&cursor).map(drop)),
        "adminListIdentities: the cursor belongs to `adminListIdentitySessions`"
    );
    assert_eq!(server.seen().len(), 1);
    // A fault in the builder is reported before a wrong cursor.
    let error = client.admin_list_identity_sessions().by_page().resume(&cursor).unwrap_err();
    assert_eq!(error.to_string(), "adminListIdentitySessions: `id` is missing");
    let mut pages = client.admin_list_identity_sessions().by_page();
    assert_eq!(pages.next().await.unwrap().unwrap_err().to_string(), "adminListIdentitySessions: `id` is missing");
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn an_error_ends_it_and_tells_where_to_resume() {
    for prefetch in [false, true] {
        let list = List::new(Kind::Identities { most: 500 }, 5);
        let broken = Arc::new(AtomicUsize::new(2));
        let (left, page_for) = (Arc::clone(&broken), pages_of(Which::Identities, list));
        let server = Server::start(move |request| {
            let is_second = request.target.contains("page_token");
            let is_broken =
                is_second && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
            if is_broken { Reply::json(500, &json!({})) } else { page_for(request) }
        })
        .await;
        let client = client(&server);
        let start = || client.admin_list_identities().page_size(2).by_page();
        let mut pages = if prefetch { start().prefetch() } else { start() };
        let (mut found, error) = rows(&mut pages).await;
        let error = error.unwrap();
        assert_eq!((found.len(), error.status().unwrap().as_u16()), (2, 500));
        assert_eq!(error.cursor(), pages.cursor().as_ref());
        // A cursor can be used more than once.
        let (none, again) = rows(&mut start().resume(error.cursor().unwrap()).unwrap()).await;
        assert!(none.is_empty() && again.unwrap().cursor() == error.cursor());
        let (rest, end) = rows(&mut start().resume(error.cursor().unwrap()).unwrap()).await;
        found.extend(rest);
        assert!(end.is_none());
        let found: Vec<String> = found.iter().map(|row| row.id.to_string()).collect();
        assert_eq!(found, List::new(Kind::Hydra26, 5).rows);
    }
}

#[tokio::test]
async fn in_the_middle_of_a_page_the_cursor_is_its_start() {
    let (_server, client) = serve(Which::Identities, List::new(Kind::Identities { most: 500 }, 7)).await;
    let start = || client.admin_list_identities().page_size(3).by_item();
    let mut items = start();
    for _ in 0..4 {
        items.next().await.unwrap().unwrap();
    }
    let mut again = start().resume(&items.cursor().unwrap()).unwrap();
    assert_eq!(again.next().await.unwrap().unwrap().id.to_string(), id(3));
    for _ in 0..2 {
        items.next().await.unwrap().unwrap();
    }
    let mut rest = start().resume(&items.cursor().unwrap()).unwrap();
    assert_eq!(rest.next().await.unwrap().unwrap().id.to_string(), id(6));
}
