//! The courier's messages. A stand-in sends none, so their list is empty.

use http::header;
use serde_json::json;

use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::page;

pub(super) fn list(request: &Request) -> HandlerResult {
    let size = page::size(request, "page_size", 10, 500).map_err(|why| Error::bad_request(why.0))?;
    Ok(Reply::ok(&json!([])).header(header::LINK, page::token_links(request, size, "first", None)))
}
