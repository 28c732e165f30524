//! Builds JSON that fills every field of a type, with a different marker in every text.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::emitted::{Emitted, Field, named};

/// How many types lie inside one another until optional fields are left out.
const DEEPEST: i32 = 3;

/// A type that still requires another one at this depth has no end.
const ENDLESS: i32 = -20;

/// Builds the JSON. A marker is `mark<number>.`, and its number leads to its field.
pub struct Values<'a> {
    types: &'a Emitted,
    /// The type and name on the wire of each marked field.
    pub fields: Vec<(String, String)>,
    /// Types that require themselves, so that they have no value.
    pub endless: BTreeSet<String>,
}

impl<'a> Values<'a> {
    pub fn new(types: &'a Emitted) -> Self {
        Self { types, fields: Vec::new(), endless: BTreeSet::new() }
    }

    /// The marker of a field.
    pub fn marker(number: usize) -> String {
        format!("mark{number}.")
    }

    /// The values of a type: one for each variant of a union and an unknown one, otherwise one.
    pub fn all(&mut self, name: &str) -> Vec<Value> {
        let types = self.types;
        let found = match types.unions.get(name) {
            Some((tag, variants)) => {
                let variants = variants.iter();
                let mut all: Vec<Option<Value>> =
                    variants.map(|(value, target)| self.variant(tag, value, target, DEEPEST)).collect();
                all.push(Some(json!({tag.as_str(): self.mark(name, tag), "more": self.mark(name, "more")})));
                all
            }
            None if types.enums.contains(name) => vec![Some(json!(self.mark(name, "value")))],
            None => vec![self.object(name, DEEPEST)],
        };
        if found.contains(&None) {
            self.endless.insert(name.to_owned());
        }
        found.into_iter().flatten().collect()
    }

    fn mark(&mut self, owner: &str, wire: &str) -> String {
        let place = (owner.to_owned(), wire.to_owned());
        let number = self.fields.iter().position(|known| *known == place).unwrap_or_else(|| {
            self.fields.push(place);
            self.fields.len() - 1
        });
        Self::marker(number)
    }

    /// An object, or none if it has no end.
    fn object(&mut self, name: &str, depth: i32) -> Option<Value> {
        let types = self.types;
        let mut object = Map::new();
        for field in &types.structs[name] {
            let may_lack = matches!(named(&field.ty).0.as_str(), "Option" | "Vec" | "BTreeMap");
            if may_lack && depth <= 0 {
                continue;
            }
            match self.field(name, field, &field.ty, depth) {
                // An unknown key.
                Some(value) if field.rest => drop(object.insert("more".to_owned(), value)),
                Some(value) => drop(object.insert(field.wire.clone(), value)),
                None if may_lack => {}
                None => return None,
            }
        }
        Some(Value::Object(object))
    }

    fn variant(&mut self, tag: &str, value: &str, target: &str, depth: i32) -> Option<Value> {
        let mut object = self.object(target, depth)?;
        object[tag] = json!(value);
        Some(object)
    }

    fn field(&mut self, owner: &str, field: &Field, ty: &syn::Type, depth: i32) -> Option<Value> {
        let (name, arguments) = named(ty);
        let types = self.types;
        if depth <= ENDLESS {
            return None;
        }
        Some(match name.as_str() {
            "Option" | "Box" => self.field(owner, field, &arguments[0], depth)?,
            "Vec" => json!([self.field(owner, field, &arguments[0], depth)?]),
            "BTreeMap" => json!({"key": self.field(owner, field, &arguments[1], depth)?}),
            "String" | "Secret" | "Location" => json!(self.mark(owner, &field.wire)),
            "Value" | "Map" => json!({"any": self.mark(owner, &field.wire)}),
            "JsonPatch" => json!([{"op": "add", "path": "/a", "value": self.mark(owner, &field.wire)}]),
            "DateTime" => json!("2026-01-02T03:04:05Z"),
            "Uuid" => json!("0aa1b2c3-0000-4000-8000-000000000001"),
            "bool" => json!(true),
            "f32" | "f64" => json!(0.5),
            "i32" | "i64" | "u32" | "u64" => json!(7),
            _ if types.enums.contains(&name) => json!(self.mark(owner, &field.wire)),
            _ => match types.unions.get(&name) {
                Some((tag, variants)) => self.variant(tag, &variants[0].0, &variants[0].1, depth - 1)?,
                None => self.object(&name, depth - 1)?,
            },
        })
    }
}
