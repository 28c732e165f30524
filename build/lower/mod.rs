//! The lowering: from Ory's contract to a document that the generator takes and that decodes what servers
//! send. Small passes, each about one kind of thing, none about one schema.

pub mod aliases;
pub mod constraints;
pub mod docs;
pub mod enums;
pub mod inline;
pub mod naming;
pub mod prune;
pub mod secrets;
pub mod unions;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fault::Result;
use super::operation::Operation;
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
    /// `x-absent: empty`: an absent object is its empty default.
    pub empty_when_absent: Marked,
    /// `x-required-in-requests`: answers may lack it, a request may not.
    pub required_in_requests: Marked,
    /// `x-sensitive`: `Debug` shows only its kind and length.
    pub sensitive: Marked,
}

impl Lowering {
    /// Runs every pass, in the one order in which they fit together.
    pub fn run(&mut self) -> Result<()> {
        prune::unreachable(self)?;
        docs::escape(self);
        constraints::single_all_of(self);
        naming::pascal_case(self)?;
        aliases::inline(self)?;
        constraints::drop(self);
        inline::hoist_objects(self)?;
        unions::extract(self)?;
        enums::extract(self)?;
        secrets::mark(self);
        prune::unreachable(self)
    }

    /// Every schema there is, in components and in operations.
    pub fn each_root_mut(&mut self, visit: &mut dyn FnMut(&mut Value)) {
        self.schemas.values_mut().for_each(&mut *visit);
        for operation in &mut self.operations {
            operations::places_mut(operation).into_iter().for_each(|(_, schema)| visit(schema));
        }
    }
}

/// For the tests of the passes: components in, a lowering that an operation holds alive.
#[cfg(test)]
pub fn lowering(schemas: Value) -> Lowering {
    let Value::Object(schemas) = schemas else { panic!("an object") };
    Lowering { schemas, ..Lowering::default() }
}
