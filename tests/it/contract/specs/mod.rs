//! Any contract: code is generated from every document in a folder, and the whole crate is compiled with some of them.

pub mod check;
pub mod mutate;
mod sample;

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::{build, secrets};

/// Every JSON and YAML document under a folder, sorted.
pub fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(documents(&path));
        } else if path.extension().is_some_and(|kind| kind == "json" || kind == "yaml" || kind == "yml") {
            found.push(path);
        }
    }
    found
}

/// `ORY_SDK_SPECS` names the folder. `ORY_SDK_SPECS_CHECK` selects the documents that the whole crate is compiled with, a
/// third of them with its docs: `all`, or a number of them, spread evenly. The default is the newest of each major line.
#[test]
#[ignore = "needs ORY_SDK_SPECS"]
fn specs() {
    let folder = std::env::var("ORY_SDK_SPECS").expect("ORY_SDK_SPECS names a folder of OpenAPI documents");
    let folder = Path::new(&folder);
    let files = documents(folder);
    assert!(!files.is_empty(), "no document below {}", folder.display());
    let checked = sample::choose(&files, std::env::var("ORY_SDK_SPECS_CHECK").ok().as_deref());
    let mut failed = Vec::new();
    println!("| file | operations | types | seconds | changes | warnings | verdict |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (index, file) in files.iter().enumerate() {
        let name = file.strip_prefix(folder).unwrap().display().to_string();
        // rustdoc takes as long as the compiler, and finds little beside what is wrong with texts.
        let with_docs = index % 3 == 0 || name.contains("docs");
        let row = row(file, checked.contains(&file), with_docs);
        println!("| {name} | {row} |");
        if !row.ends_with("compiled") {
            failed.push(name);
        }
    }
    println!("{} documents, {} of them with the whole crate; {} failed", files.len(), checked.len(), failed.len());
    assert!(failed.is_empty(), "{failed:?}");
}

/// The cells of a document's table row.
fn row(file: &Path, with_crate: bool, with_docs: bool) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let declared = operations_in(&text);
    let start = Instant::now();
    let compiled = match build::compile(&text, &build::kinds::Area::KNOWN) {
        Ok(compiled) => compiled,
        Err(fault) => return format!("0 of {declared} | | | | | {fault}"),
    };
    let seconds = start.elapsed().as_secs_f32();
    let secrets = secrets::documents::secrets_shown(&compiled.code);
    let types = types_in(&compiled.code);
    let changes = compiled.report.lines().count();
    let cells = format!("{} of {declared} | {types} | {seconds:.2} | {changes}", compiled.operations);
    if compiled.operations != declared {
        return format!("{cells} | | operations are missing");
    }
    if !secrets.is_empty() {
        return format!("{cells} | | {}", secrets.join(", "));
    }
    if !with_crate {
        return format!("{cells} | | generated, not compiled");
    }
    let verdict = check::whole_crate(file, with_docs, &["--features", "tracing,testing,tokens"]);
    for said in verdict.errors.iter().chain(&verdict.warnings).take(5) {
        eprintln!("{}: {said}", file.display());
    }
    let warnings = verdict.warnings.len();
    match verdict.errors.len() {
        0 if warnings == 0 => format!("{cells} | 0 | compiled"),
        0 => format!("{cells} | {warnings} | warnings"),
        errors => format!("{cells} | {warnings} | {errors} errors"),
    }
}

/// Counts the structs, enums and unions in the code.
fn types_in(code: &str) -> usize {
    let file = syn::parse_file(code).expect("generated code parses");
    let types = file.items.into_iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => module.content,
        _ => None,
    });
    let items = types.map(|(_, items)| items).unwrap_or_default();
    items.iter().filter(|item| matches!(item, syn::Item::Struct(_) | syn::Item::Macro(_))).count()
}

/// Counts the operations that a document declares, independently of the passes that compile them.
pub fn operations_in(text: &str) -> usize {
    let document = build::read::document(text).unwrap_or_default();
    let methods = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];
    let items = document["paths"].as_object().into_iter().flatten().map(|(_, item)| match item["$ref"].as_str() {
        Some(pointer) => document.pointer(&pointer[1..]).unwrap(),
        None => item,
    });
    items.map(|item| methods.iter().filter(|method| item.get(**method).is_some()).count()).sum()
}
