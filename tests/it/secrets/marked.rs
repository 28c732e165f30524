//! Builds JSON that fits a schema and has a secret wherever the contract or common sense allows one.

use serde_json::{Map, Value, json};

use super::SECRET;
use crate::support::spec::{Shape, Spec};

/// Host and path of the URLs that are used as ordinary texts. `Debug` may show this part.
pub const PLACE: &str = "host.example/path";

/// Builds the JSON, with a different secret in every place.
pub struct Marked<'a> {
    spec: &'a Spec,
    /// Every secret used so far.
    pub secrets: Vec<String>,
    /// Whether the current place is inside a property that the contract marks as `x-sensitive`.
    sensitive: bool,
    /// Whether enums and unions get values from the contract instead of unknown values that are secrets.
    known: bool,
    /// The objects around the current place.
    around: Vec<*const Value>,
}

impl<'a> Marked<'a> {
    pub fn new(spec: &'a Spec) -> Self {
        Self { spec, secrets: Vec::new(), sensitive: false, known: false, around: Vec::new() }
    }

    /// Like `new`, but with the enum values and union variants of the contract.
    pub fn known(spec: &'a Spec) -> Self {
        Self { known: true, ..Self::new(spec) }
    }

    pub fn secret(&mut self) -> String {
        let secret = format!("{SECRET}-{}-", self.secrets.len());
        self.secrets.push(secret.clone());
        secret
    }

    /// Each kind of value that a schema allows: every variant and an unknown one for a union, otherwise one value.
    pub fn each(&mut self, schema: &Value) -> Vec<Value> {
        let Shape::Union { tag, mapping } = self.spec.shape(schema) else { return vec![self.value(schema)] };
        let mut all: Vec<Value> = mapping.iter().map(|(name, _)| self.variant(mapping, tag, name)).collect();
        if !self.known {
            all.push(self.unknown(tag));
        }
        all
    }

    pub fn value(&mut self, schema: &Value) -> Value {
        let spec = self.spec;
        match spec.shape(schema) {
            Shape::Any => self.free(),
            Shape::Object { properties, rest } => {
                let mut map = Map::new();
                self.around.push(spec.itself(schema));
                for (name, property) in properties {
                    // A tree without branches, or it would not end.
                    if !spec.is_tag(schema, name) && !self.is_around(property) {
                        map.insert(name.to_owned(), self.property(property));
                    }
                }
                if let Some(rest) = rest {
                    let value = if rest.is_object() { self.value(rest) } else { self.free() };
                    map.insert("more".to_owned(), value);
                }
                self.around.pop();
                Value::Object(map)
            }
            Shape::List(item) => Value::Array(self.each(item)),
            Shape::Union { tag, mapping } if self.known => self.variant(mapping, tag, mapping.keys().next().unwrap()),
            // The known variants are tested separately.
            Shape::Union { tag, .. } => self.unknown(tag),
            Shape::Plain { kind: "string", time } => self.text(spec.itself(schema), time),
            Shape::Plain { kind: "boolean", .. } => json!(true),
            Shape::Plain { kind: "integer", .. } => json!(7),
            Shape::Plain { .. } => json!(0.5),
        }
    }

    /// Whether a schema is that of an object around this place, or of a list of them.
    fn is_around(&self, schema: &Value) -> bool {
        match self.spec.shape(schema) {
            Shape::List(item) => self.is_around(item),
            _ => self.around.contains(&std::ptr::from_ref(self.spec.itself(schema))),
        }
    }

    fn property(&mut self, schema: &Value) -> Value {
        let outer = self.sensitive;
        self.sensitive |= schema.get("x-sensitive").is_some_and(|mark| mark == true);
        let value = self.value(schema);
        self.sensitive = outer;
        value
    }

    fn text(&mut self, schema: &Value, time: bool) -> Value {
        let format = schema.get("format").and_then(Value::as_str);
        match format {
            _ if time => json!("2026-01-02T03:04:05Z"),
            Some("uuid") => json!("0aa1b2c3-0000-4000-8000-000000000001"),
            Some("password") => json!(self.secret()),
            _ if self.known && schema.get("enum").is_some() => schema["enum"][0].clone(),
            // Enums are open, so this is an unknown value.
            _ if self.sensitive || schema.get("enum").is_some() => json!(self.secret()),
            // Any other text could be a URL.
            _ => {
                let [user, password, query, fragment] = [(); 4].map(|()| self.secret());
                json!(format!("https://{user}:{password}@{PLACE}?code={query}#{fragment}"))
            }
        }
    }

    fn free(&mut self) -> Value {
        json!({ self.secret(): [self.secret(), {"text": self.secret()}] })
    }

    fn variant(&mut self, mapping: &Map<String, Value>, tag: &str, name: &str) -> Value {
        let spec = self.spec;
        let schema = spec.variant(mapping, Some(&Value::from(name))).unwrap();
        let mut value = self.value(schema);
        value[tag] = json!(name);
        value
    }

    fn unknown(&mut self, tag: &str) -> Value {
        json!({tag: self.secret(), "more": self.secret()})
    }
}

impl Spec {
    /// Follows references and unwraps an `allOf` with one member.
    fn itself<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let schema = self.resolve(schema);
        match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            Some([one]) => self.itself(one),
            _ => schema,
        }
    }

    /// Whether a property is the tag of a union that has this schema as a variant. The type of a variant has no tag.
    fn is_tag(&self, schema: &Value, property: &str) -> bool {
        let schema = self.resolve(schema);
        self.schemas().values().any(|union| match self.shape(union) {
            Shape::Union { tag, mapping } if tag == property => {
                let mut variants =
                    mapping.keys().filter_map(|name| self.variant(mapping, Some(&Value::from(name.as_str()))));
                variants.any(|variant| std::ptr::eq(variant, schema))
            }
            _ => false,
        })
    }
}
