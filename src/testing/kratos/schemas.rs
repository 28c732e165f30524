//! Identity schemas. A stand-in has one, `default`.

use http::{HeaderName, StatusCode, header};
use serde_json::{Value, json};

use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::page::Numbered;
use crate::testing::schema::Schema;

pub(super) fn list(schema: &Schema, request: &Request) -> Reply {
    let page = Numbered::read(request, 1);
    let all = vec![json!({"id": "default", "schema": schema.document})];
    let items = page.items(all, page.page);
    Reply::ok(&Value::Array(items))
        .header(header::LINK, page.links(request, true))
        .header(HeaderName::from_static("x-total-count"), "1")
}

pub(super) fn get(schema: &Schema, id: &str) -> HandlerResult {
    if id == "default" {
        return Ok(Reply::ok(&schema.document));
    }
    let error = Error::new(StatusCode::NOT_FOUND, "The requested resource could not be found");
    Err(error.reason(format!("Identity schema `{id}` could not be found.")).into())
}
