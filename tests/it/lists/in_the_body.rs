//! Lists whose pages have the token of the next page in the body: those of Keto and of the Network.

use ory_sdk::lists::Cursor;
use ory_sdk::{Client, Error};
use serde_json::{Value, json};

use super::simulators::{Kind, List};
use super::support::{client, targets};
use super::table::{Which, serve};
use crate::support::server::{Reply, Request, Server};

const ID: [&str; 4] = [
    "00000000-0000-4000-8000-000000000001",
    "00000000-0000-4000-8000-000000000002",
    "00000000-0000-4000-8000-000000000003",
    "00000000-0000-4000-8000-000000000004",
];

/// Two full pages. The last one says that it is the last, in this way.
fn two_pages(member: &'static str, row: fn(&str) -> Value, last: Value) -> impl Fn(&Request) -> Reply {
    move |request| {
        let is_second = request.target.contains("page_token");
        let rows: Vec<Value> = if is_second { &ID[2..] } else { &ID[..2] }.iter().map(|id| row(id)).collect();
        let mut body =
            if is_second { last.clone() } else { json!({"next_page_token": "a b&c=+/", "has_next_page": true}) };
        body[member] = json!(rows);
        Reply::json(200, &body)
    }
}

/// What was found page by page, and row by row.
type Found = Result<(Vec<usize>, usize), Error>;

/// Walks a list in both ways.
macro_rules! walk {
    ($list:expr) => {{
        let (mut pages, mut items) = ($list.by_page(), $list.by_item());
        let (mut lengths, mut count) = (Vec::new(), 0);
        while let Some(page) = pages.next().await {
            lengths.push(page?.len());
        }
        while let Some(row) = items.next().await {
            row?;
            count += 1;
        }
        assert!(pages.cursor().is_none() && items.cursor().is_none());
        Ok((lengths, count))
    }};
}

#[allow(deprecated)]
async fn organizations(client: &Client) -> Found {
    walk!(client.list_organizations().project_id("p").domain("example.org").page_size(2))
}

async fn workspaces(client: &Client) -> Found {
    walk!(client.list_workspaces().page_size(2))
}

async fn issued(client: &Client) -> Found {
    walk!(client.admin_list_issued_api_keys().filter("actor_id=\"ada\"").page_size(2))
}

async fn imported(client: &Client) -> Found {
    walk!(client.admin_list_imported_api_keys().page_size(2))
}

async fn relationships(client: &Client) -> Found {
    walk!(client.get_relationships().namespace("Group").page_size(2))
}

#[tokio::test]
async fn the_token_of_the_body_is_sent_and_a_full_last_page_is_the_last() {
    let by_id: fn(&str) -> Value = |id| json!({"id": id});
    let key: fn(&str) -> Value = |id| json!({"key_id": id});
    let tuple: fn(&str) -> Value = |id| json!({"namespace": "Group", "object": id, "relation": "r", "subject_id": "s"});
    let lasts = [
        json!({"next_page_token": "", "has_next_page": false}),
        json!({"next_page_token": null}),
        json!({"has_next_page": false}),
    ];
    for last in lasts {
        for (name, member, row, target) in [
            ("organizations", "organizations", by_id, "/projects/p/organizations?page_size=2&domain=example.org"),
            ("workspaces", "workspaces", by_id, "/workspaces?page_size=2"),
            ("issued", "issued_api_keys", key, "/v2alpha1/admin/issuedApiKeys?page_size=2&filter=actor_id%3D%22ada%22"),
            ("imported", "imported_api_keys", key, "/v2alpha1/admin/importedApiKeys?page_size=2"),
            ("relationships", "relation_tuples", tuple, "/relation-tuples?page_size=2&namespace=Group"),
        ] {
            let server = Server::start(two_pages(member, row, last.clone())).await;
            let client = client(&server);
            let found = match name {
                "organizations" => organizations(&client).await,
                "workspaces" => workspaces(&client).await,
                "issued" => issued(&client).await,
                "imported" => imported(&client).await,
                _ => relationships(&client).await,
            };
            assert_eq!(found.unwrap(), (vec![2, 2], 4), "{name}");
            let mut seen = targets(&server);
            let second = seen.split_off(2);
            assert_eq!(seen, second, "{name}: both ways send the same requests");
            assert_eq!(sorted(&seen[0]), sorted(target), "{name}");
            assert_eq!(sorted(&seen[1]), sorted(&format!("{target}&page_token=a+b%26c%3D%2B%2F")), "{name}");
        }
    }
}

/// A target with the pairs of its query in order.
fn sorted(target: &str) -> (String, Vec<String>) {
    let (path, query) = target.split_once('?').unwrap();
    let mut pairs: Vec<String> = query.split('&').map(str::to_owned).collect();
    pairs.sort();
    (path.to_owned(), pairs)
}

/// Neither an empty list nor one of a single full page is asked for twice.
#[tokio::test]
async fn what_says_that_it_is_the_last_page_is_believed() {
    for count in [0, 3] {
        let (server, client) = serve(Which::Relationships, List::new(Kind::Relationships, count)).await;
        let found: Found = async { walk!(client.get_relationships().page_size(3)) }.await;
        assert_eq!(found.unwrap(), (if count == 0 { vec![] } else { vec![3] }, count));
        assert_eq!(targets(&server), ["/relation-tuples?page_size=3"; 2]);
    }
}

/// Stops after every page and resumes from the cursor's text.
#[tokio::test]
async fn cursors_hold_the_token() {
    let (_server, client) = serve(Which::Relationships, List::new(Kind::Relationships, 7)).await;
    let start = || client.get_relationships().namespace("Group").page_size(3).by_page();
    let (mut found, mut next) = (Vec::new(), start().cursor());
    while let Some(cursor) = next {
        let kept: Cursor = cursor.to_string().parse().unwrap();
        let mut pages = start().resume(&kept).unwrap().max_pages(1);
        found.extend(pages.next().await.unwrap().unwrap().into_iter().map(|row| row.object));
        next = pages.cursor();
    }
    assert_eq!(found, List::new(Kind::Relationships, 7).rows);
    // A token is for one set of filters.
    let mut pages = start();
    pages.next().await.unwrap().unwrap();
    let error = client.get_relationships().page_size(3).by_page().resume(&pages.cursor().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "getRelationships: the cursor belongs to another path or to other filters");
}
