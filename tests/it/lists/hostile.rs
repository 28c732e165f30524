//! Pages with links that point to another host or never end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ory_sdk::ErrorKind;
use serde_json::json;

use super::simulators::{Kind, List};
use super::support::{client, id, pages_of, rows, targets};
use super::table::Which;
use crate::support::server::{Reply, Server};

/// A server that returns two clients and these links for each request. If `fresh`, the rows differ on every request.
/// Request 40, counted from 0, gets an empty page.
async fn linking(link: impl Fn(usize) -> Vec<(String, String)> + Send + Sync + 'static, fresh: bool) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let row = if fresh { number } else { 0 };
        let rows = json!([{"client_id": format!("{row}-a")}, {"client_id": format!("{row}-b")}]);
        let mut response = Reply::json(200, &if number == 40 { json!([]) } else { rows });
        response.headers.extend(link(number));
        response
    })
    .await
}

fn line(text: &str) -> (String, String) {
    ("Link".to_owned(), text.to_owned())
}

#[tokio::test]
async fn only_the_cursor_of_a_link_is_used() {
    let elsewhere = Server::always(Reply::json(200, &json!([]))).await;
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
    assert_eq!(error.to_string(), "adminListOAuth2Clients: the server returned a page token that it returned before");
    // Two alternating tokens.
    let server = linking(|number| vec![line(&format!("</a?page_token=n{}>; rel=\"next\"", number % 2))], true).await;
    let (found, error) = rows(&mut client(&server).admin_list_oauth2_clients().by_page()).await;
    assert_eq!((found.len(), error.unwrap().kind()), (4, ErrorKind::Pages));
    // The same page with a new token each time, as encrypted tokens are.
    let server = linking(|number| vec![line(&format!("</a?page_token=n{number}>; rel=\"next\""))], false).await;
    let (found, error) = rows(&mut client(&server).admin_list_oauth2_clients().by_page()).await;
    assert_eq!((found.len(), error.unwrap().kind()), (2, ErrorKind::Pages));
    assert_eq!(server.seen().len(), 4);
    // There is always a next page, until an empty page ends the walk.
    let server = linking(|number| vec![line(&format!("</a?page_token=n{number}>; rel=\"next\""))], true).await;
    let (found, error) = rows(&mut client(&server).admin_list_oauth2_clients().by_page()).await;
    assert!(found.len() == 80 && error.is_none());
    // A server that ignores the page number, behind a gateway that drops the links.
    let server = Server::always(Reply::json(200, &json!([{"id": id(0)}, {"id": id(1)}]))).await;
    let (found, error) = rows(&mut client(&server).admin_list_courier_messages().page_size(2).by_page()).await;
    assert_eq!((found.len(), error.unwrap().kind()), (2, ErrorKind::Pages));
}

/// A list whose total promises rows, with these bodies after the first one, again and again.
async fn barren(bodies: &'static [&'static str], delay: Duration) -> Server {
    let count = AtomicUsize::new(0);
    let pages = pages_of(Which::Consents, List::new(Kind::Consents20, 100_000));
    Server::start(move |request| {
        std::thread::sleep(delay);
        let number = count.fetch_add(1, Ordering::SeqCst);
        let mut response = pages(request);
        if number > 0 {
            response.body = bodies[(number - 1) % bodies.len()].into();
        }
        response
    })
    .await
}

const SAME: &str = r#"[{"consent_request":{"challenge":"same"}}]"#;

#[tokio::test]
async fn pages_without_a_new_row_end_however_they_are_mixed() {
    for bodies in [&[SAME, "[]"][..], &[SAME], &[SAME, SAME, "[]"], &[SAME, "[]", "[]"], &["null", SAME, "[]"]] {
        let server = barren(bodies, Duration::ZERO).await;
        let client = client(&server);
        let list = client.admin_list_oauth2_subject_consent_sessions().subject("s").page_size(1);
        let (found, error) = rows(&mut list.by_page()).await;
        assert_eq!((found.len(), error.unwrap().kind()), (2, ErrorKind::Pages));
        assert!(server.seen().len() < 14, "{}", server.seen().len());
    }
}

#[tokio::test]
async fn one_page_takes_the_time_of_one_call() {
    let server = barren(&["[]"], Duration::from_millis(20)).await;
    let client = client(&server);
    let list = client.admin_list_oauth2_subject_consent_sessions().subject("s").page_size(1);
    let mut pages = list.timeout(Duration::from_millis(200)).by_page();
    pages.next().await.unwrap().unwrap();
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(server.seen().len() <= 12, "{}", server.seen().len());
    assert!(error.cursor().is_some(), "it can go on");
}

#[tokio::test]
async fn a_forged_cursor_chooses_a_page_and_nothing_else() {
    let server = Server::always(Reply::json(200, &json!([{"id": id(0)}]))).await;
    let client = client(&server);
    let start = || client.admin_list_identities().page_size(50).by_page();
    let good = start().cursor().unwrap().to_string();
    let mark = good.strip_suffix("first").unwrap();
    for step in [
        "follow:include_credential:totp",
        "follow:ids:x",
        "follow:page_size:500",
        "follow:per_page:500",
        "follow:page:1%26include_credential%3Dtotp",
        "follow:page:x",
        "follow:offset:5",
        "follow::",
        "offset:50:500:",
        "offset:50:51:",
        "number:1:0:one",
    ] {
        let Ok(cursor) = format!("{mark}{step}").parse() else { panic!("{step}") };
        let error = start().resume(&cursor).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{step}");
        assert!(error.to_string().contains("not a cursor created by this crate for this list"), "{error}");
    }
    for step in ["follow:page_token:a%26b", "follow:page:3", "number:2:50:one", "number:2:70:zero", "offset:50:50:"] {
        let cursor = format!("{mark}{step}").parse().unwrap();
        let mut pages = start().resume(&cursor).unwrap_or_else(|error| panic!("{step}: {error}"));
        pages.next().await.unwrap().unwrap();
        let target = server.take().target;
        for pair in target.split_once('?').unwrap().1.split('&') {
            let (key, _) = pair.split_once('=').unwrap();
            assert!(["page", "page_token", "page_size", "per_page"].contains(&key), "{step}: {target}");
            assert!(!pair.contains("size=") || pair.ends_with("=50"), "{step}: {target}");
        }
    }
    let long = format!("{mark}follow:page_token:{}", "x".repeat(1 << 20));
    assert!(long.parse::<ory_sdk::lists::Cursor>().is_err());
}
