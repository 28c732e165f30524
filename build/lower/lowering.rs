//! The state that the passes work on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::build::one_line::short;
use crate::build::operation::Operation;
use crate::build::report::Report;
use crate::build::size::Room;

/// An enum of texts. It is open, because newer servers send new values.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenEnum {
    pub name: String,
    pub description: String,
    pub values: Vec<String>,
}

/// A union of objects in which one property, the tag, says which variant a value is.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggedUnion {
    pub name: String,
    pub description: String,
    pub tag: String,
    /// The value of the tag and the type of each variant.
    pub variants: Vec<(String, String)>,
}

/// Properties that carry one of the contract's marks (`x-..`), by the name of their type.
pub type Marked = BTreeMap<String, BTreeSet<String>>;

/// The state that the passes work on.
#[derive(Debug, Default)]
pub struct Lowering {
    pub schemas: Map<String, Value>,
    pub operations: Vec<Operation>,
    pub report: Report,
    /// The room for what the passes copy.
    pub room: Room,
    pub enums: Vec<OpenEnum>,
    pub unions: Vec<TaggedUnion>,
    /// `x-today`: Ory's name for a type, by the type's name.
    pub today: BTreeMap<String, String>,
    /// The names of fields on the wire: type name, then field name, then name on the wire.
    pub wires: BTreeMap<String, BTreeMap<String, String>>,
    /// `x-absent: empty`: an absent object is its empty default.
    pub empty_when_absent: Marked,
    /// `x-empty: absent`: free JSON for which servers send `{}` if it was never set.
    pub absent_when_empty: Marked,
    /// `x-required-in-requests`: responses may lack it, requests may not.
    pub required_in_requests: Marked,
    /// `x-not-empty`: requests must have it, and not empty.
    pub not_empty: Marked,
    /// `x-exactly-one`: requests must have exactly one of them.
    pub exactly_one: Marked,
    /// `x-strict`: other programs make the values. Only these properties must have their type, and any other value of another
    /// type is kept beside the fields.
    pub strict: Marked,
    /// `x-sensitive`: `Debug` shows only the kind and length of the value.
    pub sensitive: Marked,
}

impl Lowering {
    /// Visits the schema of every component and of every operation.
    pub fn each_root_mut(&mut self, visit: &mut dyn FnMut(&mut Value)) {
        self.schemas.values_mut().for_each(&mut *visit);
        for operation in &mut self.operations {
            operation.schemas_mut().into_iter().for_each(|placed| visit(placed.schema));
        }
    }

    /// Like `each_root_mut`, with the place of each schema.
    pub fn each_place_mut(&mut self, visit: &mut dyn FnMut(Root<'_>, &mut Value, &mut Report)) {
        let Self { schemas, operations, report, .. } = self;
        for (name, schema) in schemas {
            let at = &format!("schema {}", short(name));
            visit(Root { at, component: Some(name), is_parameter: false }, schema, report);
        }
        for placed in operations.iter_mut().flat_map(Operation::schemas_mut) {
            let root = Root { at: &placed.at, component: None, is_parameter: placed.is_parameter };
            visit(root, placed.schema, report);
        }
    }
}

/// The place of a schema that is not inside another one.
#[derive(Clone, Copy)]
pub struct Root<'a> {
    /// In words: `schema A`, `operation b, parameter c`.
    pub at: &'a str,
    /// The name, if it is a component.
    pub component: Option<&'a str>,
    pub is_parameter: bool,
}

/// For tests of the passes: a lowering with these components.
#[cfg(test)]
pub fn lowering(schemas: Value) -> Lowering {
    let Value::Object(schemas) = schemas else { panic!("an object") };
    Lowering { schemas, ..Lowering::default() }
}
