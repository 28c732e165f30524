//! Lists that change during a walk.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::simulators::{Kind, List};
use super::support::{client, id, pages_of, rows, targets};
use super::table::{Which, serve};
use crate::support::server::{Reply, Server};

/// A server with a list that loses rows: `gone` pairs the number of a request, from 0, with the rows removed before it.
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
        pages_of(which, List { kind, rows: list.rows.clone(), total: None })(request)
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
    // Page numbers that start at 0 and at 1.
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

/// Up to 2.3, Hydra removes expired consents from a page after cutting it to size. If no row is left, it sends neither
/// links nor a total.
#[tokio::test]
async fn expired_consents_leave_holes() {
    for (size, expired) in [1, 2, 3, 250]
        .into_iter()
        .flat_map(|size| [(size, [4, 6, 7, 8, 9, 10, 11, 15]), (size, [0, 1, 2, 3, 4, 5, 17, 19])])
    {
        let list = List::new(Kind::Consents20, 20);
        let server = Server::start(move |request| {
            let page = list.response(&request.target);
            let alive: Vec<_> = page.rows.filter(|row| !expired.contains(row)).collect();
            let rows: Vec<_> = alive.iter().map(|row| Which::Consents.row(&list.rows[*row])).collect();
            let mut response = Reply::json(200, &json!(rows));
            if !alive.is_empty() {
                response.headers.extend(page.links.into_iter().map(|line| ("Link".to_owned(), line)));
                response.headers.extend(page.total.map(|total| ("X-Total-Count".to_owned(), total.to_string())));
            }
            response
        })
        .await;
        let client = client(&server);
        let mut pages = client.admin_list_oauth2_subject_consent_sessions().subject("s").page_size(size).by_page();
        assert_eq!(rows(&mut pages).await.0.len(), 12, "by {size}, without {expired:?}");
        assert!(server.seen().len() <= 20_usize.div_ceil(size as usize) + 1, "{:?}", targets(&server));
    }
}

/// Up to 2.3, Hydra ignores filters in the total, so a short page is the last one.
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
