//! Queries and headers can only hold texts, numbers, booleans and lists of them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::lowering::Lowering;
use super::own_types;
use crate::build::schema;

/// Replaces any other schema of a parameter by any JSON, which is sent as JSON.
pub fn plain(lowering: &mut Lowering) {
    let Lowering { operations, enums, report, .. } = lowering;
    let enums: BTreeSet<&str> = enums.iter().map(|item| item.name.as_str()).collect();
    let is_text = |schema: &Value| match schema::target(schema) {
        Some(name) => own_types::is_reserved(name) || enums.contains(name),
        None => matches!(schema.get("type").and_then(Value::as_str), Some("string" | "integer" | "number" | "boolean")),
    };
    for operation in operations {
        let at = operation.at();
        for parameter in &mut operation.parameters {
            let schema = &mut parameter.schema;
            let fits = match schema.get_mut("items") {
                Some(item) => {
                    without_null(item);
                    is_text(item) || is_any(item)
                }
                None => {
                    without_null(schema);
                    is_text(schema) || is_any(schema)
                }
            };
            if !fits {
                let what = format!(
                    "parameter {} is not a text, number or list of them: any JSON, sent as JSON",
                    parameter.wire
                );
                report.note(&at, what);
                *schema = json!({});
            } else {
                without_null(schema);
            }
        }
        if let Some(body) = &mut operation.body {
            without_null(&mut body.schema);
        }
    }
}

/// A parameter that would be null is left out instead.
fn without_null(schema: &mut Value) {
    if let Some(map) = schema.as_object_mut() {
        map.remove("nullable");
    }
}

fn is_any(schema: &Value) -> bool {
    schema.as_object().is_some_and(|map| map.keys().all(|key| key == "description"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::operation::{Operation, Parameter};

    #[test]
    fn objects_are_json() {
        let schemas = [
            json!({"type": "string", "nullable": true}),
            json!({"type": "array", "items": {"type": "integer", "nullable": true}}),
            json!({"$ref": "#/components/schemas/Thing"}),
            json!({"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}),
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
        ];
        let parameters = schemas.map(|schema| Parameter::example("p", schema)).to_vec();
        let operation = Operation { parameters, ..Operation::example() };
        let mut low = Lowering { operations: vec![operation], ..Lowering::default() };
        plain(&mut low);
        let found: Vec<&Value> = low.operations[0].parameters.iter().map(|parameter| &parameter.schema).collect();
        let list = json!({"type": "array", "items": {"type": "integer"}});
        assert_eq!(found, [&json!({"type": "string"}), &list, &json!({}), &json!({}), &json!({})]);
        assert_eq!(low.report.len(), 3);
    }
}
