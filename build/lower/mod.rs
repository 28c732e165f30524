//! The lowering: from Ory's contract to a document that the generator takes and that decodes what servers
//! send. Small passes, each about one kind of thing, none about one schema.

pub mod aliases;
pub mod arguments;
pub mod combine;
pub mod constraints;
pub mod discriminators;
pub mod docs;
pub mod enums;
pub mod fields;
pub mod inline;
pub mod naming;
pub mod prune;
pub mod references;
pub mod repair;
pub mod secrets;
pub mod settle;
pub mod unions;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fault::Result;
use super::operation::{Answer, Operation};
use super::operations;
use super::report::Report;

/// An enum of texts: open, since servers learn new values.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenEnum {
    pub name: String,
    pub description: String,
    pub values: Vec<String>,
}

/// Schemas told apart by one property, the tag.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggedUnion {
    pub name: String,
    pub description: String,
    pub tag: String,
    /// Tag value and the type of that variant.
    pub variants: Vec<(String, String)>,
}

/// What the contract says of a property that no schema can: type name, then property names.
pub type Marked = BTreeMap<String, Vec<String>>;

/// The state that the passes work on.
#[derive(Debug, Default)]
pub struct Lowering {
    pub schemas: Map<String, Value>,
    pub operations: Vec<Operation>,
    pub report: Report,
    pub enums: Vec<OpenEnum>,
    pub unions: Vec<TaggedUnion>,
    /// What the fields of a type are called on the wire: type name, then field and wire name.
    pub wires: BTreeMap<String, BTreeMap<String, String>>,
    /// `x-absent: empty`: an absent object is its empty default.
    pub empty_when_absent: Marked,
    /// `x-required-in-requests`: answers may lack it, a request may not.
    pub required_in_requests: Marked,
    /// `x-sensitive`: `Debug` shows only its kind and length.
    pub sensitive: Marked,
}

impl Lowering {
    /// Runs every pass, in the one order in which they fit together.
    pub fn run(&mut self, document: &Value) -> Result<()> {
        references::localize(self, document)?;
        prune::unreachable(self)?;
        repair::shapes(self);
        docs::escape(self);
        combine::all_of(self);
        discriminators::complete(self);
        naming::pascal_case(self)?;
        aliases::inline(self);
        constraints::drop(self);
        inline::hoist_objects(self)?;
        unions::extract(self)?;
        enums::extract(self)?;
        secrets::mark(self);
        arguments::plain(self);
        prune::unreachable(self)?;
        settle::shapes(self);
        fields::name(self);
        Ok(())
    }

    /// Every schema there is, in components and in operations.
    pub fn each_root_mut(&mut self, visit: &mut dyn FnMut(&mut Value)) {
        self.schemas.values_mut().for_each(&mut *visit);
        for operation in &mut self.operations {
            operations::places_mut(operation).into_iter().for_each(|(_, schema)| visit(schema));
        }
    }
}

impl Lowering {
    /// The same with the place of each in words: `schema A`, `operation b, argument c`.
    pub fn each_place_mut(&mut self, visit: &mut dyn FnMut(&str, &mut Value, &mut Report)) {
        let Self { schemas, operations, report, .. } = self;
        for (name, schema) in schemas {
            visit(&format!("schema {name}"), schema, report);
        }
        for operation in operations {
            let id = &operation.id;
            for parameter in &mut operation.parameters {
                visit(&format!("operation {id}, argument {}", parameter.wire), &mut parameter.schema, report);
            }
            if let Some(body) = &mut operation.body {
                visit(&format!("operation {id}, body"), &mut body.schema, report);
            }
            if let Answer::Json(schema) | Answer::JsonOrText(schema) = &mut operation.success.answer {
                visit(&format!("operation {id}, answer"), schema, report);
            }
        }
    }
}

/// For the tests of the passes: components in, a lowering that an operation holds alive.
#[cfg(test)]
pub fn lowering(schemas: Value) -> Lowering {
    let Value::Object(schemas) = schemas else { panic!("an object") };
    Lowering { schemas, ..Lowering::default() }
}
