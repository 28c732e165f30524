//! The fields of an identity schema: its traits, nested ones by their path.

use serde_json::{Map, Value};

/// A trait that is not an object.
pub(crate) struct Field {
    /// Its place in the traits, as a JSON pointer (`/name/first`).
    pub pointer: String,
    pub schema: Value,
    pub required: bool,
}

impl Field {
    /// Its name in a form (`traits.name.first`).
    pub(crate) fn name(&self) -> String {
        form_name(&self.pointer)
    }

    /// A text of its schema, or an empty one.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.schema[key].as_str().unwrap_or_default()
    }

    /// Whether Ory's extension has something at `pointer`.
    pub(super) fn is_marked(&self, pointer: &str) -> bool {
        self.schema["ory.sh/kratos"].pointer(pointer).is_some()
    }
}

/// `traits.name.first` for `/name/first`.
pub(crate) fn form_name(pointer: &str) -> String {
    format!("traits{}", pointer.replace('/', "."))
}

/// All fields of a schema, in the order of their names.
pub(super) fn collect(schema: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    collect_into(&mut fields, schema, "");
    fields
}

fn collect_into(fields: &mut Vec<Field>, schema: &Value, pointer: &str) {
    for (name, property) in properties(schema) {
        let pointer = format!("{pointer}/{name}");
        if property["type"] == "object" {
            collect_into(fields, &property, &pointer);
        } else {
            fields.push(Field { pointer, required: requires(schema, &name), schema: property });
        }
    }
}

pub(super) fn properties(schema: &Value) -> Map<String, Value> {
    schema["properties"].as_object().cloned().unwrap_or_default()
}

fn requires(schema: &Value, property: &str) -> bool {
    schema["required"].as_array().is_some_and(|names| names.iter().any(|name| name == property))
}
