//! Pairs each schema of the document with the schema of our contract at the same place.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value};

use super::fields;
use super::own::Own;
use super::properties::lend_object;
use super::shape::component;
use crate::build::fault::Result;
use crate::build::one_line::short;
use crate::build::operation::Operation;
use crate::build::report::Report;
use crate::build::schema::resolved;
use crate::build::size::{self, Room};

/// Two schemas at the same place.
struct Pair<'a, 'b> {
    /// Where the schema is, in words.
    at: &'b str,
    schema: &'b mut Value,
    ours: &'a Value,
    /// Whether the schema is a whole object in the body of a request. It then gets the fields that it lacks.
    gets_fields: bool,
}

/// Components of the document and the schemas of our contract at the same place.
pub struct Pairs<'a, 'b> {
    own: &'a Own,
    schemas: &'b mut Map<String, Value>,
    report: &'b mut Report,
    room: &'b mut Room,
    /// The components that have a counterpart, and whether they get fields.
    seen: BTreeMap<String, bool>,
    todo: VecDeque<(String, &'a Value, bool)>,
}

impl<'a, 'b> Pairs<'a, 'b> {
    pub fn new(own: &'a Own, schemas: &'b mut Map<String, Value>, report: &'b mut Report, room: &'b mut Room) -> Self {
        Self { own, schemas, report, room, seen: BTreeMap::new(), todo: VecDeque::new() }
    }

    /// Lends the schemas of an operation what is known. The components that they refer to have to wait.
    pub fn operation(&mut self, operation: &mut Operation, known: &'a Operation) -> Result<()> {
        let whole = operation.at();
        if let (Some(body), Some(ours)) = (&mut operation.body, &known.body) {
            let at = format!("{whole}, body");
            self.lend(Pair { at: &at, schema: &mut body.schema, ours: &ours.schema, gets_fields: true })?;
        }
        if let (Some(schema), Some(ours)) = (operation.success.body.schema_mut(), known.success.body.schema()) {
            let at = format!("{whole}, response");
            self.lend(Pair { at: &at, schema, ours, gets_fields: false })?;
        }
        Ok(())
    }

    /// Lends the components that were met, and those that they refer to. The first counterpart of a component counts, and
    /// the first one in a body for its fields.
    pub fn components(&mut self) -> Result<()> {
        while let Some((name, ours, gets_fields)) = self.todo.pop_front() {
            let Some(mut schema) = self.schemas.get_mut(&name).map(Value::take) else { continue };
            let at = format!("schema {}", short(&name));
            self.lend(Pair { at: &at, schema: &mut schema, ours, gets_fields })?;
            self.schemas.insert(name, schema);
        }
        Ok(())
    }

    fn lend(&mut self, pair: Pair<'a, '_>) -> Result<()> {
        let Pair { at, schema, ours, gets_fields } = pair;
        let ours = resolved(&self.own.schemas, ours);
        if let Some(name) = component(schema) {
            let seen = self.seen.get(name).copied();
            if seen.is_none() || (gets_fields && seen == Some(false)) {
                self.seen.insert(name.to_owned(), gets_fields);
                self.todo.push_back((name.to_owned(), ours, gets_fields));
            }
            return Ok(());
        }
        let mut room = |bytes: usize| self.room.take(bytes, at);
        let mut changes = lend_object(schema, ours, self.schemas, self.own, &mut room)?;
        if gets_fields {
            let lacking = fields::lacking(schema, ours, self.schemas, self.own);
            room(lacking.values().map(size::of).sum())?;
            changes.extend(fields::add(schema, lacking));
        }
        changes.into_iter().for_each(|change| self.report.note(at, change));
        for (schema, ours, is_whole) in inner(schema, ours) {
            self.lend(Pair { at, schema, ours, gets_fields: gets_fields && is_whole })?;
        }
        Ok(())
    }
}

/// The pairs inside a pair of schemas, and whether each is a whole object or a part of one.
fn inner<'a, 'b>(schema: &'b mut Value, ours: &'a Value) -> Vec<(&'b mut Value, &'a Value, bool)> {
    let mut found = Vec::new();
    let tags = tags(schema);
    let known = tagged(ours);
    for (key, value) in schema.as_object_mut().into_iter().flatten() {
        match key.as_str() {
            "items" | "additionalProperties" => {
                found.extend(ours.get(key).map(|ours| (value, ours, true)));
            }
            "properties" => {
                let properties = value.as_object_mut().into_iter().flatten();
                found.extend(properties.filter_map(|(name, value)| Some((value, ours["properties"].get(name)?, true))));
            }
            "oneOf" | "anyOf" => {
                let variants = value.as_array_mut().into_iter().flatten();
                found.extend(variants.filter_map(|variant| {
                    let tag = tags.get(variant.get("$ref")?.as_str()?)?;
                    Some((variant, *known.get(tag.as_str())?, true))
                }));
            }
            "allOf" => {
                let parts = value.as_array_mut().into_iter().flatten();
                found.extend(parts.map(|part| (part, ours, false)));
            }
            _ => {}
        }
    }
    found
}

/// The first tag of each variant of a union, by the pointer to the variant.
fn tags(schema: &Value) -> BTreeMap<String, String> {
    let mapping = schema.get("discriminator").and_then(|it| it.get("mapping")).and_then(Value::as_object);
    let mut found = BTreeMap::new();
    for (tag, pointer) in mapping.into_iter().flatten() {
        if let Some(pointer) = pointer.as_str() {
            found.entry(pointer.to_owned()).or_insert_with(|| tag.clone());
        }
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
