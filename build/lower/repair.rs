//! Brings schemas into the shape that later passes expect: every value fits its key, and every type exists. It also
//! reports what types cannot express, because later passes drop it and no longer know the names of the contract.

use serde_json::{Map, Value, json};

use super::lowering::Lowering;
use crate::build::document::kind_of;
use crate::build::report::Report;
use crate::build::schema::{self, FORMATS, has_properties, is_text_enum, is_union};

const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

/// Constraints that types do not express.
const UNCHECKED: [&str; 14] = [
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "not",
];

/// Repairs every schema.
pub fn shapes(lowering: &mut Lowering) {
    lowering.each_place_mut(&mut |root, schema, report| {
        schema::each_place_mut(schema, root.at, &mut |at, schema| one(at, schema, root.is_parameter, report));
    });
}

fn one(at: &str, schema: &mut Value, is_parameter: bool, report: &mut Report) {
    let Some(map) = schema.as_object_mut() else {
        if *schema != Value::Bool(true) {
            report.note(at, "not a schema: any JSON");
        }
        *schema = json!({});
        return;
    };
    keys(at, map, report);
    kind(at, map, report);
    members(at, map, report);
    alternatives(at, map, report);
    // The table of operations holds the bounds of a parameter, and the client checks them.
    if !is_parameter {
        let unchecked: Vec<&str> = UNCHECKED.into_iter().filter(|key| map.contains_key(*key)).collect();
        if !unchecked.is_empty() {
            report.note(at, format!("not checked: {}", unchecked.join(", ")));
        }
    }
    if map.contains_key("default") {
        report.note(at, "its default is left to the server");
    }
    if map.contains_key("enum") && !map.contains_key("$ref") && !is_text_enum(map) {
        report.note(at, "its enum has values that are not texts: any value of its type");
    }
    if let Some(format) = map.get("format").and_then(Value::as_str)
        && format != "uuid4"
        && !FORMATS.contains(&format)
    {
        report.note(at, format!("the format {format} is only a hint"));
    }
    if has_properties(map)
        && map.get("additionalProperties").and_then(Value::as_object).is_some_and(|more| !more.is_empty())
    {
        report.note(at, "unknown keys may hold any JSON");
    }
    if map.get("additionalProperties") == Some(&Value::Bool(false)) {
        report.note(at, "is closed: unknown keys are accepted anyway");
    }
}

/// Drops keys with a value of the wrong kind: `required: true`, `properties: []`.
fn keys(at: &str, map: &mut Map<String, Value>, report: &mut Report) {
    let fits = |key: &str, value: &Value| match key {
        "properties" | "discriminator" | "not" => value.is_object(),
        "required" => value.is_array(),
        "allOf" | "oneOf" | "anyOf" | "enum" => value.as_array().is_some_and(|items| !items.is_empty()),
        "items" => value.is_object(),
        "additionalProperties" => value.is_object() || value.is_boolean(),
        "$ref" | "format" | "description" => value.is_string(),
        "nullable" => value.is_boolean(),
        _ => true,
    };
    map.retain(|key, value| {
        let fits = fits(key, value);
        if !fits {
            report.note(at, format!("{key} cannot be {}: dropped", kind_of(value)));
        }
        fits
    });
}

/// Leaves one type that exists, or none.
fn kind(at: &str, map: &mut Map<String, Value>, report: &mut Report) {
    match map.get("type").cloned() {
        None => {}
        Some(Value::String(kind)) if TYPES.contains(&kind.as_str()) => {}
        Some(Value::String(kind)) if kind == "file" => {
            report.note(at, "the type file: a text");
            map.insert("type".to_owned(), Value::from("string"));
        }
        // OpenAPI 3.1 has the type `null` instead of `nullable`.
        Some(Value::Array(kinds)) => {
            let (null, kinds): (Vec<Value>, Vec<Value>) = kinds.into_iter().partition(|kind| kind == "null");
            if !null.is_empty() {
                map.insert("nullable".to_owned(), Value::Bool(true));
            }
            match kinds.as_slice() {
                [Value::String(only)] if TYPES.contains(&only.as_str()) => {
                    map.insert("type".to_owned(), Value::from(only.as_str()));
                }
                _ => {
                    report.note(at, "several types: any JSON");
                    map.remove("type");
                }
            }
        }
        Some(other) => {
            report.note(at, format!("{other} is not a type: any JSON"));
            map.remove("type");
        }
    }
}

/// Properties belong to an object, items to a list. If a schema has both, its type decides.
fn members(at: &str, map: &mut Map<String, Value>, report: &mut Report) {
    let kind = map.get("type").and_then(Value::as_str).map(str::to_owned);
    if kind.is_none() && map.contains_key("items") && !map.contains_key("properties") {
        map.insert("type".to_owned(), Value::from("array"));
        return;
    }
    let Some(kind) = kind else { return };
    for (key, owner) in [("properties", "object"), ("additionalProperties", "object"), ("items", "array")] {
        if kind != owner && map.remove(key).is_some() {
            report.note(at, format!("{key} does not fit the type {kind}: dropped"));
        }
    }
}

/// If a schema has properties beside alternatives, only its own properties become fields. All other keys are kept as
/// unknown keys.
fn alternatives(at: &str, map: &mut Map<String, Value>, report: &mut Report) {
    let tagged = map.contains_key("discriminator");
    if is_union(map) && has_properties(map) && !tagged {
        map.remove("oneOf");
        map.remove("anyOf");
        map.insert("additionalProperties".to_owned(), json!({}));
        report.note(at, "has properties and alternatives: keys of the alternatives are kept as unknown keys");
    } else if tagged && !is_union(map) {
        map.remove("discriminator");
        map.insert("additionalProperties".to_owned(), json!({}));
        report.note(at, "a discriminator without alternatives: further keys are kept as unknown keys");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::lower::lowering::lowering;

    fn repaired(schema: Value) -> (Value, String) {
        let mut low = lowering(json!({ "A": schema }));
        shapes(&mut low);
        (low.schemas["A"].clone(), low.report.to_string())
    }

    #[test]
    fn keys_of_the_wrong_kind_go() {
        let (schema, report) = repaired(json!({"type": "object", "properties": {
            "a": {"type": "string", "required": true}, "b": true, "c": 7, "d": {"type": "array", "items": [{}]}}}));
        assert_eq!(schema["properties"], json!({"a": {"type": "string"}, "b": {}, "c": {}, "d": {"type": "array"}}));
        assert_eq!(
            report,
            "schema A, property a: required cannot be true or false: dropped\nschema A, property c: not a schema: any \
             JSON\nschema A, property d: items cannot be a list: dropped\n"
        );
    }

    #[test]
    fn types_that_there_are() {
        assert_eq!(repaired(json!({"type": ["string", "null"]})).0, json!({"type": "string", "nullable": true}));
        assert_eq!(repaired(json!({"type": ["string", "integer"]})).0, json!({}));
        assert_eq!(repaired(json!({"type": "file"})).0, json!({"type": "string"}));
        assert_eq!(
            repaired(json!({"type": "any"})),
            (json!({}), "schema A: \"any\" is not a type: any JSON\n".to_owned())
        );
        assert_eq!(repaired(json!({"items": {}})).0, json!({"type": "array", "items": {}}));
        assert_eq!(repaired(json!({"type": "string", "properties": {"a": {}}})).0, json!({"type": "string"}));
    }

    #[test]
    fn what_types_do_not_say_is_noted() {
        let schema = json!({"type": "string", "pattern": "(", "minLength": 1, "default": 7});
        let (same, report) = repaired(schema.clone());
        assert_eq!(same, schema);
        assert_eq!(report, "schema A: not checked: pattern, minLength\nschema A: its default is left to the server\n");
    }

    #[test]
    fn properties_beside_alternatives() {
        let own = json!({"a": {"type": "string"}});
        let (schema, _) = repaired(json!({"properties": own, "anyOf": [{"required": ["a"]}]}));
        assert_eq!(schema, json!({"properties": own, "additionalProperties": {}}));
        let (schema, _) = repaired(json!({"properties": own, "discriminator": {"propertyName": "a"}}));
        assert_eq!(schema, json!({"properties": own, "additionalProperties": {}}));
    }
}
