//! `tests/data/api.txt` has the public items that are written by hand, with their methods, fields and traits, and
//! `tests/data/types.txt` the fields of the types that the build makes. So every change of the public API shows up as a
//! change to these files. The command at the head of `surface.rs` writes them anew.

mod collect;
mod tidy;

use collect::Api;

use crate::build::compile;
use crate::build::kinds::Area;
use crate::support::spec::Spec;

pub const ITEMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/api.txt");
pub const TYPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/types.txt");

/// The public items of `src/`.
pub fn items() -> Vec<String> {
    let mut api = Api::default();
    let files = collect::files();
    files.iter().for_each(|(module, file)| api.declare(module, &file.items));
    files.iter().for_each(|(module, file)| api.implement(module, &file.items));
    api.lines()
}

/// The generated types with their fields and their methods. What each of them has, a builder and serde's traits, is left out.
pub fn types() -> Vec<String> {
    let code = syn::parse_file(&compile(&Spec::text(), &Area::KNOWN).unwrap().code).unwrap();
    let types = code.items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let (module, items, mut api) = (["types".to_owned()], &types.unwrap().1, Api::default());
    api.declare(&module, items);
    api.implement(&module, items);
    let is_of_all = |line: &String| line.starts_with("    impl") || line.starts_with("    fn builder()");
    api.lines().into_iter().filter(|line| !is_of_all(line)).collect()
}

/// Compares lines with those of a file, and names each that differs.
pub fn assert_committed(file: &str, now: &[String]) {
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    let committed: Vec<&str> = committed.lines().collect();
    let gone = committed.iter().filter(|line| !now.iter().any(|new| new == *line)).map(|line| format!("- {line}"));
    let new = now.iter().filter(|line| !committed.contains(&line.as_str())).map(|line| format!("+ {line}"));
    let changes: Vec<String> = gone.chain(new).collect();
    assert!(changes.is_empty(), "the public API is no longer that of {file}:\n{}", changes.join("\n"));
    assert_eq!(now, committed, "{file} has the same lines in another order");
}

#[test]
fn the_public_items_are_the_committed_ones() {
    let items = items();
    assert_committed(ITEMS, &items);
    // The list would be worthless if it lost what it is about.
    for line in [
        "struct Client: Clone",
        "    fn with_session_token(&self, token: impl Into<Secret>) -> Self",
        "enum error::NextStep",
    ] {
        assert!(items.iter().any(|item| item.starts_with(line)), "{line}");
    }
}

#[test]
fn the_generated_types_are_the_committed_ones() {
    let types = types();
    assert_committed(TYPES, &types);
    for line in ["struct Session: Clone PartialEq", "    active: Option<bool>", "    session_token: Option<Secret>"] {
        assert!(types.iter().any(|item| item.starts_with(line)), "{line}");
    }
}
