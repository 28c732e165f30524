//! Reads the parameters of an operation: in the path, the query and headers.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::bounds::{self, Bounds};
use crate::build::document::{References, flag, kind_of, text};
use crate::build::fault::{Fault, Result};
use crate::build::kinds::Place;
use crate::build::names::{self, Names};
use crate::build::operation::Parameter;
use crate::build::report::Report;
use crate::build::reserved;

/// Headers of responses that some documents list as parameters, and headers that the client sends itself.
const NOT_ARGUMENTS: [&str; 7] =
    ["link", "x-total-count", "accept", "content-type", "authorization", "location", "set-cookie"];

/// Every parameter of the path and of the operation, with references followed.
pub fn each<'b, 'a: 'b>(
    references: &mut References<'a>,
    at: &str,
    lists: [Option<&'b Value>; 2],
) -> Result<Vec<&'b Value>> {
    let all = lists.into_iter().flatten().flat_map(|list| list.as_array().into_iter().flatten());
    all.map(|raw| references.follow(raw, at)).collect()
}

/// Reads the parameters, and gives each a different name.
pub fn read(
    references: &mut References<'_>,
    path: &str,
    at: &str,
    lists: [Option<&Value>; 2],
    report: &mut Report,
) -> Result<Vec<Parameter>> {
    let places = placeholders(path);
    let in_path: BTreeSet<&str> = places.iter().map(String::as_str).collect();
    for list in lists.into_iter().flatten().filter(|list| !list.is_array()) {
        report.note(at, format!("its parameters are not a list but {}: dropped", kind_of(list)));
    }
    let mut found: Vec<Parameter> = Vec::new();
    // Where each parameter is in `found`.
    let mut indexes: BTreeMap<(u8, String), usize> = BTreeMap::new();
    for raw in each(references, at, lists)? {
        let wire = text(raw.get("name"));
        if wire.is_empty() {
            return Err(Fault::new(at, "a parameter has no name"));
        }
        let Some(place) = place(raw, &wire, &in_path, at, report) else { continue };
        let parameter = one(references, raw, wire, place, at, report)?;
        // The operation's own parameter replaces the path's.
        match indexes.entry((place as u8, parameter.wire.clone())) {
            Entry::Occupied(known) => {
                report.note(at, format!("parameter {} is declared twice: the last one counts", parameter.wire));
                found[*known.get()] = parameter;
            }
            Entry::Vacant(new) => {
                new.insert(found.len());
                found.push(parameter);
            }
        }
    }
    for wire in places {
        if let Entry::Vacant(new) = indexes.entry((Place::Path as u8, wire)) {
            let wire = new.key().1.clone();
            new.insert(found.len());
            report.note(at, format!("path parameter {wire} is not declared: added"));
            let raw = json!({"schema": {"type": "string"}});
            found.push(one(references, &raw, wire, Place::Path, at, report)?);
        }
    }
    name_all(&mut found);
    Ok(found)
}

/// Where a parameter goes. If callers cannot set it, there is none, and the report says so.
fn place(raw: &Value, wire: &str, in_path: &BTreeSet<&str>, at: &str, report: &mut Report) -> Option<Place> {
    match text(raw.get("in")).as_str() {
        "path" if in_path.contains(wire) => return Some(Place::Path),
        "path" => report.note(at, format!("path parameter {wire} is not in the path: dropped")),
        "query" => return Some(Place::Query),
        "header" if NOT_ARGUMENTS.contains(&wire.to_lowercase().as_str()) => {
            report.note(at, format!("header {wire} is not an argument: dropped"));
        }
        "header" => return Some(Place::Header),
        // In Swagger 2 these are the body.
        "body" | "formData" => {}
        "cookie" => report.note(at, format!("cookie {wire} is left to the client: dropped")),
        other => report.note(at, format!("parameter {wire} in {other:?} cannot be sent: dropped")),
    }
    None
}

fn one(
    references: &mut References<'_>,
    raw: &Value,
    wire: String,
    place: Place,
    at: &str,
    report: &mut Report,
) -> Result<Parameter> {
    let schema = schema_of(raw);
    // A reference may lead to the bounds.
    let facts = references.follow_if_there(&schema, at)?;
    let legacy = facts.get("x-legacy").or_else(|| raw.get("x-legacy")).cloned().unwrap_or_default();
    let is_list = facts.get("type").is_some_and(|kind| kind == "array");
    let joined = raw.get("explode") == Some(&Value::Bool(false))
        || raw.get("collectionFormat").is_some_and(|format| format != "multi");
    if is_list && joined {
        report.note(at, format!("parameter {wire} is a list in one value: sent as a value for each item"));
    }
    let Bounds { minimum, maximum, min_length, legacy_minimum, legacy_maximum } =
        bounds::read(facts, &legacy, &wire, at, report);
    Ok(Parameter {
        name: String::new(),
        required: place == Place::Path || flag(raw, "required"),
        secret: facts.get("format").and_then(Value::as_str) == Some("password"),
        deprecated: flag(raw, "deprecated"),
        description: text(raw.get("description")),
        example: raw.get("example").or_else(|| facts.get("example")).cloned(),
        minimum,
        maximum,
        min_length,
        legacy_minimum,
        legacy_maximum,
        place,
        schema,
        wire,
    })
}

/// The names in `{braces}`, in order.
pub fn placeholders(path: &str) -> Vec<String> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

/// Gives each parameter a different name, and none that every builder already has.
fn name_all(parameters: &mut [Parameter]) {
    let mut taken = Names::new(reserved::SETTERS.map(str::to_owned));
    for parameter in parameters {
        let mut name = names::argument_name(&parameter.wire);
        if taken.is_taken(&name) {
            name = format!("{}_{}", name.trim_end_matches('_'), format!("{:?}", parameter.place).to_lowercase());
        }
        parameter.name = taken.take(&name);
    }
}

/// The schema of a parameter. In Swagger 2, the parameter itself has the `type`.
pub fn schema_of(raw: &Value) -> Value {
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
