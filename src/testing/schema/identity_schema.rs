//! An identity schema, and the default one.

use serde_json::{Value, json};

use super::field::{self, Field, properties};
use super::validate::{self, Violation};

/// Where Ory's extension marks the trait with which people sign in.
const IDENTIFIER: &str = "/credentials/password/identifier";

/// An identity schema: a JSON Schema with Ory's extension `ory.sh/kratos`.
pub(crate) struct Schema {
    pub document: Value,
}

impl Schema {
    pub(crate) fn new(document: Value) -> Self {
        Self { document }
    }

    fn traits(&self) -> &Value {
        &self.document["properties"]["traits"]
    }

    /// Every trait that is not an object, the required ones first.
    pub(crate) fn fields(&self) -> Vec<Field> {
        let mut fields = field::collect(self.traits());
        fields.sort_by_key(|field| !field.required);
        fields
    }

    /// The values, in lower case, of the traits that Ory's extension marks at `mark` (`/verification/via`).
    pub(crate) fn marked(&self, mark: &str, traits: &Value) -> Vec<String> {
        let fields = self.fields().into_iter().filter(|field| field.is_marked(mark));
        fields.filter_map(|field| Some(traits.pointer(&field.pointer)?.as_str()?.to_lowercase())).collect()
    }

    /// The kinds of credentials that use some trait as their identifier.
    pub(crate) fn credential_kinds(&self) -> Vec<String> {
        let mut kinds = Vec::new();
        for field in self.fields() {
            let marks = field.schema["ory.sh/kratos"]["credentials"].as_object().cloned().unwrap_or_default();
            kinds.extend(marks.into_iter().filter(|(_, mark)| mark["identifier"] == true).map(|(kind, _)| kind));
        }
        kinds
    }

    /// The first trait with which people sign in.
    pub(crate) fn identifier(&self) -> Option<Field> {
        self.fields().into_iter().find(|field| field.is_marked(IDENTIFIER))
    }

    /// What a person with these traits can sign in with, in lower case.
    pub(crate) fn identifiers(&self, traits: &Value) -> Vec<String> {
        self.marked(IDENTIFIER, traits)
    }

    /// Adds every object that the schema knows, as a form sends them even when they are empty.
    pub(crate) fn complete(&self, traits: &mut Value) {
        fill(self.traits(), traits);
    }

    /// Everything that is wrong with these traits.
    pub(crate) fn violations(&self, traits: &Value) -> Vec<Violation> {
        validate::validate(self.traits(), traits)
    }
}

fn fill(schema: &Value, traits: &mut Value) {
    let Some(object) = traits.as_object_mut() else { return };
    for (name, property) in properties(schema).into_iter().filter(|(_, property)| property["type"] == "object") {
        fill(&property, object.entry(name).or_insert_with(|| json!({})));
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
    use crate::testing::schema::Fault;

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
        assert_eq!(faults(json!({"email": "nobody"})), [("/email".to_owned(), Fault::NotAnEmail { value })]);
        assert_eq!(faults(json!({"email": "@"})), [("/email".to_owned(), Fault::TooShort { minimum: 3, actual: 1 })]);
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
        assert_eq!(schema.credential_kinds(), ["code", "password", "webauthn"]);
        assert_eq!(schema.marked("/recovery/via", &json!({"email": "A@B"})), ["a@b"]);
        let mut traits = json!({"email": "a@b"});
        schema.complete(&mut traits);
        assert_eq!(traits, json!({"email": "a@b", "name": {}}));
    }
}
