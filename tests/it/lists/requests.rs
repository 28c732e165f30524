//! The requests that a walk sends.

use serde_json::json;

use super::simulators::{Kind, List};
use super::support::{client, id, rows, targets};
use super::table::{Which, serve};
use crate::support::server::{Reply, Server};

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
    // Newer servers count pages from 0, older ones from 1. Walks on both continue from there.
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
    let server = Server::always(Reply::json(200, &json!([{"id": one, "name": "a", "owner_id": one}]))).await;
    let client = client(&server);
    let mut projects = client.list_projects().by_item();
    assert_eq!(projects.next().await.unwrap().unwrap().id.to_string(), one);
    assert!(projects.next().await.is_none() && projects.cursor().is_none());
    assert_eq!(server.take().target, "/projects");
    let (members, _) = rows(&mut client.get_project_members().project_id(one).by_page()).await;
    let (keys, _) = rows(&mut client.list_project_api_keys().project(one).by_page()).await;
    assert_eq!((members.len(), keys.len(), server.seen().len()), (1, 1, 2));
}
