//! Properties become fields with different names. The names on the wire are kept in `Lowering::wires`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::lowering::Lowering;
use crate::build::names::{self, Names};

/// Renames the properties of every struct to the names of its fields.
pub fn name(lowering: &mut Lowering) {
    let Lowering { schemas, wires, report, .. } = lowering;
    for (name, schema) in schemas {
        // The generator keeps unknown keys in a field of this name.
        let rest = schema.get("additionalProperties").map(|_| "extra".to_owned());
        let mut taken = Names::new(rest);
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { continue };
        let mut fields = BTreeMap::new();
        let mut renamed = Map::new();
        for (wire, property) in std::mem::take(properties) {
            let plain = names::argument_name(&wire);
            let field = taken.take(&plain);
            if field != plain {
                report.note(
                    format!("schema {name}"),
                    format!("the field name {plain} of {wire:?} is taken: named {field}"),
                );
            }
            renamed.insert(field.clone(), property);
            fields.insert(wire, field);
        }
        *properties = renamed;
        for required in schema.get_mut("required").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(field) = required.as_str().and_then(|wire| fields.get(wire)) {
                *required = Value::from(field.as_str());
            }
        }
        wires.insert(name.clone(), fields.into_iter().map(|(wire, field)| (field, wire)).collect());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    #[test]
    fn each_property_has_a_field() {
        let mut low = lowering(
            json!({"A": {"type": "object", "required": ["a-b", "type"], "additionalProperties": {}, "properties": {
            "a-b": {}, "aB": {}, "type": {}, "extra": {}, "": {}, "größe": {}}}}),
        );
        name(&mut low);
        let fields: Vec<(&str, &str)> =
            low.wires["A"].iter().map(|(field, wire)| (field.as_str(), wire.as_str())).collect();
        assert_eq!(
            fields,
            [("a_b", "a-b"), ("a_b2", "aB"), ("extra2", "extra"), ("gr_e", "größe"), ("type_", "type"), ("x", "")]
        );
        assert_eq!(low.schemas["A"]["required"], json!(["a_b", "type_"]));
    }
}
