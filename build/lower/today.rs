//! Ory's names of today, for the types that have another name here.

use super::lowering::Lowering;
use crate::build::document::text;
use crate::build::names;

/// Collects the marks `x-today`, by type. This comes first, since passes copy schemas into others.
pub fn note(lowering: &mut Lowering) {
    for (name, schema) in &mut lowering.schemas {
        let mark = schema.as_object_mut().and_then(|map| map.remove("x-today"));
        if let Some(mark) = mark {
            lowering.today.insert(names::type_name(name), text(Some(&mark)));
        }
    }
}
