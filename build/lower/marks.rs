//! Marks (`x-..`), with which the contract says what OpenAPI cannot.

use serde_json::Value;

use super::lowering::Lowering;
use crate::build::document::texts;

/// Collects the marks by type, before the next pass drops all keys that do not decide a type.
pub fn note(lowering: &mut Lowering) {
    let Lowering { schemas, empty_when_absent, required_in_requests, strict, sensitive, .. } = lowering;
    for (name, schema) in schemas.iter_mut() {
        let needed = texts(schema, "x-required-in-requests");
        if !needed.is_empty() {
            required_in_requests.insert(name.clone(), needed);
        }
        let marked = |key: &str, want: &dyn Fn(&Value) -> bool| -> Vec<String> {
            let properties = schema.get("properties").and_then(Value::as_object);
            let chosen = properties.into_iter().flatten().filter(|(_, property)| property.get(key).is_some_and(want));
            chosen.map(|(name, _)| name.clone()).collect()
        };
        let empty = marked("x-absent", &|mark| mark == "empty");
        let hidden = marked("x-sensitive", &|mark| mark == true);
        if !empty.is_empty() {
            // For a required property the generator makes a plain field. The decoder fills in its default.
            if let Some(map) = schema.as_object_mut() {
                let required = map.entry("required").or_insert_with(|| Value::Array(Vec::new()));
                if let Some(required) = required.as_array_mut() {
                    required.extend(empty.iter().cloned().map(Value::String));
                }
            }
            empty_when_absent.insert(name.clone(), empty);
        }
        if schema.get("x-strict").is_some()
            && let Some(map) = schema.as_object_mut()
        {
            // What fits no field needs a place.
            map.insert("additionalProperties".to_owned(), Value::Bool(true));
            strict.insert(name.clone(), texts(schema, "x-strict"));
        }
        if !hidden.is_empty() {
            sensitive.insert(name.clone(), hidden);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    #[test]
    fn marks_are_noted() {
        let mut low = lowering(json!({"A": {"type": "object", "x-required-in-requests": ["v"], "properties": {
            "ui": {"$ref": "#/components/schemas/U", "x-absent": "empty"}, "v": {"type": "string", "x-sensitive": true}}},
            "B": {"type": "object", "x-strict": ["sub"]}}));
        note(&mut low);
        assert_eq!(low.empty_when_absent["A"], ["ui"]);
        assert_eq!(low.required_in_requests["A"], ["v"]);
        assert_eq!(low.sensitive["A"], ["v"]);
        assert_eq!(low.schemas["A"]["required"], json!(["ui"]));
        assert_eq!(low.strict["B"], ["sub"]);
        assert_eq!(low.schemas["B"]["additionalProperties"], true);
        assert!(!low.strict.contains_key("A"));
    }
}
