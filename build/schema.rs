//! Questions about a schema, and visits to all schemas in it.

use std::fmt;

use serde_json::{Map, Value, json};

use super::one_line::{one_line, short};

/// The longest place, in characters. Everything in a schema repeats it.
const LONGEST_PLACE: usize = 300;

const SCHEMAS: &str = "#/components/schemas/";

/// Formats that change the Rust type. Any other format is only a hint.
pub const FORMATS: [&str; 9] =
    ["int32", "int64", "uint32", "uint64", "float", "double", "date-time", "uuid", "password"];

/// The pointer to a schema of the components.
pub fn pointer_to(name: &str) -> String {
    format!("{SCHEMAS}{name}")
}

/// The schema that a pointer names, if it points to a schema of the components.
pub fn name_in(pointer: &str) -> Option<&str> {
    pointer.strip_prefix(SCHEMAS)
}

/// A schema that only refers to another one.
pub fn reference(name: &str) -> Value {
    json!({ "$ref": pointer_to(name) })
}

/// The name of the schema that a `$ref` points to.
pub fn target(schema: &Value) -> Option<&str> {
    name_in(schema.get("$ref")?.as_str()?)
}

/// The schema behind references and behind `allOf` with one member.
pub fn resolved<'a>(schemas: &'a Map<String, Value>, schema: &'a Value) -> &'a Value {
    let mut current = schema;
    for _ in 0..32 {
        if let Some(target) = target(current).and_then(|name| schemas.get(name)) {
            current = target;
        } else if let Some([only]) = current["allOf"].as_array().map(Vec::as_slice) {
            current = only;
        } else {
            break;
        }
    }
    current
}

/// The names of all schemas that a schema refers to.
pub fn targets(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    each(schema, &mut |part| found.extend(target(part).map(str::to_owned)));
    found
}

/// Whether a schema declares properties.
pub fn has_properties(map: &Map<String, Value>) -> bool {
    map.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty())
}

/// Whether a schema is a union.
pub fn is_union(map: &Map<String, Value>) -> bool {
    map.contains_key("oneOf") || map.contains_key("anyOf")
}

/// Whether a schema is an enum of texts, which may also be null.
pub fn is_text_enum(map: &Map<String, Value>) -> bool {
    let Some(values) = map.get("enum").and_then(Value::as_array) else { return false };
    values.iter().all(|value| value.is_string() || value.is_null())
        && values.iter().any(Value::is_string)
        && map.get("type").and_then(Value::as_str).is_none_or(|kind| kind == "string")
}

/// The place of a schema directly inside another one.
pub enum Part<'a> {
    Property(&'a str),
    /// The value of `items`, `additionalProperties` or `not`.
    Key(&'a str),
    /// An item of `allOf`, `oneOf` or `anyOf`, from 0.
    Member(&'a str, usize),
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Property(name) => write!(f, "property {}", short(name)),
            Self::Key(key) => f.write_str(key),
            Self::Member(key, index) => write!(f, "{key} {}", index + 1),
        }
    }
}

/// The schemas directly inside a schema.
pub fn parts_mut(schema: &mut Value) -> Vec<(Part<'_>, &mut Value)> {
    let mut found = Vec::new();
    for (key, value) in schema.as_object_mut().into_iter().flatten() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                found.extend(properties.iter_mut().map(|(name, property)| (Part::Property(name), property)));
            }
            (key @ ("items" | "additionalProperties" | "not"), value @ Value::Object(_)) => {
                found.push((Part::Key(key), value));
            }
            (key @ ("allOf" | "oneOf" | "anyOf"), Value::Array(members)) => {
                let members = members.iter_mut().enumerate();
                found.extend(members.map(|(index, member)| (Part::Member(key, index), member)));
            }
            _ => {}
        }
    }
    found
}

/// Calls `visit` on a schema and on all schemas in it, the outer one first.
pub fn each(schema: &Value, visit: &mut dyn FnMut(&Value)) {
    visit(schema);
    for (key, value) in schema.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.values().for_each(|inner| each(inner, visit)),
            ("items" | "additionalProperties" | "not", Value::Object(_)) => each(value, visit),
            ("allOf" | "oneOf" | "anyOf", Value::Array(members)) => {
                members.iter().for_each(|member| each(member, visit));
            }
            _ => {}
        }
    }
}

/// Like `each`, but mutable.
pub fn each_mut(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    visit(schema);
    for (_, inner) in parts_mut(schema) {
        each_mut(inner, visit);
    }
}

/// The place of a part in words: `schema A, property b, items`.
pub fn place(at: &str, part: &Part<'_>) -> String {
    one_line(&format!("{at}, {part}"), LONGEST_PLACE)
}

/// Like `each_mut`, with the place of each schema.
pub fn each_place_mut(schema: &mut Value, at: &str, visit: &mut dyn FnMut(&str, &mut Value)) {
    visit(at, schema);
    for (part, inner) in parts_mut(schema) {
        each_place_mut(inner, &place(at, &part), visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
