//! What a call gives: the successes of an operation, reduced to one type, and what its errors mean.

use serde_json::{Map, Value};

use super::{is_json, text};
use crate::build::fault::Result;
use crate::build::operation::{Answer, Success};
use crate::build::report::Report;
use crate::build::walk::resolve;

pub fn success(
    document: &Value,
    at: &str,
    method: &str,
    responses: &Map<String, Value>,
    report: &mut Report,
) -> Result<Success> {
    let mut json: Vec<Value> = Vec::new();
    let (mut text, mut secret, mut bytes) = (false, false, false);
    let (mut empty, mut redirect, mut any) = (false, false, false);
    let has_2xx = responses.keys().any(|status| status.starts_with('2'));
    let has_3xx = responses.keys().any(|status| status.starts_with('3'));
    for (status, raw) in responses {
        if status.starts_with('3') {
            redirect = true;
            continue;
        }
        // `default` describes errors wherever a success is named.
        let is_success = status.starts_with('2') || (status == "default" && !has_2xx && !has_3xx);
        if !is_success {
            continue;
        }
        any = true;
        let raw = resolve(document, raw, at)?;
        let content = raw.get("content").and_then(Value::as_object).filter(|content| !content.is_empty());
        let Some(content) = content else {
            // Swagger 2 put the schema right here.
            match raw.get("schema") {
                Some(schema) if schema["type"] == "file" => bytes = true,
                Some(schema) => json.push(schema.clone()),
                None => empty = true,
            }
            continue;
        };
        for (media_type, media) in content {
            if is_json(media_type, media) {
                json.push(media.get("schema").cloned().unwrap_or(Value::Object(Map::new())));
            } else if media_type.starts_with("text/")
                || media_type == "application/jwt"
                || media_type.contains("javascript")
            {
                text = true;
                let schema = media.get("schema").map(|schema| resolve(document, schema, at)).transpose()?;
                secret |= schema.is_some_and(|schema| schema["format"] == "password");
            } else {
                bytes = true;
            }
        }
    }
    let mut schemas: Vec<Value> = Vec::new();
    for schema in json {
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    let schema = match schemas.len() {
        0 => None,
        1 => schemas.pop(),
        several => {
            report.note(at, format!("{several} success types: any JSON"));
            Some(Value::Object(Map::new()))
        }
    };
    if schema.is_some() && bytes {
        report.note(at, "a success is JSON or bytes: JSON or text");
    } else if text && bytes {
        report.note(at, "a success has several media types: bytes");
    }
    let answer = match (schema, text, bytes) {
        // Whatever a GET would give, a HEAD gives without it.
        _ if method == "head" => Answer::Empty,
        (Some(schema), false, false) => Answer::Json(schema),
        (Some(schema), _, _) => Answer::JsonOrText(schema),
        (None, true, false) if secret => Answer::SecretText,
        (None, true, false) => Answer::Text,
        (None, _, true) => Answer::Bytes,
        (None, false, false) => Answer::Empty,
    };
    if !any && !redirect {
        report.note(at, "declares no success: any 2xx without a body");
    }
    Ok(Success { optional: empty && answer != Answer::Empty, answer, redirect })
}

/// Status and meaning of each error.
pub fn errors(document: &Value, at: &str, responses: &Map<String, Value>) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (status, raw) in responses {
        if status.starts_with(['4', '5']) || status == "default" {
            let description = text(resolve(document, raw, at)?.get("description"));
            found.push((status.clone(), description));
        }
    }
    Ok(found)
}
