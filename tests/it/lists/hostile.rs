//! Pages with links that point to another host or never end.

use std::sync::atomic::{AtomicUsize, Ordering};

use ory_sdk::ErrorKind;
use serde_json::json;

use super::support::{client, id, rows, targets};
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
