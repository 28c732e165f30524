//! Mappings of discriminators are completed. A member that a mapping leaves out is mapped by the only value of its tag,
//! else by the name of its schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::lowering::Lowering;
use crate::build::schema;

/// Completes the mapping of every discriminator, while schemas still have the names of the contract.
pub fn complete(lowering: &mut Lowering) {
    let schemas = lowering.schemas.clone();
    lowering.each_place_mut(&mut |root, schema, report| {
        schema::each_place_mut(schema, root.at, &mut |at, schema| {
            let members = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)).and_then(Value::as_array).cloned();
            let Some(discriminator) = schema.get_mut("discriminator").and_then(Value::as_object_mut) else { return };
            let tag = discriminator.get("propertyName").and_then(Value::as_str).unwrap_or_default().to_owned();
            let mapping = discriminator.entry("mapping").or_insert_with(|| Value::Object(Map::new()));
            if !mapping.is_object() {
                *mapping = Value::Object(Map::new());
            }
            let Some(mapping) = mapping.as_object_mut() else { return };
            let mut mapped: BTreeSet<String> = mapping
                .values()
                .filter_map(Value::as_str)
                .map(|target| schema::name_in(target).unwrap_or(target).to_owned())
                .collect();
            for member in members.iter().flatten().filter_map(schema::target) {
                if !mapped.insert(member.to_owned()) {
                    continue;
                }
                let reference = schema::pointer_to(member);
                let value = only_value(schemas.get(member), &tag).unwrap_or_else(|| member.to_owned());
                if mapping.contains_key(&value) {
                    report.note(at, format!("maps {value:?} to another schema than {member}"));
                    continue;
                }
                report.note(at, format!("does not map {member}: taken as {value:?}"));
                mapping.insert(value, Value::from(reference));
            }
        });
    });
}

/// The value of a schema's tag, if only one is possible.
fn only_value(schema: Option<&Value>, tag: &str) -> Option<String> {
    let values = schema?.get("properties")?.get(tag)?.get("enum")?.as_array()?;
    match values.as_slice() {
        [Value::String(only)] => Some(only.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    #[test]
    fn what_is_not_mapped_is_named() {
        let members: Vec<Value> = ["aForm", "bForm", "cForm", "aForm"].map(schema::reference).to_vec();
        let mut low = lowering(json!({
            "aForm": {}, "cForm": {}, "bForm": {"properties": {"kind": {"enum": ["b"]}}},
            "u": {"oneOf": members, "discriminator": {"propertyName": "kind", "mapping": {"a": "#/components/schemas/aForm"}}},
        }));
        complete(&mut low);
        assert_eq!(
            low.schemas["u"]["discriminator"]["mapping"],
            json!({"a": "#/components/schemas/aForm", "b": "#/components/schemas/bForm", "cForm": "#/components/schemas/cForm"})
        );
        assert_eq!(
            low.report.to_string(),
            "schema u: does not map bForm: taken as \"b\"\nschema u: does not map cForm: taken as \"cForm\"\n"
        );
    }
}
