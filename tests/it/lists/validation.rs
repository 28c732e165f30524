//! The client checks arguments against the bounds in the contract before it sends anything.

use ory_sdk::contract::Place;
use ory_sdk::{Client, Error, ErrorKind};
use serde_json::json;

use crate::support::server::{Reply, Server};

async fn server() -> Server {
    Server::always(Reply::json(200, &json!([]))).await
}

fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
    error.to_string()
}

#[tokio::test]
async fn sizes_pages_and_tokens() {
    let server = server().await;
    let client = Client::builder().kratos_admin_url(server.url()).kratos_public_url(server.url()).build().unwrap();
    for (size, is_fine) in [(i64::MIN, false), (-1, false), (0, false), (1, true), (1000, true), (1001, false)] {
        let result = client.admin_list_identities().per_page(size).send().await;
        assert_eq!(result.is_ok(), is_fine, "{size}");
        if !is_fine {
            let expected = format!("adminListIdentities: `per_page` must be from 1 to 1000, but is {size}");
            assert_eq!(refused(result), expected);
        }
    }
    let why = refused(client.admin_list_identities().page(0).send().await);
    assert_eq!(why, "adminListIdentities: `page` must be at least 1, but is 0");
    let why = refused(client.admin_list_courier_messages().page_token("").send().await);
    assert_eq!(why, "adminListCourierMessages: `page_token` must not be empty");
    let why = refused(client.list_identity_schemas().page(-1).send().await);
    assert_eq!(why, "listIdentitySchemas: `page` must be at least 0, but is -1");
    client.list_identity_schemas().page(0).send().await.unwrap();
    // A walk checks the bounds too, and ends after the error.
    let mut pages = client.admin_list_identity_sessions().id("x").page_size(5000).by_page();
    let why = refused(pages.next().await.unwrap());
    assert_eq!(why, "adminListIdentitySessions: `page_size` must be from 1 to 1000, but is 5000");
    assert!(pages.next().await.is_none());
    let targets: Vec<String> = server.seen().into_iter().map(|request| request.target).collect();
    assert_eq!(
        targets,
        ["/admin/identities?per_page=1", "/admin/identities?per_page=1000", "/schemas?page=0"],
        "what is refused is not sent"
    );
}

#[tokio::test]
async fn relationships_come_in_pages_of_500_at_most() {
    let server = Server::always(Reply::json(200, &json!({"relation_tuples": [], "next_page_token": ""}))).await;
    let client = Client::builder().keto_read_url(server.url()).build().unwrap();
    let list = || client.get_relationships().namespace("Group");
    for size in [0, 501] {
        let expected = format!("getRelationships: `page_size` must be from 1 to 500, but is {size}");
        assert_eq!(refused(list().page_size(size).send().await), expected);
        assert_eq!(refused(list().page_size(size).by_item().next().await.unwrap()), expected);
    }
    let why = refused(list().page_token("").send().await);
    assert_eq!(why, "getRelationships: `page_token` must not be empty");
    list().page_size(500).send().await.unwrap();
    assert_eq!(server.take().target, "/relation-tuples?page_size=500&namespace=Group");
}

#[tokio::test]
async fn the_layout_of_2021_has_bounds_of_its_own() {
    let server = server().await;
    let client = Client::builder().legacy_url(server.url()).build().unwrap();
    client.admin_list_identities().per_page(500).page(0).send().await.unwrap();
    let why = refused(client.admin_list_identities().per_page(501).send().await);
    assert_eq!(why, "adminListIdentities: `per_page` must be from 1 to 500, but is 501");
    let why = refused(client.list_identity_schemas().per_page(501).send().await);
    assert_eq!(why, "listIdentitySchemas: `per_page` must be from 1 to 500, but is 501");
    assert_eq!(server.take().target, "/api/kratos/admin/identities?per_page=500&page=0");
}

#[tokio::test]
async fn it_can_be_switched_off_and_gone_around() {
    let server = server().await;
    let builder = || Client::builder().kratos_admin_url(server.url());
    let unchecked = builder().client_side_validation(false).build().unwrap();
    unchecked.admin_list_identities().per_page(5000).page(0).page_token("").send().await.unwrap();
    assert_eq!(server.take().target, "/admin/identities?page_token=&per_page=5000&page=0");
    builder().build().unwrap().admin_list_identities().query("per_page", "5000").send().await.unwrap();
    assert_eq!(server.take().target, "/admin/identities?per_page=5000");
}

/// Only query parameters have bounds. Fails if the contract adds bounds elsewhere.
#[test]
fn every_bound_is_held() {
    let mut bounded = 0;
    for operation in ory_sdk::contract::operations() {
        for argument in operation.parameters {
            let has_bound = argument.bounds(false) != (None, None) || argument.min_length.is_some();
            assert!(!has_bound || argument.place == Place::Query, "{} {}", operation.id, argument.name);
            bounded += usize::from(has_bound);
        }
    }
    assert_eq!(bounded, 59);
}

#[test]
fn every_list_is_walked() {
    let lists: Vec<&str> = ory_sdk::contract::operations().iter().filter(|op| op.list).map(|op| op.id).collect();
    assert_eq!(lists.len(), 18, "{lists:?}");
}
