//! Finds the types that requests can hold.

use std::collections::BTreeSet;

use super::made::Made;
use crate::build::lower::Lowering;
use crate::build::schema;

/// The structs that a request can hold. Only these get a builder.
pub fn by_requests(lowering: &Lowering, made: &Made) -> BTreeSet<String> {
    let mut open: Vec<String> = Vec::new();
    for body in lowering.operations.iter().filter_map(|operation| operation.body.as_ref()) {
        open.extend(schema::targets(&body.schema));
    }
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !reached.insert(name.clone()) {
            continue;
        }
        if let Some(union) = made.union(&name) {
            open.extend(union.variants.values().cloned());
        }
        if let Some(schema) = lowering.schemas.get(&name) {
            open.extend(schema::targets(schema));
        }
    }
    reached.retain(|name| made.is_struct(name));
    reached
}
