//! The identity schema: which traits there are, and what is wrong with given ones.

use serde_json::{Map, Value, json};

/// An identity schema.
pub(super) struct Schema {
    pub document: Value,
}

/// A trait that is no object.
pub(super) struct Field {
    /// Where it is in the traits, as a JSON pointer (`/name/first`).
    pub pointer: String,
    pub schema: Value,
    pub required: bool,
}

impl Field {
    /// Its name in a form (`traits.name.first`).
    pub(super) fn name(&self) -> String {
        form_name(&self.pointer)
    }

    /// A text of its schema.
    pub(super) fn text(&self, key: &str) -> &str {
        self.schema[key].as_str().unwrap_or_default()
    }

    fn is_marked(&self, pointer: &str) -> bool {
        self.schema["ory.sh/kratos"].pointer(pointer).is_some()
    }
}

/// What a schema has against traits.
#[derive(Debug, PartialEq)]
pub(super) struct Violation {
    /// The trait at fault, or for [`Fault::Additional`] the object that holds it.
    pub pointer: String,
    pub fault: Fault,
}

#[derive(Debug, PartialEq)]
pub(super) enum Fault {
    Missing { property: String },
    Additional { property: String },
    Type { expected: String, actual: &'static str },
    NoEmail { value: String },
    Short { minimum: u64, actual: usize },
}

impl Schema {
    pub(super) fn new(document: Value) -> Self {
        Self { document }
    }

    fn traits(&self) -> &Value {
        &self.document["properties"]["traits"]
    }

    /// Every trait that is no object, the required ones first.
    pub(super) fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        collect(self.traits(), "", &mut fields);
        fields.sort_by_key(|field| !field.required);
        fields
    }

    /// The values of the traits that the schema marks in this way (`/verification/via`).
    pub(super) fn marked(&self, mark: &str, traits: &Value) -> Vec<String> {
        let fields = self.fields().into_iter().filter(|field| field.is_marked(mark));
        fields.filter_map(|field| Some(traits.pointer(&field.pointer)?.as_str()?.to_lowercase())).collect()
    }

    /// The kinds of credentials for which some trait is the identifier.
    pub(super) fn credentials(&self) -> Vec<String> {
        let mut kinds = Vec::new();
        for field in self.fields() {
            let marks = field.schema["ory.sh/kratos"]["credentials"].as_object().cloned().unwrap_or_default();
            kinds.extend(marks.into_iter().filter(|(_, mark)| mark["identifier"] == true).map(|(kind, _)| kind));
        }
        kinds
    }

    /// The title of the trait by which a person signs in, with its name in forms.
    pub(super) fn identifier(&self) -> Option<Field> {
        self.fields().into_iter().find(|field| field.is_marked("/credentials/password/identifier"))
    }

    /// The traits with every object that the schema knows: forms bring them, empty or not.
    pub(super) fn complete(&self, traits: &mut Value) {
        fill(self.traits(), traits);
    }

    /// What is wrong with traits.
    pub(super) fn violations(&self, traits: &Value) -> Vec<Violation> {
        let mut violations = Vec::new();
        check(self.traits(), traits, "", &mut violations);
        violations
    }
}

/// `traits.name.first` for `/name/first`.
pub(super) fn form_name(pointer: &str) -> String {
    format!("traits{}", pointer.replace('/', "."))
}

fn properties(schema: &Value) -> Map<String, Value> {
    schema["properties"].as_object().cloned().unwrap_or_default()
}

fn requires(schema: &Value, property: &str) -> bool {
    schema["required"].as_array().is_some_and(|names| names.iter().any(|name| name == property))
}

fn collect(schema: &Value, pointer: &str, fields: &mut Vec<Field>) {
    for (name, property) in properties(schema) {
        let pointer = format!("{pointer}/{name}");
        if property["type"] == "object" {
            collect(&property, &pointer, fields);
        } else {
            fields.push(Field { pointer, required: requires(schema, &name), schema: property });
        }
    }
}

fn fill(schema: &Value, traits: &mut Value) {
    let Some(object) = traits.as_object_mut() else { return };
    for (name, property) in properties(schema).into_iter().filter(|(_, property)| property["type"] == "object") {
        fill(&property, object.entry(name).or_insert_with(|| json!({})));
    }
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
            add(Fault::Short { minimum, actual: text.chars().count() }, pointer.to_owned());
        } else if schema["format"] == "email" && !is_email(text) {
            add(Fault::NoEmail { value: text.to_owned() }, pointer.to_owned());
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

fn is_email(text: &str) -> bool {
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

impl Default for Schema {
    fn default() -> Self {
        Self::new(json!({
            "$id": "https://example.org/test.identity.schema.json",
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Person",
            "type": "object",
            "properties": {"traits": {
                "type": "object",
                "properties": {
                    "email": {
                        "type": "string",
                        "format": "email",
                        "title": "E-Mail",
                        "minLength": 3,
                        "ory.sh/kratos": {
                            "credentials": {
                                "password": {"identifier": true},
                                "totp": {"account_name": true},
                                "webauthn": {"identifier": true},
                                "code": {"identifier": true, "via": "email"},
                                "passkey": {"display_name": true},
                            },
                            "verification": {"via": "email"},
                            "recovery": {"via": "email"},
                        },
                    },
                    "name": {
                        "type": "object",
                        "properties": {
                            "first": {"type": "string", "title": "First Name"},
                            "last": {"type": "string", "title": "Last Name"},
                        },
                    },
                    "age": {"type": "integer", "title": "Age"},
                    "newsletter": {"type": "boolean", "title": "Newsletter"},
                },
                "required": ["email"],
                "additionalProperties": false,
            }},
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(traits: Value) -> Vec<(String, Fault)> {
        let violations = Schema::default().violations(&traits);
        violations.into_iter().map(|violation| (violation.pointer, violation.fault)).collect()
    }

    #[test]
    fn finds_what_is_wrong() {
        assert_eq!(faults(json!({"email": "a@b", "name": {"first": "A"}, "age": 7, "newsletter": true})), []);
        let property = "email".to_owned();
        assert_eq!(faults(json!({})), [("/email".to_owned(), Fault::Missing { property })]);
        let value = "nobody".to_owned();
        assert_eq!(faults(json!({"email": "nobody"})), [("/email".to_owned(), Fault::NoEmail { value })]);
        assert_eq!(faults(json!({"email": "@"})), [("/email".to_owned(), Fault::Short { minimum: 3, actual: 1 })]);
        let wrong = |expected: &str, actual| Fault::Type { expected: expected.to_owned(), actual };
        assert_eq!(faults(json!({"email": "a@b", "age": 1.5})), [("/age".to_owned(), wrong("integer", "number"))]);
        assert_eq!(
            faults(json!({"email": "a@b", "name": {"last": []}})),
            [("/name/last".to_owned(), wrong("string", "array"))]
        );
        let property = "shoe".to_owned();
        assert_eq!(faults(json!({"email": "a@b", "shoe": 1})), [(String::new(), Fault::Additional { property })]);
    }

    #[test]
    fn knows_its_fields() {
        let schema = Schema::default();
        let names: Vec<String> = schema.fields().iter().map(Field::name).collect();
        let expected = ["traits.email", "traits.age", "traits.name.first", "traits.name.last", "traits.newsletter"];
        assert_eq!(names, expected);
        assert_eq!(schema.credentials(), ["code", "password", "webauthn"]);
        assert_eq!(schema.marked("/recovery/via", &json!({"email": "A@B"})), ["a@b"]);
        let mut traits = json!({"email": "a@b"});
        schema.complete(&mut traits);
        assert_eq!(traits, json!({"email": "a@b", "name": {}}));
    }
}
