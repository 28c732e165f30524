//! Pairs each schema of the document with the schema of our contract at the same place.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::own::Own;
use super::properties::lend_object;
use super::shape::{component, resolved};
use crate::build::operation::Operation;
use crate::build::report::Report;

/// Components of the document and the schemas of our contract at the same place.
#[derive(Default)]
pub struct Pairs<'a> {
    /// Names of the components that have a counterpart.
    pub seen: BTreeSet<String>,
    todo: VecDeque<(String, &'a Value)>,
}

impl<'a> Pairs<'a> {
    pub fn operation(&mut self, operation: &Operation, known: &'a Operation, own: &'a Own) {
        if let (Some(body), Some(ours)) = (&operation.body, &known.body) {
            self.note(&body.schema, &ours.schema, own);
        }
        if let (Some(schema), Some(ours)) = (operation.success.body.schema(), known.success.body.schema()) {
            self.note(schema, ours, own);
        }
    }

    /// Notes two schemas at the same place.
    fn note(&mut self, schema: &Value, ours: &'a Value, own: &'a Own) {
        let ours = resolved(&own.schemas, ours);
        if let Some(name) = component(schema) {
            if self.seen.insert(name.to_owned()) {
                self.todo.push_back((name.to_owned(), ours));
            }
            return;
        }
        for (schema, ours) in inner(schema, ours, &own.schemas) {
            self.note(schema, ours, own);
        }
    }

    pub fn run(&mut self, own: &'a Own, schemas: &mut Map<String, Value>, report: &mut Report) {
        while let Some((name, ours)) = self.todo.pop_front() {
            let Some(mut schema) = schemas.get_mut(&name).map(Value::take) else { continue };
            // A component that only refers to another one stands for that one.
            if component(&schema).is_some() {
                self.note(&schema, ours, own);
            } else {
                for change in lend_object(&mut schema, ours, schemas, own) {
                    report.note(format!("schema {name}"), change);
                }
                for (schema, ours) in inner(&schema, ours, &own.schemas) {
                    self.note(schema, ours, own);
                }
            }
            schemas.insert(name, schema);
        }
    }
}

/// The pairs inside a pair of schemas.
fn inner<'a, 'b>(schema: &'b Value, ours: &'a Value, own: &'a Map<String, Value>) -> Vec<(&'b Value, &'a Value)> {
    let mut found = Vec::new();
    for key in ["items", "additionalProperties"] {
        if let (Some(schema), Some(ours)) = (schema.get(key), ours.get(key)) {
            found.push((schema, ours));
        }
    }
    if let (Some(properties), Some(known)) = (schema["properties"].as_object(), ours["properties"].as_object()) {
        found.extend(properties.iter().filter_map(|(name, schema)| Some((schema, known.get(name)?))));
    }
    let (variants, known) = (tagged(schema), tagged(ours));
    found.extend(variants.into_iter().filter_map(|(tag, schema)| Some((schema, *known.get(tag)?))));
    for part in schema["allOf"].as_array().into_iter().flatten() {
        found.push((part, resolved(own, ours)));
    }
    found
}

/// The variants of a union by the value of their tag.
fn tagged(schema: &Value) -> BTreeMap<&str, &Value> {
    let mapping = schema["discriminator"]["mapping"].as_object();
    let variants = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    let find = |pointer: &Value| variants?.iter().find(|variant| &variant["$ref"] == pointer);
    mapping.into_iter().flatten().filter_map(|(tag, pointer)| Some((tag.as_str(), find(pointer)?))).collect()
}
