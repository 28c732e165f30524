//! Every construct that a document may contain: each one compiles, and the report names what was dropped or changed.
//!
//! The documents are in `tests/data/kinds`; `specs` compiles the whole crate with each of them.

mod names;
mod operations;
mod types;

use std::path::Path;

use crate::build::kinds::Area;
use crate::build::{Compiled, compile};
use crate::contract::specs;

pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/kinds");

pub fn compiled(name: &str) -> Compiled {
    let text = std::fs::read_to_string(Path::new(FOLDER).join(name)).unwrap();
    compile(&text, &Area::KNOWN).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

/// The code and the table without whitespace, so that rustfmt can format the expected code in the tests.
pub fn code(name: &str) -> String {
    let compiled = compiled(name);
    squeezed(&(compiled.code + &compiled.table))
}

pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[track_caller]
pub fn has(code: &str, parts: &[&str]) {
    for part in parts {
        assert!(code.contains(&squeezed(part)), "no {part}");
    }
}

#[test]
fn every_operation_of_every_kind_is_there() {
    let files = specs::documents(Path::new(FOLDER));
    assert!(files.len() >= 19, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let done = compile(&text, &Area::KNOWN).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
        assert_eq!(done.operations, specs::operations_in(&text), "{}", file.display());
        let parsed = syn::parse_file(&done.code);
        assert!(parsed.is_ok(), "{}: {:?}", file.display(), parsed.err());
        assert_eq!(done.code, compile(&text, &Area::KNOWN).unwrap().code, "{}", file.display());
    }
}
