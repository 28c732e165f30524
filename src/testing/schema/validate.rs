//! Validation of traits, with the part of JSON Schema that `StandInBuilder::schema` names.

use serde_json::Value;

use super::field::properties;

/// One fault of the given traits.
#[derive(Debug, PartialEq)]
pub(crate) struct Violation {
    /// The trait at fault; for [`Fault::Additional`], the object that contains it.
    pub pointer: String,
    pub fault: Fault,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Fault {
    Missing { property: String },
    Additional { property: String },
    Type { expected: String, actual: &'static str },
    NotAnEmail { value: String },
    TooShort { minimum: u64, actual: usize },
}

/// Everything that `schema` forbids about `value`.
pub(super) fn validate(schema: &Value, value: &Value) -> Vec<Violation> {
    let mut violations = Vec::new();
    check(schema, value, "", &mut violations);
    violations
}

fn check(schema: &Value, value: &Value, pointer: &str, violations: &mut Vec<Violation>) {
    let mut add = |fault: Fault, pointer: String| violations.push(Violation { pointer, fault });
    let expected = schema["type"].as_str().unwrap_or_default();
    if !expected.is_empty() && !is_a(value, expected) {
        return add(Fault::Type { expected: expected.to_owned(), actual: kind(value) }, pointer.to_owned());
    }
    if let Some(text) = value.as_str() {
        let minimum = schema["minLength"].as_u64().unwrap_or(0);
        if (text.chars().count() as u64) < minimum {
            add(Fault::TooShort { minimum, actual: text.chars().count() }, pointer.to_owned());
        } else if schema["format"] == "email" && !is_email(text) {
            add(Fault::NotAnEmail { value: text.to_owned() }, pointer.to_owned());
        }
    }
    let Some(object) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(name) {
            add(Fault::Missing { property: name.to_owned() }, format!("{pointer}/{name}"));
        }
    }
    let known = properties(schema);
    for (name, value) in object {
        match known.get(name) {
            Some(property) => check(property, value, &format!("{pointer}/{name}"), violations),
            None if schema["additionalProperties"] == false => violations
                .push(Violation { pointer: pointer.to_owned(), fault: Fault::Additional { property: name.clone() } }),
            None => {}
        }
    }
}

pub(crate) fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

fn is_a(value: &Value, expected: &str) -> bool {
    match expected {
        "integer" => value.is_i64() || value.is_u64(),
        _ => kind(value) == expected,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
