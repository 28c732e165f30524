//! The order of the passes. Each relies on what the ones before it did.

use serde_json::Value;

use super::lowering::Lowering;
use super::{
    aliases, combine, constraints, discriminators, docs, enums, fields, hide, inline, marks, naming, own_types,
    parameters, prune, references, repair, settle, today, unions,
};
use crate::build::fault::Result;

/// Runs every pass.
pub fn run(lowering: &mut Lowering, document: &Value) -> Result<()> {
    today::note(lowering);
    references::localize(lowering, document)?;
    prune::unreachable(lowering)?;
    repair::shapes(lowering);
    docs::rewrite(lowering);
    combine::all_of(lowering)?;
    hide::secrets(lowering);
    discriminators::complete(lowering);
    naming::pascal_case(lowering)?;
    aliases::inline(lowering)?;
    constraints::drop(lowering);
    inline::hoist_objects(lowering)?;
    unions::extract(lowering)?;
    marks::note(lowering);
    enums::extract(lowering)?;
    own_types::mark(lowering);
    parameters::plain(lowering);
    prune::unreachable(lowering)?;
    settle::shapes(lowering);
    fields::name(lowering);
    Ok(())
}
