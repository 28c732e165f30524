//! The build over the seeds of its fuzz targets and over what they found. Those of the library's targets are run by
//! the library's own test, since they reach what is private.

use std::path::Path;

use crate::lowering;

/// The seeds and what was found have an extension; what a fuzzer keeps for itself has none.
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
    run("lowering", lowering::lowering);
    run("contract", lowering::contract);
}

#[test]
fn any_document_holds() {
    run("document", lowering::document);
    // What the changes start from must itself compile, or they would reach nothing.
    for (index, document) in lowering::DOCUMENTS.iter().enumerate() {
        let compiled = crate::build::compile(document, &crate::build::route::AREAS);
        assert!(compiled.is_ok(), "document {index}: {}", compiled.unwrap_err());
    }
}

/// The fuzz targets hold the build's code, so its dependencies are theirs.
#[test]
fn the_fuzz_crate_has_what_the_build_needs() {
    let read = |file: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let (own, fuzz) = (read("Cargo.toml"), read("tests/fuzz/Cargo.toml"));
    let section = own.split("\n[build-dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let needed: Vec<&str> = section.lines().filter(|line| line.contains(" = ")).collect();
    assert!(needed.len() > 5, "{needed:?}");
    for line in needed {
        assert!(fuzz.lines().any(|other| other == line), "tests/fuzz/Cargo.toml lacks {line}");
    }
}
