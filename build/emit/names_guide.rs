//! Emits the tables of the guide to Ory's names of today.

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
    let types = lowering.today.iter().filter(|(name, _)| {
        let is_union = lowering.unions.iter().any(|union| union.name == **name);
        is_union || made.is_struct(name) || lowering.enums.iter().any(|item| item.name == **name)
    });
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
