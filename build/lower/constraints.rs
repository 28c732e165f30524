//! What a schema demands but an answer need not keep: constraints, defaults and closed objects go.

use serde_json::{Map, Value};

use super::Lowering;
use crate::build::walk;

/// Keys that the types are made of; everything else is dropped, once the marks are noted.
const KEPT: [&str; 13] = [
    "$ref",
    "type",
    "format",
    "description",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "nullable",
    "enum",
    "oneOf",
    "anyOf",
    "discriminator",
];

/// Formats that change the Rust type. Any other one is only a hint.
pub const FORMATS: [&str; 9] =
    ["int32", "int64", "uint32", "uint64", "float", "double", "date-time", "uuid", "password"];

/// Drops constraints, notes the marks, opens objects, and takes a null for an absence.
pub fn drop(lowering: &mut Lowering) {
    nullable_types(lowering);
    let Lowering { schemas, empty_when_absent, required_in_requests, sensitive, .. } = lowering;
    for (name, schema) in schemas.iter_mut() {
        let list = |key: &str| -> Vec<String> {
            let list = schema.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
            list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let needed = list("x-required-in-requests");
        if !needed.is_empty() {
            required_in_requests.insert(name.clone(), needed);
        }
        let marked = |key: &str, want: &dyn Fn(&Value) -> bool| -> Vec<String> {
            let properties = schema.get("properties").and_then(Value::as_object);
            let chosen = properties.into_iter().flatten().filter(|(_, property)| property.get(key).is_some_and(want));
            chosen.map(|(name, _)| name.clone()).collect()
        };
        let empty = marked("x-absent", &|mark| mark == "empty");
        let hidden = marked("x-sensitive", &|mark| mark == true);
        if !empty.is_empty() {
            // The generator makes a plain field of a required one; a missing one is its default.
            if let Some(map) = schema.as_object_mut() {
                let required = map.entry("required").or_insert_with(|| Value::Array(Vec::new()));
                if let Some(required) = required.as_array_mut() {
                    required.extend(empty.iter().cloned().map(Value::String));
                }
            }
            empty_when_absent.insert(name.clone(), empty);
        }
        if !hidden.is_empty() {
            sensitive.insert(name.clone(), hidden);
        }
    }
    lowering.each_root_mut(&mut |root| {
        walk::each_mut(root, &mut loosen);
        null_list_is_empty(root);
    });
}

/// A type that may be null is one wherever it is referred to: there the null is taken.
fn nullable_types(lowering: &mut Lowering) {
    let is_nullable = |schema: &Value| schema.get("nullable") == Some(&Value::Bool(true));
    let names: Vec<String> =
        lowering.schemas.iter().filter(|(_, schema)| is_nullable(schema)).map(|(name, _)| name.clone()).collect();
    if names.is_empty() {
        return;
    }
    lowering.each_root_mut(&mut |root| {
        walk::each_mut(root, &mut |schema| {
            let Some(name) = walk::schema_ref(schema) else { return };
            if names.iter().any(|nullable| nullable == name)
                && let Some(map) = schema.as_object_mut()
            {
                map.insert("nullable".to_owned(), Value::Bool(true));
            }
        });
    });
}

/// A list that is a whole body is empty where null is sent in its place, as past the last page.
fn null_list_is_empty(root: &mut Value) {
    if root.get("type").is_some_and(|kind| kind == "array")
        && let Some(map) = root.as_object_mut()
    {
        map.remove("nullable");
    }
}

fn loosen(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else {
        // `true` and whatever else stands where a schema should: any JSON.
        *schema = Value::Object(Map::new());
        return;
    };
    map.retain(|key, _| KEPT.contains(&key.as_str()));
    if map.contains_key("$ref") {
        // Null within a list or map is an item of its own; that of a property is its absence by now.
        map.retain(|key, _| matches!(key.as_str(), "$ref" | "description" | "nullable"));
        return;
    }
    if !map.get("type").is_none_or(Value::is_string) {
        map.remove("type");
    }
    match map.get("format").and_then(Value::as_str).map(|format| if format == "uuid4" { "uuid" } else { format }) {
        Some(format) if FORMATS.contains(&format) => {
            let (format, kind) = (Value::from(format), Value::from(type_of_format(format)));
            map.insert("format".to_owned(), format);
            map.entry("type").or_insert(kind);
        }
        _ => {
            map.remove("format");
        }
    }
    // An enum of anything but texts is only a hint.
    if map.get("enum").is_some() && !is_text_enum(map) {
        map.remove("enum");
    }
    open_object(map);
    nullable_is_optional(map);
    if map.get("type").and_then(Value::as_str) == Some("array") && !map.contains_key("items") {
        map.insert("items".to_owned(), Value::Object(Map::new()));
    }
}

/// The type that a format alone stands for; some documents leave it out.
fn type_of_format(format: &str) -> &'static str {
    match format {
        "int32" | "int64" | "uint32" | "uint64" => "integer",
        "float" | "double" => "number",
        _ => "string",
    }
}

/// An enum of texts, which may also be null.
pub fn is_text_enum(map: &Map<String, Value>) -> bool {
    let values = map.get("enum").and_then(Value::as_array);
    let texts = values.is_some_and(|values| values.iter().all(|v| v.is_string() || v.is_null()));
    texts
        && values.is_some_and(|values| values.iter().any(Value::is_string))
        && map.get("type").and_then(Value::as_str).is_none_or(|kind| kind == "string")
}

/// An object with properties keeps unknown keys if it says so; one without is a map or any JSON.
fn open_object(map: &mut Map<String, Value>) {
    let has_properties = map.get("properties").and_then(Value::as_object).is_some_and(|p| !p.is_empty());
    let is_object = map.get("type").and_then(Value::as_str) == Some("object") || map.contains_key("properties");
    if !is_object {
        return;
    }
    let more = map.remove("additionalProperties");
    if has_properties {
        map.insert("type".to_owned(), Value::from("object"));
        if matches!(&more, Some(Value::Bool(true) | Value::Object(_))) {
            // An empty schema: the generator then keeps the rest in one flattened map.
            map.insert("additionalProperties".to_owned(), Value::Object(Map::new()));
        }
        return;
    }
    map.remove("properties");
    map.remove("required");
    match more {
        Some(Value::Object(values)) if !values.is_empty() => {
            map.insert("additionalProperties".to_owned(), Value::Object(values));
        }
        // Free JSON is sent as text, number, list or null as well.
        _ => {
            map.remove("type");
            map.remove("nullable");
        }
    }
}

/// A property that may be null may be missing: both are nothing. Names in `required` that no property has go.
fn nullable_is_optional(map: &mut Map<String, Value>) {
    let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) else {
        map.remove("required");
        return;
    };
    let names: Vec<String> = properties.keys().cloned().collect();
    let mut nullable = Vec::new();
    for (name, property) in properties.iter_mut() {
        if let Some(property) = property.as_object_mut()
            && property.remove("nullable") == Some(Value::Bool(true))
        {
            nullable.push(name.clone());
        }
    }
    if let Some(required) = map.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| {
            name.as_str().is_some_and(|name| names.iter().any(|n| n == name) && !nullable.iter().any(|n| n == name))
        });
        let mut seen = Vec::new();
        required.retain(|name| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
    } else {
        map.remove("required");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering;

    fn loosened(mut schema: Value) -> Value {
        walk::each_mut(&mut schema, &mut loosen);
        schema
    }

    #[test]
    fn a_null_list_is_an_empty_one_but_not_within_a_list() {
        let list =
            json!({"type": "array", "nullable": true, "items": {"type": "array", "nullable": true, "items": {}}});
        let mut low = lowering(json!({"a": list}));
        drop(&mut low);
        let inner = json!({"type": "array", "nullable": true, "items": {}});
        assert_eq!(low.schemas["a"], json!({"type": "array", "items": inner}));
    }

    #[test]
    fn constraints_and_defaults_go() {
        let schema =
            json!({"type": "string", "pattern": "^a$", "minLength": 1, "default": "a", "title": "T", "format": "uri"});
        assert_eq!(loosened(schema), json!({"type": "string"}));
        assert_eq!(loosened(json!({"type": "string", "format": "uuid4"})), json!({"type": "string", "format": "uuid"}));
        assert_eq!(loosened(json!({"type": "integer", "enum": [1, 2]})), json!({"type": "integer"}));
        assert_eq!(loosened(json!({"format": "int64"})), json!({"type": "integer", "format": "int64"}));
        assert_eq!(loosened(json!({"format": "uuid4"})), json!({"type": "string", "format": "uuid"}));
        assert_eq!(loosened(json!({"format": "password"})), json!({"type": "string", "format": "password"}));
    }

    #[test]
    fn objects_open() {
        let closed = json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false});
        assert_eq!(loosened(closed), json!({"type": "object", "properties": {"a": {"type": "string"}}}));
        let keeps = json!({"properties": {"a": {"type": "string"}}, "additionalProperties": true});
        assert_eq!(
            loosened(keeps),
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {}})
        );
        assert_eq!(loosened(json!({"type": "object"})), json!({}));
        let map = json!({"type": "object", "additionalProperties": {"type": "string"}});
        assert_eq!(loosened(map.clone()), map);
    }

    #[test]
    fn null_is_absence() {
        let schema = json!({"type": "object", "required": ["a", "b", "c"], "properties": {
            "a": {"type": "string", "nullable": true}, "b": {"type": "string"}}});
        assert_eq!(
            loosened(schema),
            json!({"type": "object", "required": ["b"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}})
        );
    }

    #[test]
    fn marks_are_noted() {
        let mut low = lowering(json!({"A": {"type": "object", "x-required-in-requests": ["v"], "properties": {
            "ui": {"$ref": "#/components/schemas/U", "x-absent": "empty"}, "v": {"type": "string", "x-sensitive": true}}}}));
        drop(&mut low);
        assert_eq!(low.empty_when_absent["A"], ["ui"]);
        assert_eq!(low.required_in_requests["A"], ["v"]);
        assert_eq!(low.sensitive["A"], ["v"]);
        assert_eq!(low.schemas["A"]["required"], json!(["ui"]));
    }
}
