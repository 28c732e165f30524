//! Reads the responses of an operation: its successes, reduced to one type, and its errors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::media::{is_json, is_text};
use crate::build::document::{References, flag, text};
use crate::build::fault::Result;
use crate::build::operation::{ResponseBody, Success};
use crate::build::report::Report;

/// The mark of a 4xx or 5xx whose body is the result, such as "denied".
const RESULT: &str = "x-success";

/// What a successful call returns.
pub fn success(
    references: &mut References<'_>,
    at: &str,
    method: &str,
    responses: &Map<String, Value>,
    report: &mut Report,
) -> Result<Success> {
    let declared = Declared::read(references, at, responses)?;
    if !declared.any && !declared.redirect {
        report.note(at, "declares no success: any 2xx, without a body");
    }
    // A HEAD returns what a GET would, without its body.
    let body = if method == "head" { ResponseBody::Empty } else { declared.body(at, report) };
    Ok(Success {
        optional: declared.empty && body != ResponseBody::Empty,
        body,
        redirect: declared.redirect,
        statuses: declared.statuses,
    })
}

/// What the successful responses of an operation can be.
#[derive(Default)]
struct Declared {
    /// The different schemas of JSON bodies, by their texts.
    json: BTreeMap<String, Value>,
    text: bool,
    /// Whether a text is secret.
    secret: bool,
    bytes: bool,
    empty: bool,
    redirect: bool,
    /// Whether a success is declared.
    any: bool,
    /// Statuses of 4xx and 5xx whose body is the result.
    statuses: Vec<u16>,
}

impl Declared {
    fn read(references: &mut References<'_>, at: &str, responses: &Map<String, Value>) -> Result<Self> {
        let mut declared = Self::default();
        let has = |digit: char| responses.keys().any(|status| status.starts_with(digit));
        // `default` describes errors if a success is declared.
        let default_is_success = !has('2') && !has('3');
        for (status, raw) in responses {
            if status.starts_with('3') {
                declared.redirect |= !flag(references.follow(raw, at)?, "x-only-browsers");
            } else if status.starts_with('2') || (status == "default" && default_is_success) {
                declared.any = true;
                let raw = references.follow(raw, at)?;
                declared.response(references, at, raw)?;
            } else {
                let raw = references.follow(raw, at)?;
                let is_result = flag(raw, RESULT);
                if let Some(status) = status.parse().ok().filter(|_| is_result) {
                    declared.statuses.push(status);
                    declared.response(references, at, raw)?;
                }
            }
        }
        Ok(declared)
    }

    fn response(&mut self, references: &mut References<'_>, at: &str, raw: &Value) -> Result<()> {
        let content = raw.get("content").and_then(Value::as_object).filter(|content| !content.is_empty());
        let Some(content) = content else {
            // In Swagger 2, the response itself has the schema.
            match raw.get("schema") {
                Some(schema) if schema["type"] == "file" => self.bytes = true,
                Some(schema) => self.json(schema.clone()),
                None => self.empty = true,
            }
            return Ok(());
        };
        for (media_type, media) in content {
            let schema = media.get("schema");
            if is_json(media_type, media) {
                self.json(schema.cloned().unwrap_or_else(|| json!({})));
            } else if is_text(media_type) {
                self.text = true;
                let schema = schema.map(|schema| references.follow(schema, at)).transpose()?;
                self.secret |= schema.is_some_and(|schema| schema["format"] == "password");
            } else {
                self.bytes = true;
            }
        }
        Ok(())
    }

    fn json(&mut self, schema: Value) {
        self.json.entry(schema.to_string()).or_insert(schema);
    }

    /// Reduces all successes to one body.
    fn body(&self, at: &str, report: &mut Report) -> ResponseBody {
        let schema = match self.json.len() {
            0 | 1 => self.json.values().next().cloned(),
            several => {
                report.note(at, format!("{several} different success bodies: any JSON"));
                Some(json!({}))
            }
        };
        if schema.is_some() && self.bytes {
            report.note(at, "a success is JSON or bytes: JSON or text");
        } else if self.text && self.bytes {
            report.note(at, "a success has several media types: bytes");
        }
        match (schema, self.text, self.bytes) {
            (Some(schema), false, false) => ResponseBody::Json(schema),
            (Some(schema), _, _) => ResponseBody::JsonOrText(schema),
            (None, true, false) if self.secret => ResponseBody::SecretText,
            (None, true, false) => ResponseBody::Text,
            (None, _, true) => ResponseBody::Bytes,
            (None, false, false) => ResponseBody::Empty,
        }
    }
}

/// Whether a redirect is declared, also if only browsers get it.
pub fn has_redirect(responses: &Map<String, Value>) -> bool {
    responses.keys().any(|status| status.starts_with('3'))
}

/// The status and description of each error.
pub fn errors(
    references: &mut References<'_>,
    at: &str,
    responses: &Map<String, Value>,
) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (status, raw) in responses {
        if status.starts_with(['4', '5']) || status == "default" {
            let raw = references.follow(raw, at)?;
            if flag(raw, RESULT) {
                continue;
            }
            let description = text(raw.get("description"));
            found.push((status.clone(), description));
        }
    }
    Ok(found)
}
