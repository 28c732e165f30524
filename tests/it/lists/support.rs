//! Helpers for the tests of lists.

use ory_sdk::lists::Pages;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, Error};
use serde_json::json;

use super::simulators::{Kind, List};
use super::table::Which;
use crate::support::server::{Reply, Request, Server};

pub fn client(server: &Server) -> Client {
    let url = server.url();
    let builder = Client::builder().kratos_public_url(&url).kratos_admin_url(&url).hydra_admin_url(&url);
    let builder = builder.keto_read_url(&url).named_endpoint("api_keys", &url);
    builder.console_url(&url).console_token("t").retry(Retry::off()).build().unwrap()
}

pub fn targets(server: &Server) -> Vec<String> {
    server.seen().into_iter().map(|request| request.target).collect()
}

/// Collects rows until the end or the first error.
pub async fn rows<T: Send + 'static>(pages: &mut Pages<T>) -> (Vec<T>, Option<Error>) {
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

pub fn id(row: usize) -> String {
    List::new(Kind::Hydra26, row + 1).rows[row].clone()
}

/// The responses of a simulated list, for servers that replace or change some of them.
pub fn pages_of(which: Which, list: List) -> impl Fn(&Request) -> Reply + Send + Sync + 'static {
    move |request| {
        let page = list.response(&request.target);
        let rows: Vec<serde_json::Value> = list.rows[page.rows].iter().map(|id| which.row(id)).collect();
        let mut response = Reply::json(200, &json!(rows));
        response.headers.extend(page.links.into_iter().map(|line| ("Link".to_owned(), line)));
        response.headers.extend(page.total.map(|total| ("X-Total-Count".to_owned(), total.to_string())));
        response
    }
}
