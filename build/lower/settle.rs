//! The last check before the generator: every schema has one of the few shapes that it takes.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::lowering::Lowering;
use crate::build::report::Report;
use crate::build::schema::{self, has_properties, parts_mut};

/// Turns every schema with another shape into any JSON, and drops keys that do not belong to its shape.
pub fn shapes(lowering: &mut Lowering) {
    let replaced: BTreeSet<String> = (lowering.enums.iter().map(|item| item.name.clone()))
        .chain(lowering.unions.iter().map(|union| union.name.clone()))
        .collect();
    lowering.each_place_mut(&mut |root, schema, report| {
        if root.component.is_some_and(|name| replaced.contains(name)) {
            return;
        }
        settle(schema, root.component.is_some(), root.at, report);
    });
}

/// `is_struct` says whether the schema may be a struct. Only components may, since inline structs have names by now.
fn settle(schema: &mut Value, is_struct: bool, at: &str, report: &mut Report) {
    let Some(map) = schema.as_object_mut() else {
        *schema = Value::Object(Map::new());
        return;
    };
    let kind = map.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let format = map.get("format").and_then(Value::as_str).unwrap_or_default().to_owned();
    let has_properties = has_properties(map);
    let kept: &[&str] = if map.contains_key("$ref") {
        &["$ref", "nullable"]
    } else if has_properties && is_struct {
        &["type", "properties", "required", "additionalProperties"]
    } else {
        match (kind.as_str(), format.as_str()) {
            ("string", "uuid" | "date-time")
            | ("integer", "int32" | "int64" | "uint32" | "uint64")
            | ("number", "float" | "double") => &["type", "format", "nullable"],
            ("string" | "integer" | "number" | "boolean", _) => &["type", "nullable"],
            ("array", _) => &["type", "items", "nullable"],
            ("object", _) if map.contains_key("additionalProperties") && !has_properties => {
                &["type", "additionalProperties", "nullable"]
            }
            _ => &[],
        }
    };
    if kept.is_empty() && map.keys().any(|key| !matches!(key.as_str(), "description" | "nullable")) {
        report.note(at, "a shape that no type fits: any JSON");
    }
    map.retain(|key, _| kept.contains(&key.as_str()) || key == "description");
    for (part, inner) in parts_mut(schema) {
        settle(inner, false, &schema::place(at, &part), report);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settled(mut schema: Value) -> Value {
        settle(&mut schema, true, "schema A", &mut Report::default());
        schema
    }

    #[test]
    fn few_shapes_are_left() {
        assert_eq!(settled(json!({"not": {}, "description": "D."})), json!({"description": "D."}));
        assert_eq!(settled(json!({"type": "integer", "format": "date-time"})), json!({"type": "integer"}));
        assert_eq!(
            settled(json!({"type": "number", "format": "float", "allOf": []})),
            json!({"type": "number", "format": "float"})
        );
        let inner = json!({"type": "object", "properties": {"a": {"properties": {"b": {}}}}});
        assert_eq!(settled(inner), json!({"type": "object", "properties": {"a": {}}}));
        let list =
            json!({"type": "array", "items": {"$ref": "#/components/schemas/B", "nullable": true, "type": "string"}});
        assert_eq!(
            settled(list),
            json!({"type": "array", "items": {"$ref": "#/components/schemas/B", "nullable": true}})
        );
    }
}
