//! Walking a document: references, and every schema in place.

use serde_json::{Map, Value};

use super::fault::{Fault, Result};

pub const SCHEMAS: &str = "#/components/schemas/";

/// The schema name that a `$ref` points to.
pub fn schema_ref(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

/// A schema that only says: see that one.
pub fn reference(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// Follows `$ref` (of a parameter, body, answer or schema) to what it names.
pub fn resolve<'a>(document: &'a Value, value: &'a Value, at: &str) -> Result<&'a Value> {
    let mut current = value;
    for _ in 0..32 {
        let Some(pointer) = current.get("$ref").and_then(Value::as_str) else { return Ok(current) };
        let path = pointer
            .strip_prefix('#')
            .ok_or_else(|| Fault::new(at, format!("reference {pointer:?} leaves the document")))?;
        current =
            document.pointer(path).ok_or_else(|| Fault::new(at, format!("reference {pointer:?} points to nothing")))?;
    }
    Err(Fault::new(at, "references that go in a circle"))
}

/// The components' schemas, empty if the document has none.
pub fn schemas(document: &mut Value) -> Result<&mut Map<String, Value>> {
    let root = document.as_object_mut().ok_or_else(|| Fault::new("document", "not an object"))?;
    let components = root
        .entry("components")
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
        .ok_or_else(|| Fault::new("components", "not an object"))?;
    components
        .entry("schemas")
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
        .ok_or_else(|| Fault::new("components/schemas", "not an object"))
}

/// The schemas directly inside a schema: properties, items, map values, parts of a combination.
pub fn children(schema: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let Some(map) = schema.as_object() else { return found };
    if let Some(properties) = map.get("properties").and_then(Value::as_object) {
        found.extend(properties.values());
    }
    found.extend(
        ["items", "additionalProperties", "not"].iter().filter_map(|key| map.get(*key)).filter(|v| v.is_object()),
    );
    for key in ["allOf", "oneOf", "anyOf"] {
        found.extend(map.get(key).and_then(Value::as_array).into_iter().flatten());
    }
    found
}

/// The same, to change them.
pub fn children_mut(schema: &mut Value) -> Vec<&mut Value> {
    let mut found = Vec::new();
    let Some(map) = schema.as_object_mut() else { return found };
    for (key, value) in map.iter_mut() {
        match key.as_str() {
            "properties" => found.extend(value.as_object_mut().into_iter().flat_map(|m| m.values_mut())),
            "items" | "additionalProperties" | "not" if value.is_object() => found.push(value),
            "allOf" | "oneOf" | "anyOf" => found.extend(value.as_array_mut().into_iter().flatten()),
            _ => {}
        }
    }
    found
}

/// Calls `visit` on a schema and on all that it holds, the outer one first.
pub fn each_mut(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    visit(schema);
    for child in children_mut(schema) {
        each_mut(child, visit);
    }
}

/// The same, with the place of each in words: `schema A, property b, items`.
pub fn each_place_mut(schema: &mut Value, at: &str, visit: &mut dyn FnMut(&str, &mut Value)) {
    visit(at, schema);
    for (at, child) in places_mut(schema, at) {
        each_place_mut(child, &at, visit);
    }
}

/// The schemas directly inside a schema, each with its place in words.
pub fn places_mut<'a>(schema: &'a mut Value, at: &str) -> Vec<(String, &'a mut Value)> {
    let mut found = Vec::new();
    for (key, value) in schema.as_object_mut().into_iter().flatten() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                found
                    .extend(properties.iter_mut().map(|(name, property)| (format!("{at}, property {name}"), property)));
            }
            (key @ ("items" | "additionalProperties" | "not"), value @ Value::Object(_)) => {
                found.push((format!("{at}, {key}"), value));
            }
            (key @ ("allOf" | "oneOf" | "anyOf"), Value::Array(parts)) => {
                let parts = parts.iter_mut().enumerate();
                found.extend(parts.map(|(index, part)| (format!("{at}, {key} {}", index + 1), part)));
            }
            _ => {}
        }
    }
    found
}

/// Calls `visit` on a schema and on all that it holds.
pub fn each(schema: &Value, visit: &mut dyn FnMut(&Value)) {
    visit(schema);
    for child in children(schema) {
        each(child, visit);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn resolves_through_several_references() {
        let document =
            json!({"components": {"schemas": {"a": {"$ref": "#/components/schemas/b"}, "b": {"type": "string"}}}});
        let start = json!({"$ref": "#/components/schemas/a"});
        assert_eq!(resolve(&document, &start, "x").unwrap(), &json!({"type": "string"}));
    }

    #[test]
    fn a_broken_or_circular_reference_is_named() {
        let document = json!({"components": {"schemas": {"a": {"$ref": "#/components/schemas/a"}}}});
        let broken = json!({"$ref": "#/components/schemas/none"});
        assert_eq!(
            resolve(&document, &broken, "operation x").unwrap_err().to_string(),
            "operation x: reference \"#/components/schemas/none\" points to nothing"
        );
        let circle = json!({"$ref": "#/components/schemas/a"});
        assert!(resolve(&document, &circle, "x").unwrap_err().to_string().contains("circle"));
        let away = json!({"$ref": "other.yaml#/a"});
        assert!(resolve(&document, &away, "x").unwrap_err().to_string().contains("leaves the document"));
    }

    #[test]
    fn visits_every_schema() {
        let mut schema = json!({"properties": {"a": {"items": {"x": 1}}, "b": {"allOf": [{"x": 2}]}}, "additionalProperties": {"x": 3}});
        let mut count = 0;
        each(&schema, &mut |_| count += 1);
        let mut changed = 0;
        each_mut(&mut schema, &mut |_| changed += 1);
        assert_eq!((count, changed), (6, 6));
    }
}
