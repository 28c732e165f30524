//! Any contract: every document of a folder is lowered and generated.

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::build;

/// Every JSON and YAML document below a folder, sorted.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            documents(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "json" || kind == "yaml" || kind == "yml") {
            found.push(path);
        }
    }
}

#[test]
#[ignore = "needs ORY_SDK_SPECS"]
fn specs() {
    let folder = std::env::var("ORY_SDK_SPECS").expect("ORY_SDK_SPECS names a folder of OpenAPI documents");
    let mut files = Vec::new();
    documents(Path::new(&folder), &mut files);
    let mut failed = 0;
    println!("| file | operations | of | seconds | changes | verdict |\n| --- | --- | --- | --- | --- | --- |");
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        let declared = operations_in(&text);
        let start = Instant::now();
        let compiled = build::compile(&text, &build::route::AREAS);
        let seconds = start.elapsed().as_secs_f32();
        let name = file.strip_prefix(&folder).unwrap().display();
        match compiled {
            Ok(done) if done.operations == declared => {
                let changes = done.report.lines().count();
                println!("| {name} | {} | {declared} | {seconds:.2} | {changes} | compiled |", done.operations);
            }
            Ok(done) => {
                failed += 1;
                println!("| {name} | {} | {declared} | {seconds:.2} | | operations are missing |", done.operations);
            }
            Err(fault) => {
                failed += 1;
                println!("| {name} | 0 | {declared} | {seconds:.2} | | {fault} |");
            }
        }
    }
    assert!(!files.is_empty(), "no document below {folder}");
    assert_eq!(failed, 0, "of {} documents", files.len());
}

/// How many operations a document declares, counted apart from the build's own reader.
fn operations_in(text: &str) -> usize {
    let document = build::read::document(text).unwrap_or_default();
    let methods = ["get", "put", "post", "delete", "patch", "head", "options"];
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.map(|(_, item)| methods.iter().filter(|method| item.get(**method).is_some()).count()).sum()
}
