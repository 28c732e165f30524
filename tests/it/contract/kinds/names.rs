//! Names that collide with each other or with names of the crate.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{code, compiled, has};
use crate::build::reserved;

#[test]
fn names_that_collide_or_mean_something_to_rust() {
    let code = code("names.yaml");
    has(
        &code,
        &["struct NullTime {", "struct NullTime2 {", "struct NullTime3 {", "struct NullTime4 {", "struct OptionType {"],
    );
    has(&code, &["struct N1st {", "struct Self_ {", "pub a_b2:", "pub a_b3:", "pub extra2:", "pub fn build_<By>"]);
    assert!(compiled("names.yaml").report.contains("schema null.time: NullTime is taken: named NullTime3\n"));
    // `null-time` equals `nullTime`: both become one type.
    assert!(!code.contains("structNullTime5{"));
}

/// The build knows every `Client` method, so that no operation takes its name, and every method shared by all builders,
/// so that no argument takes its name.
#[test]
fn reserved_names_are_all_there() {
    let mut methods = BTreeSet::new();
    for file in sources() {
        for item in syn::parse_file(&std::fs::read_to_string(&file).unwrap()).unwrap().items {
            let syn::Item::Impl(item) = item else { continue };
            let syn::Type::Path(ty) = item.self_ty.as_ref() else { continue };
            if item.trait_.is_none() && ty.path.is_ident("Client") {
                methods.extend(item.items.iter().filter_map(|item| match item {
                    syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                    _ => None,
                }));
            }
        }
    }
    let options = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/call/options.rs")).unwrap();
    let options = options.split_once("macro_rules! options").unwrap().1.split_once("\n}\n").unwrap().0;
    let until = |rest: &str| rest.split(['(', '<']).next().unwrap().to_owned();
    let setters: BTreeSet<String> = options.split("pub fn ").skip(1).map(until).collect();
    assert!(methods.len() > 15 && setters.len() >= 7, "{methods:?} {setters:?}");
    methods.retain(|name| !reserved::METHODS.contains(&name.as_str()));
    let missing: Vec<String> = setters.into_iter().filter(|name| !reserved::SETTERS.contains(&name.as_str())).collect();
    assert!(methods.is_empty() && missing.is_empty(), "methods {methods:?}, setters {missing:?}");
}

/// Every Rust file under `src`.
fn sources() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                files.push(path);
            }
        }
    }
    files
}
