//! `allOf` goes: with one member it becomes that member, with several objects one object with the properties of all.
//!
//! `{allOf: [{$ref: base}, {properties: {b: ..}}]}`, where `base` has `a`, becomes `{properties: {a: .., b: ..}}`.

use serde_json::{Map, Value, json};

use super::lowering::Lowering;
use crate::build::report::Report;
use crate::build::schema;

/// Keys that describe a schema without changing what values it has.
const ANNOTATIONS: [&str; 11] = [
    "description",
    "title",
    "nullable",
    "example",
    "examples",
    "default",
    "readOnly",
    "writeOnly",
    "deprecated",
    "externalDocs",
    "xml",
];

/// Removes every `allOf`.
pub fn all_of(lowering: &mut Lowering) {
    let schemas = lowering.schemas.clone();
    lowering.each_place_mut(&mut |root, schema, report| {
        // A schema that lists itself in its `allOf` adds nothing to itself.
        let own: Vec<String> = root.component.map(str::to_owned).into_iter().collect();
        visit(schema, &schemas, &own, root.at, report);
    });
}

/// `open` are the schemas that this one already contains. They cannot be put into it again.
fn visit(schema: &mut Value, schemas: &Map<String, Value>, open: &[String], at: &str, report: &mut Report) {
    let mut open = open.to_vec();
    if schema.get("allOf").is_some() {
        *schema = combined(schema, schemas, &mut open, at, report);
    }
    for (part, inner) in schema::parts_mut(schema) {
        visit(inner, schemas, &open, &format!("{at}, {part}"), report);
    }
}

fn combined(
    schema: &Value,
    schemas: &Map<String, Value>,
    open: &mut Vec<String>,
    at: &str,
    report: &mut Report,
) -> Value {
    let mut notes = Map::new();
    let mut parts = Vec::new();
    parts_of(schema, &mut parts, &mut notes);
    let mut found = match parts.as_slice() {
        [] => Map::new(),
        [only] => only.clone(),
        several => match merge(several, schemas, open, at, report) {
            Some(map) => {
                report.note(at, "allOf of several objects: one object with all properties");
                map
            }
            None => {
                report.note(at, "allOf of schemas that are not all plain objects: any JSON");
                Map::new()
            }
        },
    };
    // Annotations beside the `allOf` win over those within.
    found.extend(notes);
    Value::Object(found)
}

/// Collects the parts of a schema that say what values it has, inner ones first, and its annotations.
fn parts_of(schema: &Value, parts: &mut Vec<Map<String, Value>>, notes: &mut Map<String, Value>) {
    let Some(map) = schema.as_object() else { return };
    for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        parts_of(part, parts, notes);
    }
    let is_note = |key: &str| ANNOTATIONS.contains(&key) || key.starts_with("x-");
    let (own, kind): (Map<_, _>, Map<_, _>) =
        map.clone().into_iter().filter(|(key, _)| key != "allOf").partition(|(key, _)| is_note(key));
    // A bare `type: object` adds nothing to a part that is an object.
    let says_nothing = kind.is_empty() || (kind.len() == 1 && kind.get("type").is_some_and(|kind| kind == "object"));
    if !says_nothing || (map.get("allOf").is_none() && parts.is_empty() && !kind.is_empty()) {
        parts.retain(|part| part.len() != 1 || part.get("type").is_none_or(|kind| kind != "object"));
        if !parts.contains(&kind) {
            parts.push(kind);
        }
    }
    notes.extend(own);
}

/// Like `merged`, but reports what it leaves out.
fn merge(
    parts: &[Map<String, Value>],
    schemas: &Map<String, Value>,
    open: &mut Vec<String>,
    at: &str,
    report: &mut Report,
) -> Option<Map<String, Value>> {
    let outer = open.clone();
    let found = merged(parts, schemas, open);
    for name in parts.iter().filter_map(|part| schema::name_in(part.get("$ref")?.as_str()?)) {
        if outer.iter().any(|other| other == name) {
            report.note(at, format!("allOf repeats {name} inside {name}: left out"));
        }
    }
    found
}

/// One object made of several, if all are objects.
fn merged(
    parts: &[Map<String, Value>],
    schemas: &Map<String, Value>,
    open: &mut Vec<String>,
) -> Option<Map<String, Value>> {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    let mut more = None;
    for part in parts {
        let part = plain(part, schemas, open)?;
        for (name, property) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
            properties.insert(name.clone(), property.clone());
        }
        for name in part.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !required.contains(name) {
                required.push(name.clone());
            }
        }
        more = more.or(part.get("additionalProperties").filter(|more| **more != Value::Bool(false)).cloned());
    }
    let mut map = Map::from_iter([
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), Value::Object(properties)),
        ("required".to_owned(), Value::Array(required)),
    ]);
    if let Some(more) = more {
        map.insert("additionalProperties".to_owned(), more);
    }
    Some(map)
}

/// A part with its reference followed, or `None` if it is not a plain object.
fn plain(
    part: &Map<String, Value>,
    schemas: &Map<String, Value>,
    open: &mut Vec<String>,
) -> Option<Map<String, Value>> {
    if let Some(name) = part.get("$ref").and_then(Value::as_str) {
        let name = schema::name_in(name)?;
        if open.iter().any(|other| other == name) {
            return Some(Map::new());
        }
        open.push(name.to_owned());
        let target = schemas.get(name)?;
        let mut parts = Vec::new();
        parts_of(target, &mut parts, &mut Map::new());
        return merged(&parts, schemas, open);
    }
    let is_object = part.get("type").is_none_or(|kind| kind == "object");
    (is_object && !schema::is_union(part) && !part.contains_key("enum")).then(|| part.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::lower::lowering::lowering;

    fn of(name: &str) -> Value {
        schema::reference(name)
    }

    fn combine(schemas: Value) -> Lowering {
        let mut low = lowering(schemas);
        all_of(&mut low);
        low
    }

    #[test]
    fn all_of_one_is_that_one() {
        let low = combine(json!({
            "a": {"description": "mine", "allOf": [{"$ref": "#/components/schemas/b"}]},
            "n": {"allOf": [of("b"), {"nullable": true}, {"x-mark": true}]},
            "o": {"type": "object", "allOf": [of("b")]},
        }));
        assert_eq!(low.schemas["a"], json!({"description": "mine", "$ref": "#/components/schemas/b"}));
        assert_eq!(low.schemas["n"], json!({"nullable": true, "x-mark": true, "$ref": "#/components/schemas/b"}));
        assert_eq!(low.schemas["o"], of("b"));
        assert_eq!(low.report.len(), 0);
    }

    #[test]
    fn several_objects_are_one() {
        let low = combine(json!({
            "base": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
            "middle": {"allOf": [of("base"), {"properties": {"b": {"type": "string"}}}]},
            "top": {"description": "Top.", "allOf": [of("middle")], "required": ["c"], "properties": {"c": {"type": "integer"}}},
        }));
        assert_eq!(
            low.schemas["top"],
            json!({"description": "Top.", "type": "object", "required": ["a", "c"], "properties": {
                "a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "integer"}}})
        );
    }

    #[test]
    fn what_is_no_object_is_any_json() {
        let low = combine(json!({
            "u": {"oneOf": [{"type": "string"}]},
            "a": {"allOf": [of("u"), {"properties": {"x": {}}}], "description": "D."},
            "m": {"allOf": [{"type": "string"}, {"type": "integer"}]},
        }));
        assert_eq!(low.schemas["a"], json!({"description": "D."}));
        assert_eq!(low.schemas["m"], json!({}));
        assert_eq!(low.report.len(), 2);
    }

    #[test]
    fn what_is_all_of_itself_ends() {
        let more = json!({"properties": {"x": {"type": "string"}}});
        let low = combine(json!({
            "a": {"allOf": [of("a"), more]},
            "b": {"properties": {"next": {"allOf": [of("b"), more]}}},
            "c": {"allOf": [of("d"), more]}, "d": {"allOf": [of("c"), {"properties": {"y": {"type": "string"}}}]},
        }));
        assert_eq!(low.schemas["a"]["properties"], json!({"x": {"type": "string"}}));
        assert_eq!(low.schemas["b"]["properties"]["next"]["properties"], json!({"x": {"type": "string"}}));
        assert_eq!(low.schemas["c"]["properties"], json!({"x": {"type": "string"}, "y": {"type": "string"}}));
    }
}
