//! Enums of texts get names and leave the schemas, because the crate emits open enums for them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::inline;
use super::lowering::{Lowering, OpenEnum};
use crate::build::fault::Result;

/// Gives every inline enum a name, and turns every enum into an `OpenEnum`.
pub fn extract(lowering: &mut Lowering) -> Result<()> {
    inline::hoist(lowering, &|schema| schema.get("enum").is_some())?;
    for (name, schema) in &mut lowering.schemas {
        let Some(values) = schema.get("enum").and_then(Value::as_array) else { continue };
        let mut seen = BTreeSet::new();
        let texts = values.iter().filter_map(Value::as_str).filter(|value| seen.insert(*value));
        let texts = texts.map(str::to_owned).collect();
        lowering.enums.push(OpenEnum {
            name: name.clone(),
            description: schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned(),
            values: texts,
        });
        *schema = Value::Object(Map::from_iter([("type".to_owned(), Value::from("string"))]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    #[test]
    fn inline_enums_are_named_by_place() {
        let mut low = lowering(json!({"Node": {"type": "object", "properties": {
            "group": {"type": "string", "enum": ["a", "b", "a"], "description": "Which."},
            "list": {"type": "array", "items": {"type": "string", "enum": ["c"]}}}}}));
        extract(&mut low).unwrap();
        assert_eq!(
            low.enums[0],
            OpenEnum { name: "NodeGroup".into(), description: "Which.".into(), values: vec!["a".into(), "b".into()] }
        );
        assert_eq!(low.enums[1].name, "NodeList");
        assert_eq!(
            low.schemas["Node"]["properties"]["group"],
            json!({"$ref": "#/components/schemas/NodeGroup", "description": "Which."})
        );
        assert_eq!(low.schemas["NodeGroup"], json!({"type": "string"}));
    }
}
