//! Every combination of dialect, number of rows and page size: a walk returns each row exactly once and sends no
//! unnecessary request.
//!
//! These walks use the whole client and a socket, so they are limited to 90 requests, and only three dialects have a
//! list of 10,000 rows. `src/lists/walk_tests.rs` has the same table without a socket and without these limits.

use std::collections::HashSet;
use std::sync::Arc;

use ory_sdk::lists::{Items, Pages};
use ory_sdk::{Client, Error};
use serde_json::{Value, json};

use super::simulators::{Kind, List};
use crate::support::server::{Reply, Server};

const ROWS: [usize; 8] = [0, 1, 7, 249, 250, 251, 1000, 10_000];
const SIZES: [Option<i64>; 5] = [Some(1), Some(3), Some(7), Some(250), None];

/// The ids of all rows of a walk.
async fn ids<T: Send + 'static>(mut pages: Pages<T>, id: fn(&T) -> String) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page?;
        assert!(!page.is_empty());
        found.extend(page.iter().map(id));
    }
    assert!(pages.cursor().is_none() && pages.next().await.is_none());
    Ok(found)
}

/// The ids of all rows of a walk, row by row.
async fn ids_by_item<T: Send + 'static>(mut items: Items<T>, id: fn(&T) -> String) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    while let Some(row) = items.next().await {
        found.push(id(&row?));
    }
    assert!(items.cursor().is_none() && items.next().await.is_none());
    Ok(found)
}

/// Walks the list that a builder starts.
macro_rules! walk {
    ($builder:expr, $size:expr, $by:expr, $row:ident => $id:expr) => {{
        let builder = $builder;
        let builder = match $size {
            Some(size) => builder.page_size(size),
            None => builder,
        };
        match $by {
            By::Page => ids(builder.by_page(), |$row| $id).await,
            By::Item => ids_by_item(builder.by_item(), |$row| $id).await,
        }
    }};
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Which {
    Identities,
    Sessions,
    OwnSessions,
    Schemas,
    Courier,
    Clients,
    Issuers,
    Consents,
    AllSessions,
    Relationships,
}

/// The ways to read a list.
#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Page,
    Item,
}

impl Which {
    async fn walk(self, client: &Client, size: Option<i64>, by: By) -> Result<Vec<String>, Error> {
        match self {
            Self::Identities => walk!(client.admin_list_identities(), size, by, row => row.id.to_string()),
            Self::Sessions => {
                walk!(client.admin_list_identity_sessions().id("x"), size, by, row => row.id.to_string())
            }
            Self::OwnSessions => walk!(client.list_sessions(), size, by, row => row.id.to_string()),
            Self::Schemas => walk!(client.list_identity_schemas(), size, by, row => text(&row.id)),
            Self::Courier => walk!(client.admin_list_courier_messages(), size, by, row => text(&row.id)),
            Self::Clients => walk!(client.admin_list_oauth2_clients(), size, by, row => text(&row.client_id)),
            Self::Issuers => {
                walk!(client.admin_list_trusted_oauth2_jwt_grant_issuers(), size, by, row => text(&row.id))
            }
            Self::Consents => {
                let list = client.admin_list_oauth2_subject_consent_sessions().subject("s");
                walk!(list, size, by, row => {
                    let row = serde_json::to_value(row).unwrap();
                    row["consent_request"]["challenge"].as_str().unwrap().to_owned()
                })
            }
            Self::AllSessions => walk!(client.admin_list_sessions(), size, by, row => row.id.to_string()),
            Self::Relationships => {
                walk!(client.get_relationships(), size, by, row => row.object.clone())
            }
        }
    }

    /// Whether every version of the list has only tokens and says where it ends, so that no request is too many.
    fn is_by_token(self) -> bool {
        matches!(self, Self::AllSessions | Self::Relationships)
    }

    /// A row with this id.
    pub fn row(self, id: &str) -> Value {
        match self {
            Self::Clients => json!({"client_id": id}),
            Self::Consents => json!({"consent_request": {"challenge": id}}),
            Self::Relationships => {
                json!({"namespace": "Group", "object": id, "relation": "members", "subject_id": "ada"})
            }
            Self::Sessions | Self::OwnSessions | Self::AllSessions => json!({"id": id, "identity": null}),
            _ => json!({"id": id}),
        }
    }
}

/// An id of any type as text.
fn text(id: &impl serde::Serialize) -> String {
    serde_json::to_value(id).unwrap().as_str().unwrap().to_owned()
}

/// A server with one list, and a client for it.
pub async fn serve(which: Which, list: List) -> (Server, Client) {
    let is_old = list.kind == Kind::Of2021;
    let rows: Vec<String> = list.rows.iter().map(|id| which.row(id).to_string()).collect();
    let list = Arc::new(list);
    let server = Server::start(move |request| {
        let page = list.response(&request.target);
        let rows = format!("[{}]", rows[page.rows].join(","));
        let body = match page.token {
            _ if page.is_null => "null".to_owned(),
            Some(token) => format!("{{\"relation_tuples\":{rows},\"next_page_token\":\"{token}\"}}"),
            None => rows,
        };
        let total = page.total.map(|total| total.to_string());
        let mut headers: Vec<(&str, &str)> = vec![("Content-Type", "application/json")];
        headers.extend(page.links.iter().map(|line| ("Link", line.as_str())));
        headers.extend(total.as_deref().map(|total| ("X-Total-Count", total)));
        Reply::new(200, &headers, body)
    })
    .await;
    let builder = Client::builder();
    let builder = if is_old {
        builder.legacy_url(server.url())
    } else {
        let url = server.url();
        let builder = builder.kratos_public_url(&url).kratos_admin_url(&url);
        builder.hydra_public_url(&url).hydra_admin_url(&url).keto_read_url(&url)
    };
    let client = builder.build().unwrap();
    (server, client)
}

/// The page size of a server if the request does not set one.
fn default_size(kind: Kind) -> usize {
    match kind {
        Kind::Courier011 | Kind::Courier26 => 10,
        Kind::Hydra26 | Kind::Consents26 | Kind::Of2021 | Kind::Relationships => 100,
        _ => 250,
    }
}

async fn all(which: Which, kind: Kind) {
    let mut walks = 0;
    for count in ROWS {
        if which == Which::Schemas && count > 250 {
            continue;
        }
        for size in SIZES {
            let real = size.map_or(default_size(kind), |size| size as usize);
            let pages = count.max(1).div_ceil(real);
            let most = if which.is_by_token() { pages } else { pages + 1 };
            // Decoding many rows is slow, so the longest list runs with only one dialect of each kind of paging.
            let is_sample = matches!(kind, Kind::Identities { most: 500 } | Kind::Sessions26 | Kind::Consents20);
            if most > 90 || (count == 10_000 && (!is_sample || size.is_none())) {
                continue;
            }
            for by in [By::Page, By::Item] {
                // Both send the same requests, so the longer lists are walked in one way.
                if by == By::Item && count > 7 {
                    continue;
                }
                let list = List::new(kind, count);
                let expected: HashSet<String> = list.rows.iter().cloned().collect();
                let (server, client) = serve(which, list).await;
                let found = which.walk(&client, size, by).await.unwrap();
                let at = format!("{which:?} {kind:?}: {count} rows by {size:?}, {by:?}");
                assert_eq!(found.len(), count, "{at}");
                assert_eq!(found.into_iter().collect::<HashSet<_>>(), expected, "{at}");
                let requests = server.seen().len();
                assert!(requests <= most, "{at}: {requests} requests, {most} allowed");
                walks += 1;
            }
        }
    }
    assert!(walks >= 31, "{walks}");
}

macro_rules! table {
    ($($name:ident: $which:ident $kind:expr;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                all(Which::$which, $kind).await;
            }
        )*
    };
}

table! {
    identities_of_2021: Identities Kind::Of2021;
    identities_0_11: Identities Kind::Identities011;
    identities_1_0: Identities Kind::Identities10;
    identities_1_3: Identities Kind::Identities { most: u64::MAX };
    identities_26: Identities Kind::Identities { most: 500 };
    sessions_0_11: Sessions Kind::Sessions011;
    sessions_26: Sessions Kind::Sessions26;
    own_sessions_0_11: OwnSessions Kind::Sessions011;
    own_sessions_26: OwnSessions Kind::Sessions26;
    schemas_of_2021: Schemas Kind::Of2021;
    schemas_0_11: Schemas Kind::Schemas011;
    schemas_26: Schemas Kind::Schemas26;
    courier_0_11: Courier Kind::Courier011;
    courier_26: Courier Kind::Courier26;
    clients_2_0: Clients Kind::Hydra20;
    clients_26: Clients Kind::Hydra26;
    issuers_2_0: Issuers Kind::Hydra20;
    issuers_26: Issuers Kind::Hydra26;
    consents_2_0: Consents Kind::Consents20;
    consents_26: Consents Kind::Consents26;
    all_sessions_0_11: AllSessions Kind::AllSessions011;
    all_sessions_26: AllSessions Kind::AllSessions26;
    relationships: Relationships Kind::Relationships;
}
