//! Lends the body of a request the fields that it lacks, and an operation a body. Ory's documents leave out much of what
//! servers take: most parameters of the token endpoint, and the whole body of the device flow.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::own::Own;
use crate::build::fault::Result;
use crate::build::lower::own_types::is_patch_step;
use crate::build::operation::{Body, Operation};
use crate::build::report::Report;
use crate::build::schema::{self, has_properties, is_union};
use crate::build::size::{self, Room};

/// Gives an operation without a body the one that servers take.
pub fn lend_body(
    operation: &mut Operation,
    known: &Operation,
    own: &Own,
    report: &mut Report,
    room: &mut Room,
) -> Result<()> {
    let (None, Some(body)) = (&operation.body, &known.body) else { return Ok(()) };
    let schema = written_out(&body.schema, &own.schemas, &mut Vec::new());
    let what = if body.required { "a body, which servers require" } else { "a body, which servers take" };
    let at = operation.at();
    room.take(size::of(&schema), &at)?;
    report.note(at, format!("{what}: added ({})", body.content_type));
    operation.body = Some(Body { schema, ..body.clone() });
    Ok(())
}

/// The fields that only our contract has.
pub fn lacking(schema: &Value, ours: &Value, schemas: &Map<String, Value>, own: &Own) -> Map<String, Value> {
    let Some(known) = ours["properties"].as_object() else { return Map::new() };
    // With another field, the steps of a patch could become the crate's own type.
    if is_patch_step(ours) {
        return Map::new();
    }
    let mut declared = BTreeSet::new();
    if !declare(schema, schemas, &mut declared, &mut BTreeSet::new()) || declared.is_empty() {
        return Map::new();
    }
    let lacking = known.iter().filter(|(name, _)| !declared.contains(*name));
    lacking.map(|(name, field)| (name.clone(), written_out(field, &own.schemas, &mut Vec::new()))).collect()
}

/// Adds these fields. Returns them in words.
pub fn add(schema: &mut Value, fields: Map<String, Value>) -> Vec<String> {
    let changes = fields.keys().map(|name| format!("{name}: a field that servers take: added")).collect();
    let Some(map) = schema.as_object_mut().filter(|_| !fields.is_empty()) else { return Vec::new() };
    if let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) {
        properties.extend(fields);
    } else if let Some(parts) = map.get_mut("allOf").and_then(Value::as_array_mut) {
        parts.push(json!({"type": "object", "properties": fields}));
    }
    changes
}

/// How many components the parts of one object may be in.
const MOST: usize = 64;

/// Collects the properties of an object and of the parts of its `allOf`. Returns whether all of it is an object.
fn declare(
    schema: &Value,
    schemas: &Map<String, Value>,
    found: &mut BTreeSet<String>,
    seen: &mut BTreeSet<String>,
) -> bool {
    if let Some(name) = schema::target(schema) {
        // What an object gets from itself it has already.
        let is_new = seen.insert(name.to_owned());
        let target = schemas.get(name).filter(|_| seen.len() <= MOST);
        return !is_new || target.is_some_and(|target| declare(target, schemas, found, seen));
    }
    let Some(map) = schema.as_object().filter(|map| !is_union(map)) else { return false };
    if has_properties(map) {
        found.extend(map["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    }
    let mut parts = map.get("allOf").and_then(Value::as_array).into_iter().flatten();
    parts.all(|part| declare(part, schemas, found, seen))
}

/// A schema of our contract without references, since the document has no components of these names, or others. Where
/// it contains itself or a union, it is any JSON.
fn written_out(schema: &Value, own: &Map<String, Value>, open: &mut Vec<String>) -> Value {
    let Some(name) = schema::target(schema) else {
        let mut whole = schema.clone();
        if whole.as_object().is_some_and(is_union) {
            whole.as_object_mut().into_iter().for_each(|map| map.retain(|key, _| key == "description"));
            return whole;
        }
        for (_, inner) in schema::parts_mut(&mut whole) {
            *inner = written_out(inner, own, open);
        }
        return whole;
    };
    let Some(target) = own.get(name).filter(|_| !open.iter().any(|other| other == name)) else { return json!({}) };
    open.push(name.to_owned());
    let mut whole = written_out(target, own, open);
    open.pop();
    // What the reference says itself comes first.
    if let (Some(whole), Some(map)) = (whole.as_object_mut(), schema.as_object()) {
        whole.extend(map.iter().filter(|(key, _)| *key != "$ref").map(|(key, value)| (key.clone(), value.clone())));
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_may_contain_themselves() {
        let twice = json!([schema::reference("a"), schema::reference("a"), {"properties": {"x": {}}}]);
        let schemas = json!({"a": {"allOf": twice}, "u": {"oneOf": [{"type": "object"}]}, "e": {"allOf": [schema::reference("u")]}});
        let declared = |name: &str| {
            let mut found = BTreeSet::new();
            let object = declare(&schemas[name], schemas.as_object().unwrap(), &mut found, &mut BTreeSet::new());
            (object, found.into_iter().collect::<Vec<_>>())
        };
        assert_eq!(declared("a"), (true, vec!["x".to_owned()]));
        assert_eq!(declared("e"), (false, Vec::new()), "a union has no fields of its own");
    }

    #[test]
    fn our_schemas_are_written_out() {
        let own = json!({
            "text": {"type": "string", "description": "Ours."},
            "list": {"type": "array", "items": {"$ref": "#/components/schemas/text"}},
            "tree": {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/tree"}}},
            "either": {"description": "One of two.", "oneOf": [{"$ref": "#/components/schemas/text"}]},
        });
        let of = |name: &str, more: Value| {
            let mut schema = schema::reference(name);
            schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            written_out(&schema, own.as_object().unwrap(), &mut Vec::new())
        };
        let description = json!({"description": "There."});
        assert_eq!(of("text", description), json!({"type": "string", "description": "There."}));
        let text = json!({"type": "string", "description": "Ours."});
        assert_eq!(of("list", json!({})), json!({"type": "array", "items": text}));
        assert_eq!(of("tree", json!({})), json!({"type": "object", "properties": {"child": {}}}));
        assert_eq!(of("either", json!({})), json!({"description": "One of two."}));
    }
}
