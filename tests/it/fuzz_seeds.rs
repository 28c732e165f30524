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
