//! Schemas that become types of the crate: secrets, URLs to which a browser is sent, and JSON Patch documents.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::lowering::Lowering;
use crate::build::document::texts;
use crate::build::schema;

const SECRET: &str = "OrySdkSecret";
const LOCATION: &str = "OrySdkLocation";
const JSON_PATCH: &str = "OrySdkJsonPatch";

/// The components that stand for these types, and the types. A schema of the contract cannot have these names.
pub const ALL: [(&str, &str); 3] = [
    (SECRET, "crate::codegen::Secret"),
    (LOCATION, "crate::codegen::Location"),
    (JSON_PATCH, "crate::codegen::JsonPatch"),
];

pub fn is_reserved(name: &str) -> bool {
    of_component(name).is_some()
}

/// The type that a component stands for.
pub fn of_component(name: &str) -> Option<&'static str> {
    ALL.into_iter().find(|(component, _)| *component == name).map(|(_, ty)| ty)
}

/// Replaces these schemas by references to their types.
pub fn mark(lowering: &mut Lowering) {
    let steps: BTreeSet<String> =
        lowering.schemas.iter().filter(|(_, schema)| is_patch_step(schema)).map(|(name, _)| name.clone()).collect();
    lowering.each_root_mut(&mut |root| {
        schema::each_mut(root, &mut |schema| {
            let Some(component) = component(schema, &steps) else { return };
            if let Some(map) = schema.as_object_mut() {
                map.retain(|key, _| key == "description" || key == "nullable");
                map.insert("$ref".to_owned(), Value::from(schema::pointer_to(component)));
            }
        });
    });
}

/// The component that replaces a schema.
fn component(schema: &Value, steps: &BTreeSet<String>) -> Option<&'static str> {
    let items = schema.get("items").and_then(schema::target);
    if schema.get("x-location") == Some(&Value::Bool(true)) {
        Some(LOCATION)
    } else if schema.get("format").and_then(Value::as_str) == Some("password") {
        Some(SECRET)
    } else if schema.get("type").is_some_and(|kind| kind == "array") && items.is_some_and(|items| steps.contains(items))
    {
        Some(JSON_PATCH)
    } else {
        None
    }
}

/// Whether a schema is one change of a JSON Patch (RFC 6902).
pub fn is_patch_step(schema: &Value) -> bool {
    let has = |properties: &Map<String, Value>| {
        ["op", "path", "value", "from"].iter().all(|key| properties.contains_key(*key))
    };
    let required = texts(schema, "required");
    schema.get("properties").and_then(Value::as_object).is_some_and(has)
        && ["op", "path"].iter().all(|key| required.iter().any(|name| name == key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    #[test]
    fn marked_texts_become_types() {
        let mut low = lowering(json!({"A": {"type": "object", "properties": {
            "p": {"type": "string", "format": "password", "description": "Hush."},
            "u": {"type": "string", "format": "password", "x-location": true},
            "codes": {"type": "array", "items": {"type": "string", "format": "password"}}}}}));
        mark(&mut low);
        let properties = &low.schemas["A"]["properties"];
        assert_eq!(properties["p"], json!({"$ref": "#/components/schemas/OrySdkSecret", "description": "Hush."}));
        assert_eq!(properties["u"], json!({"$ref": "#/components/schemas/OrySdkLocation"}));
        assert_eq!(properties["codes"]["items"], json!({"$ref": "#/components/schemas/OrySdkSecret"}));
    }

    #[test]
    fn lists_of_patch_steps_become_patches() {
        let text = json!({"type": "string"});
        let properties = json!({"op": text, "path": text, "from": text, "value": {}});
        let list = |item: &str| json!({"type": "array", "items": {"$ref": format!("#/components/schemas/{item}")}});
        let mut low = lowering(json!({
            "Step": {"type": "object", "required": ["op", "path"], "properties": properties},
            "Other": {"type": "object", "properties": properties},
            "Both": {"type": "object", "properties": {"a": list("Step"), "b": list("Other")}},
        }));
        mark(&mut low);
        let both = &low.schemas["Both"]["properties"];
        assert_eq!(both["a"], json!({"$ref": "#/components/schemas/OrySdkJsonPatch"}));
        assert_eq!(both["b"], list("Other"));
    }
}
