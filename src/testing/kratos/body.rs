//! JSON bodies of requests.

use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};

/// The JSON of a body.
pub(super) fn decode(request: &Request) -> HandlerResult<Value> {
    request.json().map_err(|why| refuse(request, &why))
}

/// The JSON of a body that must be an object.
pub(super) fn decode_object(request: &Request) -> HandlerResult<Value> {
    request.json_object().map_err(|why| refuse(request, &why))
}

fn refuse(request: &Request, why: &serde_json::Error) -> Reply {
    Error::new(StatusCode::BAD_REQUEST, request.json_fault(why)).into()
}

/// A text of a body, or an empty one. A number counts as text, as it does in a form.
pub(super) fn text(body: &Value, key: &str) -> String {
    match &body[key] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The UUID of a path.
pub(super) fn uuid(id: &str) -> HandlerResult<Uuid> {
    id.parse().map_err(|_| {
        let message = format!("uuid: incorrect UUID length {} in string \"{id}\"", id.len());
        Error::new(StatusCode::BAD_REQUEST, message).into()
    })
}
