//! Walks as futures and streams: dropped, prefetched, sent to another thread.

use std::pin::{Pin, pin};
use std::task::{Context, Waker};
use std::time::Duration;

use futures_core::Stream;
use ory_sdk::lists::{Items, Pages};

use super::simulators::{Kind, List};
use super::support::rows;
use super::table::{Which, serve};
use crate::support::server::Server;

#[tokio::test]
async fn dropped_futures_lose_nothing() {
    let (server, client) = serve(Which::Identities, List::new(Kind::Identities011, 50)).await;
    let mut items = client.admin_list_identities().page_size(7).by_item();
    let mut found = Vec::new();
    loop {
        // Polls the future once and drops it, three times, wherever the walk is.
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

/// `Pages` and `Items` are streams that can be sent to another thread.
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
