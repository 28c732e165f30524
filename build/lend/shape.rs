//! Questions about a schema of a document that is not lowered yet.

use serde_json::{Map, Value};

use crate::build::schema;

pub fn is_text(schema: &Value) -> bool {
    schema["type"] == "string" && schema.get("enum").is_none()
}

pub fn is_scalar(schema: &Value) -> bool {
    matches!(schema["type"].as_str(), Some("string" | "integer" | "number" | "boolean")) && schema.get("enum").is_none()
}

/// The schema behind references and behind `allOf` with one member.
pub fn resolved<'a>(schemas: &'a Map<String, Value>, schema: &'a Value) -> &'a Value {
    let mut current = schema;
    for _ in 0..32 {
        if let Some(target) = schema::target(current).and_then(|name| schemas.get(name)) {
            current = target;
        } else if let Some([only]) = current["allOf"].as_array().map(Vec::as_slice) {
            current = only;
        } else {
            break;
        }
    }
    current
}

/// The component that a schema refers to, directly or in an `allOf` with one member.
pub fn component(schema: &Value) -> Option<&str> {
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => schema::target(only),
        _ => schema::target(schema),
    }
}
