//! What walks do beside walking: filters, caps, cursors, errors, dropped futures, prefetch, hostile servers, rows
//! that come and go.

use std::collections::HashSet;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use futures_core::Stream;
use ory_sdk::{Client, Cursor, Error, ErrorKind, Items, Pages, Retry};
use serde_json::json;

use super::simulators::{Kind, List};
use super::table::{Which, serve};
use crate::server::{Answer, Request, Server};

fn client(server: &Server) -> Client {
    let url = server.url();
    let builder = Client::builder().kratos_public_url(&url).kratos_admin_url(&url).hydra_admin_url(&url);
    builder.console_url(&url).console_token("t").retry(Retry::off()).build().unwrap()
}

fn targets(server: &Server) -> Vec<String> {
    server.seen().into_iter().map(|request| request.target).collect()
}

/// Rows until the end or the first error.
async fn rows<T: Send + 'static>(pages: &mut Pages<T>) -> (Vec<T>, Option<Error>) {
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => found.extend(page.into_items()),
            Err(error) => {
                assert!(pages.next().await.is_none(), "an error ends it");
                return (found, Some(error));
            }
        }
    }
    (found, None)
}

fn id(row: usize) -> String {
    List::new(Kind::Hydra26, row + 1).rows[row].clone()
}

#[tokio::test]
async fn only_what_was_asked_for_and_what_the_server_gave_is_sent() {
    let (server, client) = serve(Which::Identities, List::new(Kind::Identities { most: 500 }, 5)).await;
    let mut pages =
        client.admin_list_identities().per_page(2).include_credential(["oidc", "totp"]).query("new", "a b").by_page();
    assert_eq!(rows(&mut pages).await.0.len(), 5);
    let filters = "include_credential=oidc&include_credential=totp";
    let expected = [
        format!("/admin/identities?{filters}&page_size=2&per_page=2&new=a+b"),
        format!("/admin/identities?{filters}&page_size=2&page_token={}&new=a+b", id(1)),
        format!("/admin/identities?{filters}&page_size=2&page_token={}&new=a+b", id(3)),
    ];
    assert_eq!(targets(&server), expected);

    let (server, client) = serve(Which::Consents, List::new(Kind::Consents20, 3)).await;
    let mut pages = client.admin_list_oauth2_subject_consent_sessions().subject("s").page_size(2).by_page();
    assert_eq!(rows(&mut pages).await.0.len(), 3);
    let path = "/admin/oauth2/auth/sessions/consent?subject=s&page_size=2";
    assert_eq!(targets(&server), [path.to_owned(), format!("{path}&page_token=eyJvZmZzZXQiOiIyIiwidiI6Mn0")]);

    let (server, client) = serve(Which::Sessions, List::new(Kind::Sessions011, 3)).await;
    let mut pages = client.admin_list_identity_sessions().id("x").active(true).page_size(2).by_page();
    assert_eq!(rows(&mut pages).await.0.len(), 3);
    let path = "/admin/identities/x/sessions?active=true";
    let expected = [
        format!("{path}&page_size=2&per_page=2"),
        format!("{path}&per_page=2&page=1"),
        format!("{path}&per_page=2&page=2"),
    ];
    assert_eq!(targets(&server), expected);
}

#[tokio::test]
async fn a_caller_may_start_elsewhere() {
    let (server, client) = serve(Which::Identities, List::new(Kind::Identities { most: 500 }, 5)).await;
    let mut pages = client.admin_list_identities().page_size(2).page_token(id(2)).by_page();
    assert_eq!(rows(&mut pages).await.0.len(), 2);
    assert_eq!(server.seen().len(), 1);
    // Newer servers count from 0, older ones from 1: both go on from there.
    for (kind, expected) in [(Kind::Identities { most: 500 }, 3), (Kind::Identities10, 3), (Kind::Identities011, 5)] {
        let (server, client) = serve(Which::Identities, List::new(kind, 5)).await;
        let mut pages = client.admin_list_identities().per_page(2).page(1).by_page();
        assert_eq!(rows(&mut pages).await.0.len(), expected, "{kind:?}");
        assert_eq!(targets(&server)[0], "/admin/identities?per_page=2&page=1");
    }
    for kind in [Kind::Hydra20, Kind::Hydra26] {
        let list = List::new(kind, 5);
        let token = if kind == Kind::Hydra20 { super::simulators::encode(2) } else { "x.2".to_owned() };
        let (_server, client) = serve(Which::Clients, list).await;
        let mut pages = client.admin_list_oauth2_clients().page_size(2).page_token(token).by_page();
        assert_eq!(rows(&mut pages).await.0.len(), 3, "{kind:?}");
    }
}

#[tokio::test]
async fn lists_that_come_whole() {
    let one = "00000000-0000-4000-8000-000000000001";
    let server = Server::always(Answer::json(200, &json!([{"id": one, "name": "a", "owner_id": one}]))).await;
    let client = client(&server);
    let mut projects = client.list_projects().by_item();
    assert_eq!(projects.next().await.unwrap().unwrap().id.to_string(), one);
    assert!(projects.next().await.is_none() && projects.cursor().is_none());
    assert_eq!(server.take().target, "/projects");
    let (members, _) = rows(&mut client.get_project_members().project_id(one).by_page()).await;
    let (keys, _) = rows(&mut client.list_project_api_keys().project(one).by_page()).await;
    assert_eq!((members.len(), keys.len(), server.seen().len()), (1, 1, 2));
}

/// Each list is left after every page and resumed from text: nothing is lost, nothing comes twice.
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
    let elsewhere = "adminListIdentitySessions: the cursor is of another path or of other filters";
    assert_eq!(why(sessions("y").by_page().resume(&cursor).map(drop)), elsewhere);
    assert_eq!(why(sessions("x").active(true).by_item().resume(&cursor).map(drop)), elsewhere);
    assert_eq!(why(sessions("x").query("a", "b").by_item().resume(&cursor).map(drop)), elsewhere);
    assert_eq!(
        why(sessions("x").page_size(3).by_page().resume(&cursor).map(drop)),
        "adminListIdentitySessions: the cursor is of pages of 2 rows, not of 3 rows"
    );
    assert_eq!(
        why(client.admin_list_identity_sessions().id("x").by_page().resume(&cursor).map(drop)),
        "adminListIdentitySessions: the cursor is of pages of 2 rows, not of the server's own size"
    );
    assert_eq!(
        why(client.admin_list_identities().page_size(2).by_page().resume(&cursor).map(drop)),
        "adminListIdentities: the cursor is of `adminListIdentitySessions`"
    );
    assert_eq!(server.seen().len(), 1);
    // Not before the builder's own fault is told.
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
        let (left, pages_of) = (Arc::clone(&broken), answers(Which::Identities, list));
        let server = Server::start(move |request| {
            let is_second = request.target.contains("page_token");
            let is_broken =
                is_second && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
            if is_broken { Answer::json(500, &json!({})) } else { pages_of(request) }
        })
        .await;
        let client = client(&server);
        let start = || client.admin_list_identities().page_size(2).by_page();
        let mut pages = if prefetch { start().prefetch() } else { start() };
        let (mut found, error) = rows(&mut pages).await;
        let error = error.unwrap();
        assert_eq!((found.len(), error.status().unwrap().as_u16()), (2, 500));
        assert_eq!(error.cursor(), pages.cursor().as_ref());
        // A cursor does not get used up.
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

#[tokio::test]
async fn dropped_futures_lose_nothing() {
    let (server, client) = serve(Which::Identities, List::new(Kind::Identities011, 50)).await;
    let mut items = client.admin_list_identities().page_size(7).by_item();
    let mut found = Vec::new();
    loop {
        // Begun and dropped again and again, at whatever point it had come to.
        for _ in 0..3 {
            let mut next = pin!(items.next());
            if let std::task::Poll::Ready(row) = next.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                match row {
                    Some(row) => found.push(row.unwrap().id.to_string()),
                    None => break,
                }
            }
            tokio::task::yield_now().await;
        }
        match items.next().await {
            Some(row) => found.push(row.unwrap().id.to_string()),
            None => break,
        }
    }
    assert_eq!(found, List::new(Kind::Identities011, 50).rows);
    assert_eq!(server.seen().len(), 50_usize.div_ceil(7) + 1, "no request is sent twice");
}

#[tokio::test]
async fn a_page_is_asked_for_when_it_is_wanted_or_one_ahead() {
    let count = async |server: &Server, least: usize| {
        for _ in 0..200 {
            if server.seen().len() >= least {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
        server.seen().len()
    };
    let (server, client) = serve(Which::Clients, List::new(Kind::Hydra26, 9)).await;
    let mut pages = client.admin_list_oauth2_clients().page_size(2).by_page();
    assert_eq!(count(&server, 0).await, 0);
    pages.next().await.unwrap().unwrap();
    assert_eq!(count(&server, 1).await, 1);

    let (server, client) = serve(Which::Clients, List::new(Kind::Hydra26, 9)).await;
    let mut pages = client.admin_list_oauth2_clients().page_size(2).by_page().prefetch();
    assert_eq!(count(&server, 0).await, 0);
    pages.next().await.unwrap().unwrap();
    assert_eq!(count(&server, 2).await, 2, "one page ahead and no more");
    let kept = pages.cursor().unwrap();
    let mut rest = client.admin_list_oauth2_clients().page_size(2).by_page().resume(&kept).unwrap();
    assert_eq!(rows(&mut rest).await.0.len(), 7, "what was fetched ahead was not given out yet");
    assert_eq!(rows(&mut pages).await.0.len(), 7);

    let (server, client) = serve(Which::Clients, List::new(Kind::Hydra26, 9)).await;
    let mut items = client.admin_list_oauth2_clients().page_size(3).by_item().prefetch().max_pages(2);
    let mut found = 0;
    while let Some(row) = items.next().await {
        row.unwrap();
        found += 1;
    }
    assert_eq!((found, count(&server, 2).await), (6, 2), "no page beyond the cap is fetched");
}

/// They are streams that can go to another thread.
#[tokio::test]
async fn streams() {
    fn sendable<T: Send + Unpin + 'static>(value: T) -> T {
        value
    }
    async fn collect<S: Stream + Unpin>(mut stream: S) -> Vec<S::Item> {
        let mut found = Vec::new();
        while let Some(item) = std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await {
            found.push(item);
        }
        found
    }
    let (_server, client) = serve(Which::Courier, List::new(Kind::Courier26, 25)).await;
    let pages: Pages<_> = sendable(client.admin_list_courier_messages().by_page());
    let items: Items<_> = sendable(client.admin_list_courier_messages().by_item());
    let walks = tokio::spawn(async move { (collect(pages).await.len(), collect(items).await.len()) });
    assert_eq!(walks.await.unwrap(), (3, 25));
    let items = client.admin_list_courier_messages().by_item();
    assert!(format!("{items:?}").starts_with("Items { pages: Pages { operation: Some(\"adminListCourierMessages\")"));
}

/// The answers of a list, for servers that spoil some of them.
fn answers(which: Which, list: List) -> impl Fn(&Request) -> Answer + Send + Sync + 'static {
    move |request| {
        let page = list.answer(&request.target);
        let rows: Vec<serde_json::Value> = list.rows[page.rows].iter().map(|id| which.row(id)).collect();
        let mut answer = Answer::json(200, &json!(rows));
        answer.headers.extend(page.links.into_iter().map(|line| ("Link".to_owned(), line)));
        answer.headers.extend(page.total.map(|total| ("X-Total-Count".to_owned(), total.to_string())));
        answer
    }
}

/// A server whose clients list gives two rows, named by the request's number, with this link.
async fn linking(link: impl Fn(usize) -> Vec<(String, String)> + Send + Sync + 'static, fresh: bool) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let row = if fresh { number } else { 0 };
        let rows = json!([{"client_id": format!("{row}-a")}, {"client_id": format!("{row}-b")}]);
        let mut answer = Answer::json(200, &if number == 40 { json!([]) } else { rows });
        answer.headers.extend(link(number));
        answer
    })
    .await
}

fn line(text: &str) -> (String, String) {
    ("Link".to_owned(), text.to_owned())
}

#[tokio::test]
async fn only_the_cursor_of_a_link_is_used() {
    let elsewhere = Server::always(Answer::json(200, &json!([]))).await;
    let host = elsewhere.url();
    let forms: [Vec<(String, String)>; 4] = [
        vec![line(&format!("<{host}/admin/clients?page_token=n&owner=evil&page_size=9>; rel=\"next\""))],
        vec![line("</else/where?page_token=f>; rel=\"first\""), line("<?page_token=n>; rel=next")],
        vec![line("<a?page_token=f>; rel=first , <b?x=1,2&page_token=n#f>;title=\"x, y\"; rel=\"last NEXT\"")],
        vec![("link".to_owned(), "junk;;,<//evil?page_token=n>; rel=\"next\"; rel=\"first\"".to_owned())],
    ];
    for form in forms {
        let server = linking(move |number| if number == 0 { form.clone() } else { Vec::new() }, true).await;
        let client = client(&server);
        let mut pages = client.admin_list_oauth2_clients().owner("me").page_size(2).by_page();
        assert_eq!(rows(&mut pages).await.0.len(), 4);
        assert_eq!(
            targets(&server),
            ["/admin/clients?owner=me&page_size=2", "/admin/clients?owner=me&page_size=2&page_token=n"]
        );
    }
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn pages_that_lead_nowhere_are_an_error() {
    // The same token again.
    let server = linking(|_| vec![line("</a?page_token=n>; rel=\"next\"")], true).await;
    let (found, error) = rows(&mut client(&server).admin_list_oauth2_clients().by_page()).await;
    let error = error.unwrap();
    assert_eq!((found.len(), error.kind()), (2, ErrorKind::Pages));
    assert_eq!(error.to_string(), "adminListOAuth2Clients: the server gives a page token that it gave before");
    // Two tokens in turn.
    let server = linking(|number| vec![line(&format!("</a?page_token=n{}>; rel=\"next\"", number % 2))], true).await;
    let (found, error) = rows(&mut client(&server).admin_list_oauth2_clients().by_page()).await;
    assert_eq!((found.len(), error.unwrap().kind()), (4, ErrorKind::Pages));
    // The same page with a fresh token each time, as encrypted tokens are.
    let server = linking(|number| vec![line(&format!("</a?page_token=n{number}>; rel=\"next\""))], false).await;
    let (found, error) = rows(&mut client(&server).admin_list_oauth2_clients().by_page()).await;
    assert_eq!((found.len(), error.unwrap().kind()), (2, ErrorKind::Pages));
    assert_eq!(server.seen().len(), 4);
    // For ever a next one: an empty page ends it.
    let server = linking(|number| vec![line(&format!("</a?page_token=n{number}>; rel=\"next\""))], true).await;
    let (found, error) = rows(&mut client(&server).admin_list_oauth2_clients().by_page()).await;
    assert!(found.len() == 80 && error.is_none());
    // A server that does not count pages at all, behind a gateway that drops the links.
    let server = Server::always(Answer::json(200, &json!([{"id": id(0)}, {"id": id(1)}]))).await;
    let (found, error) = rows(&mut client(&server).admin_list_courier_messages().page_size(2).by_page()).await;
    assert_eq!((found.len(), error.unwrap().kind()), (2, ErrorKind::Pages));
}

/// A list from which rows vanish: those that are named are gone once the number of requests is reached.
async fn vanishing(which: Which, kind: Kind, count: usize, gone: Vec<(usize, Vec<usize>)>) -> Server {
    let list = Mutex::new(List::new(kind, count));
    let requests = AtomicUsize::new(0);
    Server::start(move |request| {
        let mut list = list.lock().unwrap();
        let number = requests.fetch_add(1, Ordering::SeqCst);
        for (_, rows) in gone.iter().filter(|(at, _)| *at == number) {
            let ids: Vec<String> = rows.iter().map(|row| id(*row)).collect();
            list.rows.retain(|row| !ids.contains(row));
        }
        answers(which, List { kind, rows: list.rows.clone(), total: None })(request)
    })
    .await
}

#[tokio::test]
async fn token_lists_miss_no_row_that_was_there_all_the_time() {
    let gone = vec![(1, vec![0, 1, 2, 6]), (2, vec![5, 9, 13]), (3, vec![20])];
    let server = vanishing(Which::Identities, Kind::Identities { most: 500 }, 30, gone).await;
    let (found, _) = rows(&mut client(&server).admin_list_identities().page_size(7).by_page()).await;
    let found: HashSet<String> = found.iter().map(|row| row.id.to_string()).collect();
    for row in (0..30).filter(|row| ![0, 1, 2, 5, 6, 9, 13, 20].contains(row)) {
        assert!(found.contains(&id(row)), "{row}");
    }
}

#[tokio::test]
async fn an_overlap_finds_what_slid_back() {
    for kind in [Kind::Hydra20, Kind::Consents20] {
        let gone = || vec![(1, vec![0, 1, 2]), (2, vec![3, 4, 5, 6]), (4, vec![8, 9])];
        let survivors: HashSet<String> = (10..30).map(id).chain([id(7)]).collect();
        let walk = async |overlap: bool| {
            let which = if kind == Kind::Hydra20 { Which::Clients } else { Which::Consents };
            let server = vanishing(which, kind, 30, gone()).await;
            let client = client(&server);
            let names: Vec<String> = if which == Which::Clients {
                let pages = client.admin_list_oauth2_clients().page_size(7).by_page();
                let mut pages = if overlap { pages.overlap() } else { pages };
                rows(&mut pages).await.0.iter().map(|row| row.client_id.clone().unwrap()).collect()
            } else {
                let pages = client.admin_list_oauth2_subject_consent_sessions().subject("s").page_size(7).by_page();
                let mut pages = if overlap { pages.overlap() } else { pages };
                let rows = rows(&mut pages).await.0;
                let rows = rows.iter().map(|row| serde_json::to_value(row).unwrap());
                rows.map(|row| row["consent_request"]["challenge"].as_str().unwrap().to_owned()).collect()
            };
            let found: HashSet<String> = names.iter().cloned().collect();
            assert_eq!(found.len(), names.len(), "no row twice");
            survivors.difference(&found).count()
        };
        assert_eq!(walk(true).await, 0, "{kind:?}");
        assert!(walk(false).await > 0, "{kind:?}: that is what cannot be seen");
    }
    // Page numbers, on either base.
    for kind in [Kind::Identities011, Kind::Identities10] {
        let gone = vec![(2, vec![0, 1, 2]), (4, vec![8, 9])];
        let server = vanishing(Which::Identities, kind, 30, gone).await;
        let mut pages = client(&server).admin_list_identities().page_size(7).by_page().overlap();
        let (found, _) = rows(&mut pages).await;
        let names: HashSet<String> = found.iter().map(|row| row.id.to_string()).collect();
        assert_eq!(names.len(), found.len());
        for row in (3..30).filter(|row| ![8, 9].contains(row)) {
            assert!(names.contains(&id(row)), "{kind:?} {row}");
        }
    }
}

/// Hydra to 2.3 leaves expired consents out of a page after it was cut, and says nothing at all where none is left.
#[tokio::test]
async fn expired_consents_leave_holes() {
    for (size, expired) in [1, 2, 3, 250]
        .into_iter()
        .flat_map(|size| [(size, [4, 6, 7, 8, 9, 10, 11, 15]), (size, [0, 1, 2, 3, 4, 5, 17, 19])])
    {
        let list = List::new(Kind::Consents20, 20);
        let server = Server::start(move |request| {
            let page = list.answer(&request.target);
            let alive: Vec<_> = page.rows.filter(|row| !expired.contains(row)).collect();
            let rows: Vec<_> = alive.iter().map(|row| Which::Consents.row(&list.rows[*row])).collect();
            let mut answer = Answer::json(200, &json!(rows));
            if !alive.is_empty() {
                answer.headers.extend(page.links.into_iter().map(|line| ("Link".to_owned(), line)));
                answer.headers.extend(page.total.map(|total| ("X-Total-Count".to_owned(), total.to_string())));
            }
            answer
        })
        .await;
        let client = client(&server);
        let mut pages = client.admin_list_oauth2_subject_consent_sessions().subject("s").page_size(size).by_page();
        assert_eq!(rows(&mut pages).await.0.len(), 12, "by {size}, without {expired:?}");
        assert!(server.seen().len() <= 20_usize.div_ceil(size as usize) + 1, "{:?}", targets(&server));
    }
}

/// Hydra to 2.3 does not count filters into the total: a short page is the last.
#[tokio::test]
async fn filters_that_the_total_ignores() {
    for size in [Some(2), Some(3), Some(250), None] {
        let mut list = List::new(Kind::Hydra20, 5);
        list.total = Some(10_000);
        let (server, client) = serve(Which::Clients, list).await;
        let clients = client.admin_list_oauth2_clients().client_name("odd");
        let clients = match size {
            Some(size) => clients.page_size(size),
            None => clients,
        };
        let (found, error) = rows(&mut clients.by_page()).await;
        assert!(found.len() == 5 && error.is_none());
        let most = 5_usize.div_ceil(size.unwrap_or(250) as usize) + 1;
        assert!(server.seen().len() <= most, "{size:?}: {:?}", targets(&server));
    }
}
