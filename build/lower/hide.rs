//! Hides texts that are secret by their name or place. Ory's documents mark no secrets, and an operation or type that
//! the crate's own contract lacks gets no marks from it.

use serde_json::{Map, Value, json};

use super::lowering::Lowering;
use super::secret_names::{is_page_token, is_secret, is_secret_in};
use crate::build::report::Report;
use crate::build::schema::{self, resolved};

/// How many lists and maps may lie around a text.
const DEEPEST: usize = 8;

/// Marks the secrets of all objects, which `Debug` then hides, and the secret parameters of all operations.
pub fn secrets(lowering: &mut Lowering) {
    let schemas = lowering.schemas.clone();
    lowering.each_place_mut(&mut |root, schema, report| {
        schema::each_place_mut(schema, root.at, &mut |at, schema| properties(at, schema, &schemas, report));
    });
    for operation in &mut lowering.operations {
        let at = operation.at();
        for parameter in &mut operation.parameters {
            // Lists set page tokens themselves.
            let secret = is_secret(&parameter.wire) && !is_page_token(&parameter.wire);
            if parameter.secret || !secret || !holds_text(&parameter.schema, &schemas, DEEPEST) {
                continue;
            }
            parameter.secret = true;
            if resolved(&schemas, &parameter.schema)["type"] == "string" {
                parameter.schema = json!({"type": "string", "format": "password"});
            }
            lowering.report.note(&at, format!("parameter {}: a secret, by its name", parameter.wire));
        }
    }
}

fn properties(at: &str, schema: &mut Value, schemas: &Map<String, Value>, report: &mut Report) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let names: Vec<String> = properties.keys().cloned().collect();
    for (name, property) in properties {
        let has = |other: &str| names.iter().any(|name| name == other);
        let secret = if holds_text(property, schemas, DEEPEST) {
            is_secret_in(name, &has)
        } else {
            // A form shows a TOTP secret or recovery codes as the message of a text node.
            let is_text_node = name == "text" && schema::target(property).is_some();
            is_text_node || (name.to_ascii_lowercase().ends_with("secrets") && is_object(property, schemas))
        };
        if let Some(map) = property.as_object_mut().filter(|map| secret && !is_marked(map)) {
            map.insert("x-sensitive".to_owned(), json!(true));
            report.note(at, format!("property {name}: hidden in `Debug`, by its name"));
        }
    }
}

fn is_marked(property: &Map<String, Value>) -> bool {
    ["x-sensitive", "x-location"].iter().any(|mark| property.contains_key(*mark))
        || property.get("format").is_some_and(|format| format == "password")
}

/// Whether a schema is a text, or a list or map of texts. An enum or a time is not secret.
fn holds_text(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> bool {
    let schema = resolved(schemas, schema);
    let inner = |key: &str| schema.get(key).is_some_and(|inner| depth > 0 && holds_text(inner, schemas, depth - 1));
    match schema["type"].as_str() {
        Some("string") => schema.get("enum").is_none() && schema["format"] != "date-time",
        Some("array") => inner("items"),
        _ => schema.get("properties").is_none() && inner("additionalProperties"),
    }
}

fn is_object(schema: &Value, schemas: &Map<String, Value>) -> bool {
    resolved(schemas, schema).get("properties").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::lower::lowering::lowering;
    use crate::build::lower::passes;
    use crate::build::operation::{Body, Media, Operation, Parameter, ResponseBody, Success};
    use crate::build::schema::reference;

    /// The hidden properties by type, after all passes, of a document that returns `A` and sends this body.
    fn hidden(schemas: Value, body: Value) -> Value {
        let mut low = lowering(schemas);
        let success = Success {
            body: ResponseBody::Json(reference("A")),
            optional: false,
            redirect: false,
            statuses: Vec::new(),
        };
        let body = Some(Body {
            media: Media::Form,
            content_type: "application/x-www-form-urlencoded".to_owned(),
            required: true,
            description: String::new(),
            example: None,
            schema: body,
        });
        low.operations = vec![Operation { success, body, ..Operation::example() }];
        passes::run(&mut low, &json!({})).unwrap();
        assert!(!low.schemas.values().any(|schema| schema.to_string().contains("x-sensitive")), "the marks are gone");
        json!(low.sensitive)
    }

    #[test]
    fn texts_lists_and_maps_are_hidden() {
        let text = json!({"type": "string"});
        let schemas = json!({
            "A": {"type": "object", "properties": {
                "token": text, "tokens": {"type": "array", "items": text}, "headers": {"additionalProperties": text},
                "secret": {"$ref": "#/components/schemas/nullText"}, "code": {"type": "integer"},
                "password": {"$ref": "#/components/schemas/B"}, "token_type": text,
                "challenge": {"type": "string", "format": "date-time"}, "assertion": {"type": "string", "enum": ["a"]},
                "secrets": {"type": "object", "properties": {"cookie": {"type": "array", "items": text}}}}},
            "B": {"type": "object", "properties": {"hashed_password": text, "text": {"$ref": "#/components/schemas/C"}}},
            "C": {"type": "object", "properties": {"text": text}},
            "nullText": {"type": "string", "nullable": true},
        });
        let expected = json!({
            "A": ["headers", "secret", "secrets", "token", "tokens"], "ASecrets": ["cookie"],
            "B": ["hashed_password", "text"],
        });
        // `cookie` is hidden by its own name too.
        assert_eq!(hidden(schemas, json!({})), expected);
    }

    #[test]
    fn objects_without_a_name_hide_their_secrets_too() {
        let text = json!({"type": "string"});
        let deep = json!({"type": "object", "properties": {"token": text}});
        let body = json!({"type": "object", "properties": {"client_secret": text, "deep": deep,
            "list": {"type": "array", "items": {"type": "object", "properties": {"code": text}}}}});
        let expected =
            json!({"A": ["token"], "XBody": ["client_secret"], "XBodyDeep": ["token"], "XBodyList": ["code"]});
        assert_eq!(hidden(json!({"A": deep}), body), expected);
    }

    #[test]
    fn parts_and_variants_hide_their_secrets_too() {
        let text = json!({"type": "string"});
        let schemas = json!({
            // The members of a key are secret only beside `kty`, which another part has.
            "A": {"allOf": [{"$ref": "#/components/schemas/base"}, {"properties": {"d": text, "n": text, "one": {
                "oneOf": [{"$ref": "#/components/schemas/V"}],
                "discriminator": {"propertyName": "kind", "mapping": {"v": "#/components/schemas/V"}}}}}]},
            "base": {"type": "object", "properties": {"kty": text, "alone": {"$ref": "#/components/schemas/V"}}},
            "V": {"type": "object", "properties": {"kind": text, "token": text}},
        });
        let expected = json!({"A": ["d"], "V": ["token"], "VVariant": ["token"]});
        assert_eq!(hidden(schemas, json!({})), expected);
    }

    #[test]
    fn parameters_are_secret_by_their_names() {
        let mut low = lowering(json!({"hint": {"type": "string"}}));
        let text = json!({"type": "string"});
        let parameters = vec![
            Parameter::example("X-Session-Token", text.clone()),
            Parameter::example("id_token_hint", json!({"$ref": "#/components/schemas/hint"})),
            Parameter::example("page_token", text.clone()),
            Parameter::example("token", json!({"type": "boolean"})),
            Parameter::example("subject", text),
        ];
        low.operations = vec![Operation { parameters, ..Operation::example() }];
        secrets(&mut low);
        let parameters = &low.operations[0].parameters;
        let secret: Vec<bool> = parameters.iter().map(|parameter| parameter.secret).collect();
        assert_eq!(secret, [true, true, false, false, false]);
        assert_eq!(parameters[1].schema, json!({"type": "string", "format": "password"}));
        assert_eq!(low.report.len(), 2);
    }
}
