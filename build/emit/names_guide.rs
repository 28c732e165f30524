//! Emits the tables of the guide to Ory's names of today.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::made::Made;
use crate::build::kinds::Area;
use crate::build::lower::Lowering;
use crate::build::markdown::code;

/// A table of operations for each area, and one of types: those that have another name here.
pub fn emit(lowering: &Lowering, made: &Made) -> String {
    let mut text = String::new();
    for area in Area::KNOWN {
        let rows = lowering.operations.iter().filter(|operation| operation.area == area.as_str());
        let rows = rows.filter_map(|operation| Some((operation.today.as_ref()?, &operation.name)));
        let rows = rows.map(|(today, name)| (today, format!("[`{name}`](crate::Client::{name})")));
        table(&mut text, area.title(), rows);
    }
    let enums: BTreeSet<&str> = lowering.enums.iter().map(|item| item.name.as_str()).collect();
    // A type that is left out or an alias has no page.
    let has_page = |name: &str| made.is_struct(name) || made.union(name).is_some() || enums.contains(name);
    let types = lowering.today.iter().filter(|(name, _)| has_page(name));
    table(&mut text, "Types", types.map(|(name, today)| (today, format!("[`{name}`](crate::types::{name})"))));
    text
}

fn table<'a>(text: &mut String, title: &str, rows: impl Iterator<Item = (&'a String, String)>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    // Writing to a String cannot fail.
    let _ = write!(text, "\n# {title}\n\n| Ory today | here |\n| --- | --- |\n");
    for (today, name) in rows {
        let _ = writeln!(text, "| {} | {name} |", code(today));
    }
}
