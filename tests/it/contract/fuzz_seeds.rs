//! Runs the build's fuzz targets on their seeds and past findings. A unit test in the library runs the seeds of the
//! library's targets, because those use private items.

use std::path::Path;

use crate::lowering;
use crate::support::package;

/// Runs only files with an extension: those are seeds and findings. The fuzzer's own corpus files have none.
fn run(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut ran = 0;
    for path in files.filter(|path| path.extension().is_some()) {
        println!("{}", path.display());
        check(&std::fs::read(&path).unwrap());
        ran += 1;
    }
    assert!(ran > 4, "{target} has {ran} seeds");
}

#[test]
fn changed_contracts_hold() {
    if package::is_published() {
        return;
    }
    run("lowering", lowering::lowering);
    run("contract", lowering::contract);
}

#[test]
fn any_document_holds() {
    if !package::is_published() {
        run("document", lowering::document);
    }
    // The documents that get mutated must compile, or the mutations would not reach the later passes.
    for (index, document) in lowering::DOCUMENTS.iter().enumerate() {
        let compiled = crate::build::compile(document, &crate::build::kinds::Area::KNOWN);
        assert!(compiled.is_ok(), "document {index}: {}", compiled.unwrap_err());
    }
}

/// The fuzz targets include the build's code, so they need its dependencies.
#[test]
fn the_fuzz_crate_has_what_the_build_needs() {
    if package::is_published() {
        return;
    }
    let read = |file: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let (own, fuzz) = (read("Cargo.toml"), read("tests/fuzz/Cargo.toml"));
    let section = own.split("\n[build-dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let needed: Vec<&str> = section.lines().filter(|line| line.contains(" = ")).collect();
    assert!(needed.len() > 5, "{needed:?}");
    for line in needed {
        assert!(fuzz.lines().any(|other| other == line), "tests/fuzz/Cargo.toml lacks {line}");
    }
}
