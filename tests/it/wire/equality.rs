//! Compares a response body with the JSON that its decoded value encodes to.
//!
//! Null, a missing key, `[]`, `{}` and `""` count as equal, and so do times of the same instant. A key that the
//! contract does not know may get lost, unless its type keeps unknown keys. Everything else must be the same JSON.

use serde_json::{Map, Value};

use crate::support::spec::{Shape, Spec};

/// Where the two differ, and how.
#[derive(Debug, PartialEq)]
pub struct Difference {
    pub path: String,
    pub reason: String,
}

/// Every difference between a response body and its decoded value, encoded again.
pub fn differences(spec: &Spec, schema: &Value, sent: &Value, encoded: &Value) -> Vec<Difference> {
    let mut comparison = Comparison { spec, found: Vec::new() };
    comparison.value("$", schema, sent, encoded);
    comparison.found
}

struct Comparison<'a> {
    spec: &'a Spec,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn value(&mut self, path: &str, schema: &Value, sent: &Value, encoded: &Value) {
        if is_nothing(sent) && is_nothing(encoded) {
            return;
        }
        match (self.spec.shape(schema), sent, encoded) {
            (Shape::Object { properties, rest }, Value::Object(sent), Value::Object(encoded)) => {
                let of = |key: &str| properties.get(key).copied().or(rest);
                self.object(path, &of, sent, encoded);
            }
            (Shape::List(item), Value::Array(sent), Value::Array(encoded)) if sent.len() == encoded.len() => {
                for (index, (sent, encoded)) in sent.iter().zip(encoded).enumerate() {
                    self.value(&format!("{path}[{index}]"), item, sent, encoded);
                }
            }
            (Shape::Union { tag, mapping }, Value::Object(map), Value::Object(_)) => {
                match self.spec.variant(mapping, map.get(tag)) {
                    Some(variant) => self.value(path, variant, sent, encoded),
                    None => self.same(path, sent, encoded),
                }
            }
            (Shape::Plain { time: true, .. }, Value::String(sent), Value::String(encoded)) => {
                let instant = chrono::DateTime::parse_from_rfc3339;
                if sent != encoded && (instant(sent).is_err() || instant(sent) != instant(encoded)) {
                    self.note(path, "another time".to_owned());
                }
            }
            _ => self.same(path, sent, encoded),
        }
    }

    fn object<'a>(
        &mut self,
        path: &str,
        schema: &dyn Fn(&str) -> Option<&'a Value>,
        sent: &Map<String, Value>,
        encoded: &Map<String, Value>,
    ) {
        for (key, value) in sent {
            if let Some(schema) = schema(key) {
                self.value(&format!("{path}.{key}"), schema, value, encoded.get(key).unwrap_or(&Value::Null));
            }
        }
        for (key, value) in encoded {
            if !sent.contains_key(key) && !is_nothing(value) {
                self.note(&format!("{path}.{key}"), format!("{} that was never sent", kind(value)));
            }
        }
    }

    fn same(&mut self, path: &str, sent: &Value, encoded: &Value) {
        if sent != encoded {
            let lost =
                if is_nothing(encoded) { "is lost".to_owned() } else { format!("became another {}", kind(encoded)) };
            self.note(path, format!("{} {lost}", kind(sent)));
        }
    }

    fn note(&mut self, path: &str, reason: String) {
        self.found.push(Difference { path: path.to_owned(), reason });
    }
}

/// Whether a value is null or empty.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The kind of a value, for messages. The value itself may be a secret of whoever made the recording.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compare(sent: Value, encoded: Value) -> Vec<(String, String)> {
        let spec = Spec {
            document: json!({"components": {"schemas": {
                "thing": {"type": "object", "properties": {
                    "id": {"type": "string"}, "n": {"type": "integer"}, "at": {"type": "string", "format": "date-time"},
                    "list": {"type": "array", "items": {"$ref": "#/components/schemas/open"}},
                    "one": {"allOf": [{"$ref": "#/components/schemas/union"}], "nullable": true}, "free": {},
                }},
                "open": {"type": "object", "additionalProperties": true, "properties": {"id": {"type": "string"}}},
                "union": {"oneOf": [], "discriminator": {
                    "propertyName": "kind", "mapping": {"thing": "#/components/schemas/thing"}}},
            }}}),
        };
        let found = differences(&spec, &json!({"$ref": "#/components/schemas/thing"}), &sent, &encoded);
        found.into_iter().map(|difference| (difference.path, difference.reason)).collect()
    }

    #[test]
    fn forms_of_nothing_are_one() {
        for nothing in [json!(null), json!(""), json!([]), json!({})] {
            assert_eq!(compare(json!({"id": nothing, "list": nothing, "one": nothing}), json!({})), []);
            assert_eq!(compare(json!({}), json!({"id": nothing})), []);
        }
        assert_eq!(compare(json!({"n": 0}), json!({})), [("$.n".to_owned(), "number is lost".to_owned())]);
        assert_eq!(compare(json!({}), json!({"n": 0})), [("$.n".to_owned(), "number that was never sent".to_owned())]);
    }

    #[test]
    fn times_are_instants() {
        let times = |sent: &str, encoded: &str| compare(json!({"at": sent}), json!({"at": encoded}));
        assert_eq!(times("2026-01-02T03:04:05.10+01:00", "2026-01-02T02:04:05.1Z"), []);
        assert_eq!(times("2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z").len(), 1);
        assert_eq!(times("soon", "later").len(), 1);
        assert_eq!(compare(json!({"id": "2026-01-02T03:04:05Z"}), json!({"id": "2026-01-02T03:04:05.0Z"})).len(), 1);
    }

    #[test]
    fn unknown_keys_may_go_only_where_they_are_not_kept() {
        assert_eq!(compare(json!({"id": "a", "new": 1}), json!({"id": "a"})), []);
        let lost = compare(json!({"list": [{"new": 1}, {"new": 2}]}), json!({"list": [{"new": 1}, {}]}));
        assert_eq!(lost, [("$.list[1].new".to_owned(), "number is lost".to_owned())]);
    }

    #[test]
    fn unions_go_by_their_tag() {
        let sent = json!({"one": {"kind": "thing", "id": "a", "new": 1}});
        assert_eq!(compare(sent.clone(), json!({"one": {"kind": "thing", "id": "a"}})), []);
        assert_eq!(compare(sent, json!({"one": {"kind": "thing"}}))[0].0, "$.one.id");
        let unknown = json!({"one": {"kind": "other", "id": "a"}});
        assert_eq!(compare(unknown.clone(), unknown.clone()), []);
        assert_eq!(compare(unknown, json!({"one": {"kind": "other"}}))[0].0, "$.one");
    }

    #[test]
    fn all_else_is_the_same_json() {
        let sent = json!({"id": "a", "free": {"x": null, "y": [1]}, "list": [{"id": "1"}]});
        assert_eq!(compare(sent.clone(), sent.clone()), []);
        assert_eq!(compare(sent.clone(), json!({"id": "b", "free": {"y": [1]}, "list": []})).len(), 3);
        assert_eq!(compare(json!({"n": 1}), json!({"n": "1"})).len(), 1);
    }
}
