//! The check of a text in the Ory Permission Language.

use serde_json::{Value, json};

use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{OplError, check_opl};

pub(super) fn check(request: &Request) -> HandlerResult {
    let text = String::from_utf8_lossy(&request.body);
    let errors: Vec<Value> = check_opl(&text).iter().map(|error| write(error, &text)).collect();
    let body = if errors.is_empty() { json!({}) } else { json!({ "errors": errors }) };
    Ok(Reply::ok(&body))
}

fn write(error: &OplError, text: &str) -> Value {
    let (start, end) = error.place.unwrap_or_default();
    json!({"message": error.message, "start": position(text, start), "end": position(text, end)})
}

/// Lines count from 1. Columns count from 0, but for the first of all, as with the server.
fn position(text: &str, offset: usize) -> Value {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = offset - before.rfind('\n').map_or(0, |newline| newline + 1);
    json!({"Line": line, "column": if offset == 0 { 1 } else { column }})
}
