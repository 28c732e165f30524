//! Marks (`x-..`), with which the contract says what OpenAPI cannot.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::lowering::Lowering;
use crate::build::schema::has_properties;

/// Marks of a property, not of the schema that it has or refers to. Passes that replace the schema keep them.
pub const OF_PROPERTY: [&str; 3] = ["x-absent", "x-empty", "x-sensitive"];

/// Replaces the schema of a property. Its marks stay.
pub fn replace_schema(property: &mut Value, schema: Value) {
    let mut old = std::mem::replace(property, schema);
    if let (Some(old), Some(new)) = (old.as_object_mut(), property.as_object_mut()) {
        new.extend(OF_PROPERTY.into_iter().filter_map(|key| old.remove_entry(key)));
    }
}

/// Collects the marks by type and removes them from the schemas. By now every object has a name, and a variant that is
/// also used outside its union is a type of its own.
pub fn note(lowering: &mut Lowering) {
    let Lowering {
        schemas,
        empty_when_absent,
        absent_when_empty,
        required_in_requests,
        not_empty,
        exactly_one,
        strict,
        sensitive,
        ..
    } = lowering;
    for (name, schema) in schemas.iter_mut() {
        let Some(map) = schema.as_object_mut() else { continue };
        let mut listed = |mark: &str| map.remove(mark).map(|names| texts_of(&names)).unwrap_or_default();
        let (needed, full, one) = (listed("x-required-in-requests"), listed("x-not-empty"), listed("x-exactly-one"));
        let empty = marked(map, "x-absent", &json!("empty"));
        let unset = marked(map, "x-empty", &json!("absent"));
        let hidden = marked(map, "x-sensitive", &json!(true));
        if !empty.is_empty() {
            // For a required property the generator makes a plain field. The decoder fills in its default.
            let required = map.entry("required").or_insert_with(|| json!([]));
            if let Some(required) = required.as_array_mut() {
                required.extend(empty.iter().cloned().map(Value::String));
            }
        }
        if let Some(mark) = map.remove("x-strict").filter(|_| has_properties(map)) {
            // What fits no field needs a place.
            map.insert("additionalProperties".to_owned(), json!({}));
            strict.insert(name.clone(), texts_of(&mark));
        }
        let noted = [
            (&mut *empty_when_absent, empty),
            (absent_when_empty, unset),
            (required_in_requests, needed),
            (not_empty, full),
            (exactly_one, one),
            (sensitive, hidden),
        ];
        for (marks, names) in noted {
            if !names.is_empty() {
                marks.insert(name.clone(), names);
            }
        }
    }
}

/// Removes a mark from all properties, and returns those for which it has this value.
fn marked(schema: &mut Map<String, Value>, key: &str, value: &Value) -> BTreeSet<String> {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    let chosen = properties.into_iter().flatten().filter_map(|(name, property)| {
        let mark = property.as_object_mut()?.remove(key)?;
        (mark == *value).then(|| name.clone())
    });
    chosen.collect()
}

fn texts_of(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::lower::lowering::lowering;

    #[test]
    fn marks_are_noted() {
        let mut low = lowering(json!({"A": {"type": "object", "x-required-in-requests": ["v"], "properties": {
            "ui": {"$ref": "#/components/schemas/U", "x-absent": "empty"}, "v": {"type": "string", "x-sensitive": true},
            "keys": {"x-empty": "absent"}}},
            "B": {"type": "object", "x-strict": ["sub"], "properties": {"sub": {"type": "string"}}}, "C": {"x-strict": []}}));
        note(&mut low);
        let one = |name: &str| BTreeSet::from([name.to_owned()]);
        assert_eq!(low.empty_when_absent["A"], one("ui"));
        assert_eq!(low.absent_when_empty["A"], one("keys"));
        assert_eq!(low.required_in_requests["A"], one("v"));
        assert_eq!(low.sensitive["A"], one("v"));
        assert_eq!(low.schemas["A"]["required"], json!(["ui"]));
        assert_eq!(low.strict["B"], one("sub"));
        assert_eq!(low.schemas["B"]["additionalProperties"], json!({}));
        assert!(!low.strict.contains_key("A") && !low.strict.contains_key("C"), "it has no fields");
        assert_eq!(low.schemas["A"]["properties"]["v"], json!({"type": "string"}), "the marks are gone");
        assert!(low.schemas["B"].get("x-strict").is_none());
    }
}
