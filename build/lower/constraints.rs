//! Constraints, defaults and closed objects go: a schema demands them, but responses need not keep them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::lowering::Lowering;
use super::marks::OF_PROPERTY;
use crate::build::schema::{self, FORMATS, has_properties, is_text_enum};

/// Keys that decide the types. All others are dropped.
const KEPT: [&str; 21] = [
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
    "x-absent",
    "x-empty",
    "x-exactly-one",
    "x-location",
    "x-not-empty",
    "x-required-in-requests",
    "x-sensitive",
    "x-strict",
];

/// Drops constraints, opens objects, and treats null as absent.
pub fn drop(lowering: &mut Lowering) {
    nullable_types(lowering);
    lowering.each_root_mut(&mut |root| {
        schema::each_mut(root, &mut loosen);
        null_list_is_empty(root);
    });
}

/// If a type may be null, every reference to it may be null.
fn nullable_types(lowering: &mut Lowering) {
    let is_nullable = |schema: &Value| schema.get("nullable") == Some(&Value::Bool(true));
    let names: BTreeSet<String> =
        lowering.schemas.iter().filter(|(_, schema)| is_nullable(schema)).map(|(name, _)| name.clone()).collect();
    if names.is_empty() {
        return;
    }
    lowering.each_root_mut(&mut |root| {
        schema::each_mut(root, &mut |schema| {
            let Some(name) = schema::target(schema) else { return };
            if names.contains(name)
                && let Some(map) = schema.as_object_mut()
            {
                map.insert("nullable".to_owned(), Value::Bool(true));
            }
        });
    });
}

/// For a list that is a whole body, null means the empty list: servers send it past the last page.
fn null_list_is_empty(root: &mut Value) {
    if root.get("type").is_some_and(|kind| kind == "array")
        && let Some(map) = root.as_object_mut()
    {
        map.remove("nullable");
    }
}

fn loosen(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else {
        // `true`, or something that is not a schema: any JSON.
        *schema = Value::Object(Map::new());
        return;
    };
    map.retain(|key, _| KEPT.contains(&key.as_str()));
    if map.contains_key("$ref") {
        // `nullable` stays for items of lists and maps, where null is a value. For a property it means absence.
        map.retain(|key, _| {
            matches!(key.as_str(), "$ref" | "description" | "nullable") || OF_PROPERTY.contains(&key.as_str())
        });
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
    // An enum of other values than texts is only a hint.
    if map.get("enum").is_some() && !is_text_enum(map) {
        map.remove("enum");
    }
    open_object(map);
    nullable_is_optional(map);
    if map.get("type").and_then(Value::as_str) == Some("array") && !map.contains_key("items") {
        map.insert("items".to_owned(), Value::Object(Map::new()));
    }
}

/// The type of a format, for documents that leave the type out.
fn type_of_format(format: &str) -> &'static str {
    match format {
        "int32" | "int64" | "uint32" | "uint64" => "integer",
        "float" | "double" => "number",
        _ => "string",
    }
}

/// An object with properties keeps unknown keys if the schema allows them. One without is a map or any JSON.
fn open_object(map: &mut Map<String, Value>) {
    let has_properties = has_properties(map);
    let is_object = map.get("type").and_then(Value::as_str) == Some("object") || map.contains_key("properties");
    if !is_object {
        return;
    }
    let more = map.remove("additionalProperties");
    if has_properties {
        map.insert("type".to_owned(), Value::from("object"));
        if matches!(&more, Some(Value::Bool(true) | Value::Object(_))) {
            // With an empty schema the generator keeps unknown keys in one flattened map.
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
        // Servers also send texts, numbers, lists or null here.
        _ => {
            map.remove("type");
            map.remove("nullable");
        }
    }
}

/// A property that may be null may also be missing: both mean nothing. Also drops names from `required` that no
/// property has.
fn nullable_is_optional(map: &mut Map<String, Value>) {
    let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) else {
        map.remove("required");
        return;
    };
    let mut may_be_required = BTreeSet::new();
    for (name, property) in properties.iter_mut() {
        let nullable = property.as_object_mut().and_then(|property| property.remove("nullable"));
        if nullable != Some(Value::Bool(true)) {
            may_be_required.insert(name.clone());
        }
    }
    if let Some(required) = map.get_mut("required").and_then(Value::as_array_mut) {
        // Each name counts once.
        required.retain(|name| name.as_str().is_some_and(|name| may_be_required.remove(name)));
    } else {
        map.remove("required");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    fn loosened(mut schema: Value) -> Value {
        schema::each_mut(&mut schema, &mut loosen);
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
}
