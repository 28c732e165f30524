//! Lists of sessions, which have page numbers.

use http::{HeaderName, header};
use serde_json::Value;

use super::json;
use crate::testing::http::{Reply, Request};
use crate::testing::model::Session;
use crate::testing::page::Numbered;
use crate::testing::state::State;

pub(super) fn reply(state: &State, request: &Request, all: Vec<&Session>) -> Reply {
    let page = Numbered::read(request, all.len());
    // As with every version of the server, page 1 is page 0 again, though the links count from 0.
    let items = page.items(all, page.page.saturating_sub(1));
    let items: Vec<Value> = items.into_iter().map(|item| json::listed(item, state)).collect();
    Reply::ok(&Value::Array(items))
        .header(header::LINK, page.links(request, true))
        .header(HeaderName::from_static("x-total-count"), page.total.to_string())
}
