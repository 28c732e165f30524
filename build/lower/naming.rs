//! Names of schemas become names of types.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::lowering::Lowering;
use super::own_types;
use crate::build::fault::Result;
use crate::build::names::{self, Names};
use crate::build::schema;

/// Renames every schema in Pascal case. Two schemas that get the same name are merged if they are equal, else the later
/// one gets a number.
pub fn pascal_case(lowering: &mut Lowering) -> Result<()> {
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let mut schemas: Map<String, Value> = Map::new();
    let mut taken = Names::new(own_types::ALL.map(|(component, _)| component.to_owned()));
    for (name, schema) in std::mem::take(&mut lowering.schemas) {
        let base = names::type_name(&name);
        let (new, _) = taken.take_for(&base, schema.to_string());
        if new != base {
            lowering.report.note(format!("schema {name}"), format!("{base} is taken: named {new}"));
        }
        renamed.insert(name, new.clone());
        schemas.insert(new, schema);
    }
    lowering.schemas = schemas;
    let rename = |name: &str| renamed.get(name).cloned().unwrap_or_else(|| names::type_name(name));
    lowering.each_root_mut(&mut |root| {
        schema::each_mut(root, &mut |schema| {
            let Some(map) = schema.as_object_mut() else { return };
            if let Some(Value::String(pointer)) = map.get_mut("$ref")
                && let Some(name) = schema::name_in(pointer)
            {
                *pointer = schema::pointer_to(&rename(name));
            }
            let mapping = map.get_mut("discriminator").and_then(|d| d.get_mut("mapping"));
            for target in mapping.and_then(Value::as_object_mut).into_iter().flat_map(|m| m.values_mut()) {
                if let Some(name) = target.as_str() {
                    // The mapping may hold a reference or a bare name.
                    let name = schema::name_in(name).unwrap_or(name);
                    *target = Value::from(schema::pointer_to(&rename(name)));
                }
            }
        });
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    #[test]
    fn references_and_mappings_follow() {
        let mut low = lowering(json!({
            "oAuth2Client": {"type": "object"},
            "u": {"oneOf": [{"$ref": "#/components/schemas/oAuth2Client"}],
                  "discriminator": {"propertyName": "k", "mapping": {"a": "#/components/schemas/oAuth2Client", "b": "oAuth2Client"}}},
        }));
        pascal_case(&mut low).unwrap();
        let target = "#/components/schemas/OAuth2Client";
        assert_eq!(low.schemas["U"]["oneOf"][0]["$ref"], target);
        assert_eq!(low.schemas["U"]["discriminator"]["mapping"], json!({"a": target, "b": target}));
    }

    #[test]
    fn alike_is_one_and_different_is_two() {
        let mut low = lowering(
            json!({"NullTime": {"type": "string"}, "nullTime": {"type": "string"}, "null_time": {"type": "integer"}}),
        );
        low.schemas.insert("X".into(), json!({"$ref": "#/components/schemas/null_time"}));
        pascal_case(&mut low).unwrap();
        assert_eq!(low.schemas.keys().collect::<Vec<_>>(), ["NullTime", "NullTime2", "X"]);
        assert_eq!(low.schemas["X"]["$ref"], "#/components/schemas/NullTime2");
        assert_eq!(low.report.to_string(), "schema null_time: NullTime is taken: named NullTime2\n");
    }
}
