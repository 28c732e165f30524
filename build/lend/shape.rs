//! Questions about a schema of a document that is not lowered yet.

use serde_json::Value;

use crate::build::schema;

pub fn is_text(schema: &Value) -> bool {
    schema["type"] == "string" && schema.get("enum").is_none()
}

pub fn is_scalar(schema: &Value) -> bool {
    matches!(schema["type"].as_str(), Some("string" | "integer" | "number" | "boolean")) && schema.get("enum").is_none()
}

/// The component that a schema refers to, directly or in an `allOf` with one member.
pub fn component(schema: &Value) -> Option<&str> {
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => schema::target(only),
        _ => schema::target(schema),
    }
}
