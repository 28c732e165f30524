//! Lends an object what is known about its properties.

use serde_json::{Map, Value, json};

use super::own::Own;
use super::shape::{is_scalar, is_text};
use crate::build::document::texts;
use crate::build::fault::Result;
use crate::build::schema::resolved;
use crate::build::size;

/// Adds the rules for requests whose properties the object has.
fn lend_rules(schema: &mut Value, ours: &Value, changes: &mut Vec<String>) {
    for rule in ["x-not-empty", "x-exactly-one"] {
        let names = texts(ours, rule);
        let has = |name: &String| schema["properties"].get(name).is_some();
        if names.is_empty() || schema.get(rule).is_some() || !names.iter().all(has) {
            continue;
        }
        schema[rule] = json!(names);
        changes.push(format!("requests must have {}", names.join(", ")));
    }
}

/// Adds what is known about the properties of an object. Returns the changes in words. `room` takes the room of a copy.
pub fn lend_object(
    schema: &mut Value,
    ours: &Value,
    schemas: &Map<String, Value>,
    own: &Own,
    room: &mut dyn FnMut(usize) -> Result<()>,
) -> Result<Vec<String>> {
    let mut changes = Vec::new();
    let (mut required, known_required) = (texts(schema, "required"), texts(ours, "required"));
    let mut in_requests = texts(schema, "x-required-in-requests");
    let Some(known) = ours["properties"].as_object() else { return Ok(changes) };
    if let (Some(strict), Some(map)) = (ours.get("x-strict"), schema.as_object_mut())
        && !map.contains_key("x-strict")
    {
        map.insert("x-strict".to_owned(), strict.clone());
        changes.push("other programs make its values".to_owned());
    }
    lend_rules(schema, ours, &mut changes);
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return Ok(changes) };
    for (name, property) in properties.iter_mut() {
        let Some(known) = known.get(name) else { continue };
        if let Some((lent, change)) = lend_property(property, known, schemas, own) {
            room(size::of(&lent))?;
            *property = lent;
            changes.push(format!("{name}: {change}"));
        }
        let Some(at) = required.iter().position(|other| other == name) else { continue };
        if known["x-absent"] == "empty" {
            if let Some(property) = property.as_object_mut().filter(|property| !property.contains_key("x-absent")) {
                property.insert("x-absent".to_owned(), json!("empty"));
                changes.push(format!("{name}: empty if a response lacks it"));
            }
        } else if !known_required.contains(name) {
            required.remove(at);
            in_requests.push(name.clone());
            changes.push(format!("{name}: responses may lack it"));
        }
    }
    if let Some(map) = schema.as_object_mut().filter(|_| !changes.is_empty()) {
        map.insert("required".to_owned(), json!(required));
        map.insert("x-required-in-requests".to_owned(), json!(in_requests));
    }
    Ok(changes)
}

/// Marks a property. If it is a secret, or has another type than servers send, returns the schema that it should have and
/// the change in words.
fn lend_property(
    property: &mut Value,
    known: &Value,
    schemas: &Map<String, Value>,
    own: &Own,
) -> Option<(Value, String)> {
    if known["x-sensitive"] == true
        && let Some(map) = property.as_object_mut()
    {
        map.insert("x-sensitive".to_owned(), json!(true));
    }
    if known["x-empty"] == "absent"
        && let Some(map) = property.as_object_mut()
    {
        map.insert("x-empty".to_owned(), json!("absent"));
    }
    let ours = resolved(&own.schemas, known);
    let theirs = resolved(schemas, property);
    if known["x-location"] == true && is_text(theirs) {
        let description = property.get("description").or_else(|| theirs.get("description")).cloned();
        let mut lent = json!({"type": "string", "x-location": true});
        if let Some(description) = description {
            lent["description"] = description;
        }
        return Some((lent, "a URL to which a browser is sent".to_owned()));
    }
    if ours["type"] == "array" && theirs["type"] == "array" {
        let secret = ours["items"]["format"] == "password" && is_text(resolved(schemas, &theirs["items"]));
        return secret.then(|| {
            let mut list = theirs.clone();
            list["items"] = json!({"type": "string", "format": "password"});
            (list, "secrets".to_owned())
        });
    }
    if !is_scalar(ours) || !is_scalar(theirs) {
        return None;
    }
    let secret = ours["format"] == "password" && theirs["format"] != "password";
    if !secret && ours["type"] == theirs["type"] {
        return None;
    }
    let mut lent = json!({"type": ours["type"]});
    if let Some(format) = ours.get("format") {
        lent["format"] = format.clone();
    }
    if let Some(description) = property.get("description").or_else(|| theirs.get("description")) {
        lent["description"] = description.clone();
    }
    let change = if secret { "a secret".to_owned() } else { format!("sent as {}", ours["type"]) };
    Some((lent, change))
}
