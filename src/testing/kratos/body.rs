//! JSON bodies of requests.

use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Request};

/// The JSON of a body.
pub(super) fn decode(request: &Request) -> Result<Value, Error> {
    request.json().map_err(|why| fault(request, &why))
}

/// The JSON of a body that must be an object.
pub(super) fn decode_object(request: &Request) -> Result<Value, Error> {
    request.json_object().map_err(|why| fault(request, &why))
}

fn fault(request: &Request, why: &serde_json::Error) -> Error {
    Error::new(StatusCode::BAD_REQUEST, request.json_fault(why))
}

/// Refuses a request without a body.
pub(super) fn check_not_empty(request: &Request) -> Result<(), Error> {
    if request.body.is_empty() {
        let reason = "Unable to decode HTTP Request Body because its HTTP Header \"Content-Length\" is zero.";
        return Err(Error::bad_request(reason));
    }
    Ok(())
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
    id.parse().map_err(|_| Error::new(StatusCode::BAD_REQUEST, uuid_fault(id)).into())
}

/// What Go says of a text that is no UUID.
pub(super) fn uuid_fault(text: &str) -> String {
    let what = match text.len() {
        32 | 36 | 38 | 41 | 45 => "format".to_owned(),
        length => format!("length {length}"),
    };
    format!("uuid: incorrect UUID {what} in string {}", quoted(text))
}

/// A text in quotes, as Go's `%q` writes it: what cannot be seen is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
