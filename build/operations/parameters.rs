//! What an operation takes beside its body: arguments in path, query and headers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{flag, text};
use crate::build::RESERVED_SETTERS;
use crate::build::fault::{Fault, Result};
use crate::build::names;
use crate::build::operation::{Parameter, Place};
use crate::build::report::Report;
use crate::build::walk::resolve;

/// Headers of an answer that some documents list as request headers, and headers that the client itself sends.
const NOT_ARGUMENTS: [&str; 7] =
    ["link", "x-total-count", "accept", "content-type", "authorization", "location", "set-cookie"];

/// Every parameter of the path and of the operation, references followed.
pub fn each<'a>(document: &'a Value, at: &str, lists: [Option<&'a Value>; 2]) -> Result<Vec<&'a Value>> {
    let all = lists.into_iter().flatten().flat_map(|list| list.as_array().into_iter().flatten());
    all.map(|raw| resolve(document, raw, at)).collect()
}

/// The arguments, each with a name of its own.
pub fn read(
    document: &Value,
    path: &str,
    at: &str,
    lists: [Option<&Value>; 2],
    report: &mut Report,
) -> Result<Vec<Parameter>> {
    for list in lists.into_iter().flatten().filter(|list| !list.is_array()) {
        report.note(at, format!("its parameters are no list but {list}: dropped"));
    }
    let mut found: Vec<Parameter> = Vec::new();
    for raw in each(document, at, lists)? {
        let wire = text(raw.get("name"));
        if wire.is_empty() {
            return Err(Fault::new(at, "a parameter without a name"));
        }
        let Some(place) = place(raw, &wire, path, at, report) else { continue };
        let parameter = one(document, raw, wire, place, at, report);
        // The operation's own parameter replaces the path's.
        match found.iter_mut().find(|other| other.wire == parameter.wire && other.place == parameter.place) {
            Some(other) => {
                report.note(at, format!("parameter {} is declared twice: the last one counts", parameter.wire));
                *other = parameter;
            }
            None => found.push(parameter),
        }
    }
    for wire in placeholders(path) {
        if !found.iter().any(|parameter| parameter.place == Place::Path && parameter.wire == wire) {
            report.note(at, format!("path parameter {wire} is not declared: added"));
            let raw = json!({"schema": {"type": "string"}});
            found.push(one(document, &raw, wire, Place::Path, at, report));
        }
    }
    name_all(&mut found);
    Ok(found)
}

/// Where a parameter is written; none if it is no argument, which the report then says.
fn place(raw: &Value, wire: &str, path: &str, at: &str, report: &mut Report) -> Option<Place> {
    match text(raw.get("in")).as_str() {
        "path" if placeholders(path).iter().any(|name| name == wire) => return Some(Place::Path),
        "path" => report.note(at, format!("path parameter {wire} is not in the path: dropped")),
        "query" => return Some(Place::Query),
        "header" if NOT_ARGUMENTS.contains(&wire.to_lowercase().as_str()) => {
            report.note(at, format!("header {wire} is not an argument: dropped"));
        }
        "header" => return Some(Place::Header),
        // Leftovers of Swagger 2: they are the body.
        "body" | "formData" => {}
        "cookie" => report.note(at, format!("cookie {wire} is the client's to send: dropped")),
        other => report.note(at, format!("parameter {wire} in {other:?} cannot be sent: dropped")),
    }
    None
}

fn one(document: &Value, raw: &Value, wire: String, place: Place, at: &str, report: &mut Report) -> Parameter {
    let schema = text_schema(raw);
    // Bounds may stand behind a reference.
    let facts = resolve(document, &schema, at).unwrap_or(&schema);
    let legacy = facts.get("x-legacy").or_else(|| raw.get("x-legacy")).cloned().unwrap_or_default();
    let is_list = facts.get("type").is_some_and(|kind| kind == "array");
    let joined = raw.get("explode") == Some(&Value::Bool(false))
        || raw.get("collectionFormat").is_some_and(|format| format != "multi");
    if is_list && joined {
        report.note(at, format!("parameter {wire} is a list in one text: its key is repeated"));
    }
    Parameter {
        name: String::new(),
        required: place == Place::Path || flag(raw, "required"),
        secret: facts.get("format").and_then(Value::as_str) == Some("password"),
        deprecated: flag(raw, "deprecated"),
        description: text(raw.get("description")),
        minimum: facts.get("minimum").and_then(Value::as_i64),
        maximum: facts.get("maximum").and_then(Value::as_i64),
        min_length: facts.get("minLength").and_then(Value::as_u64),
        legacy_minimum: legacy.get("minimum").and_then(Value::as_i64),
        legacy_maximum: legacy.get("maximum").and_then(Value::as_i64),
        place,
        schema,
        wire,
    }
}

/// The names in `{braces}`, in order.
pub fn placeholders(path: &str) -> Vec<String> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

/// Every argument its own name, none that a builder's own methods have.
fn name_all(parameters: &mut [Parameter]) {
    let mut taken: BTreeSet<String> = RESERVED_SETTERS.iter().map(|name| (*name).to_owned()).collect();
    for parameter in parameters {
        let mut name = names::argument_name(&parameter.wire);
        if taken.contains(&name) {
            let place = match parameter.place {
                Place::Path => "path",
                Place::Query => "query",
                Place::Header => "header",
            };
            name = names::free(format!("{}_{place}", name.trim_end_matches('_')), |name| taken.contains(name));
        }
        taken.insert(name.clone());
        parameter.name = name;
    }
}

/// A parameter's schema; Swagger 2 wrote `type` beside the name.
pub fn text_schema(raw: &Value) -> Value {
    if let Some(schema) = raw.get("schema") {
        return schema.clone();
    }
    if let Some(content) = raw.get("content").and_then(Value::as_object)
        && let Some(schema) = content.values().next().and_then(|media| media.get("schema"))
    {
        return schema.clone();
    }
    let mut schema = Map::new();
    for key in ["type", "format", "items", "enum", "minimum", "maximum"] {
        if let Some(value) = raw.get(key) {
            schema.insert(key.to_owned(), value.clone());
        }
    }
    if schema.is_empty() {
        schema.insert("type".to_owned(), Value::from("string"));
    }
    Value::Object(schema)
}
