//! Walks through simulated lists of every server and version, without a socket.

use http::{HeaderMap, HeaderValue};

use super::advance::PageFacts;
use super::link::Links;
use super::parameters::Parameters;
use super::query::Asked;
use super::simulators::{Kind, List};
use super::walk::Walk;

fn parameters(kind: Kind) -> Parameters {
    let by_page =
        !matches!(kind, Kind::Hydra20 | Kind::Consents20 | Kind::Hydra26 | Kind::Consents26) && !by_token(kind);
    let most = if kind == Kind::Relationships { 500 } else { 1000 };
    Parameters { page: by_page, per_page: by_page, page_size: true, offset: false, most: Some(most) }
}

/// Whether every version of the list has only tokens, and says where it ends.
fn by_token(kind: Kind) -> bool {
    matches!(kind, Kind::AllSessions011 | Kind::AllSessions26 | Kind::Relationships)
}

/// A walk without a socket: the rows in the order of their coming, and the number of requests.
fn walk(list: &List, size: Option<u64>) -> (Vec<usize>, usize) {
    let asked = size.map(|size| ("page_size".to_owned(), size.to_string()));
    let mut walk = Walk::new(parameters(list.kind), Asked(asked.into_iter().collect()));
    let (mut rows, mut requests) = (Vec::new(), 0);
    while let Some(step) = walk.step() {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let target = format!("/list?{}", query.extend_pairs(walk.pairs(step)).finish());
        let page = list.response(&target);
        requests += 1;
        let mut headers = HeaderMap::new();
        for line in &page.links {
            headers.append("link", HeaderValue::from_str(line).unwrap());
        }
        let links = match &page.token {
            Some(token) => Links::of(&headers, format!("{{\"next_page_token\": \"{token}\"}}").as_bytes()),
            None => Links::read(&headers),
        };
        let keys = list.rows[page.rows.clone()].to_vec();
        let mut new = walk.take(PageFacts { keys, links: &links, total: page.total }).unwrap();
        let mut page: Vec<usize> = page.rows.collect();
        new.keep_new(&mut page);
        rows.extend(page);
    }
    (rows, requests)
}

fn table(kinds: &[Kind]) {
    for kind in kinds {
        let schemas = matches!(kind, Kind::Schemas011 | Kind::Schemas26);
        for count in [0, 1, 7, 249, 250, 251, 1000, 10_000] {
            if schemas && count > 250 {
                continue;
            }
            let list = List::new(*kind, count);
            for size in [Some(1), Some(3), Some(7), Some(250), None] {
                let real = size.unwrap_or(match kind {
                    Kind::Courier011 | Kind::Courier26 => 10,
                    Kind::Hydra26 | Kind::Consents26 | Kind::Of2021 | Kind::Relationships => 100,
                    _ => 250,
                });
                let (rows, requests) = walk(&list, size);
                let at = format!("{kind:?}: {count} rows by {size:?}");
                assert_eq!(rows, (0..count).collect::<Vec<_>>(), "{at}");
                let pages = count.max(1).div_ceil(real as usize);
                let most = if by_token(*kind) { pages } else { pages + 1 };
                assert!(requests <= most, "{at}: {requests} requests, {most} allowed");
            }
        }
    }
}

#[test]
fn hydra_1_is_asked_by_limit_and_offset() {
    let parameters = Parameters { offset: true, ..Parameters::default() };
    assert_eq!(parameters.keys(), ["limit", "offset"]);
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let mut walk = Walk::new(parameters, Asked(vec![pair("limit", "2")]));
    let mut headers = HeaderMap::new();
    headers.insert("link", HeaderValue::from_static("</clients?limit=2&offset=2>; rel=\"next\""));
    let links = Links::read(&headers);
    let keys = vec!["a".to_owned(), "b".to_owned()];
    walk.take(PageFacts { keys, links: &links, total: Some(3) }).unwrap();
    assert_eq!(walk.pairs(walk.step().unwrap()), [pair("limit", "2"), pair("offset", "2")]);
    walk.take(PageFacts { keys: vec!["c".to_owned()], links: &Links::default(), total: Some(3) }).unwrap();
    assert_eq!(walk.step(), None);
}

#[test]
fn every_row_once_where_pages_are_counted() {
    table(&[Kind::Of2021, Kind::Identities011, Kind::Identities10]);
    table(&[Kind::Sessions011, Kind::Sessions26, Kind::Schemas011, Kind::Schemas26]);
}

#[test]
fn every_row_once_where_offsets_are_counted() {
    table(&[Kind::Hydra20, Kind::Consents20]);
}

#[test]
fn every_row_once_where_tokens_are_followed() {
    table(&[Kind::Identities { most: u64::MAX }, Kind::Identities { most: 500 }]);
    table(&[Kind::Courier011, Kind::Courier26, Kind::Hydra26, Kind::Consents26]);
    table(&[Kind::AllSessions011, Kind::AllSessions26, Kind::Relationships]);
}
