//! What is written in a query or a header is a text, a number or a list of them.

use serde_json::{Value, json};

use super::{Lowering, secrets};
use crate::build::walk;

/// Any other schema of an argument is any JSON, which is written as such.
pub fn plain(lowering: &mut Lowering) {
    let Lowering { operations, enums, report, .. } = lowering;
    let is_text = |schema: &Value| match walk::schema_ref(schema) {
        Some(name) => name == secrets::SECRET || enums.iter().any(|item| item.name == name),
        None => matches!(schema.get("type").and_then(Value::as_str), Some("string" | "integer" | "number" | "boolean")),
    };
    for operation in operations {
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
                let what = format!("argument {} is no text: any JSON, which is written as such", parameter.wire);
                report.note(format!("operation {}", operation.id), what);
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

/// An argument that is nothing is not given.
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
    use crate::build::operations::read;
    use crate::build::report::Report;

    #[test]
    fn objects_are_json() {
        let schemas = [
            json!({"type": "string", "nullable": true}),
            json!({"type": "array", "items": {"type": "integer", "nullable": true}}),
            json!({"$ref": "#/components/schemas/Thing"}),
            json!({"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}),
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
        ];
        let parameters: Vec<Value> = (schemas.iter().enumerate())
            .map(|(index, schema)| json!({"name": format!("p{index}"), "in": "query", "schema": schema}))
            .collect();
        let document = json!({"components": {"schemas": {"Thing": {}}}, "paths": {"/x": {"get": {"operationId": "x", "parameters": parameters}}}});
        let mut low = Lowering { operations: read(&document, &mut Report::default()).unwrap(), ..Lowering::default() };
        plain(&mut low);
        let found: Vec<&Value> = low.operations[0].parameters.iter().map(|parameter| &parameter.schema).collect();
        let list = json!({"type": "array", "items": {"type": "integer"}});
        assert_eq!(found, [&json!({"type": "string"}), &list, &json!({}), &json!({}), &json!({})]);
        assert_eq!(low.report.len(), 3);
    }
}
