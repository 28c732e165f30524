//! Randomly mutated documents either compile or are refused with an error that says where. None makes the build panic,
//! and none produces code that does not parse.

use std::path::Path;

use serde_json::Value;

use crate::build::kinds::Area;
use crate::build::{compile, read};
use crate::contract::compile::names_a_place;
use crate::contract::specs;
use crate::contract::specs::mutate::{Numbers, mutate, reduced};
use crate::support::spec::Spec;

/// The result of compiling the mutants of a document.
#[derive(Debug, Default)]
pub struct Outcome {
    pub compiled: Vec<Value>,
    pub refused: usize,
}

/// Compiles `count` mutants of a document, each with one to three changes.
pub fn run(name: &str, document: &Value, count: usize, operations: usize, numbers: &mut Numbers) -> Outcome {
    let mut outcome = Outcome::default();
    for index in 0..count {
        let mut mutant = reduced(document, operations, numbers);
        let changes: Vec<String> = (0..=numbers.below(3)).map(|_| mutate(&mut mutant, numbers)).collect();
        let text = mutant.to_string();
        match std::panic::catch_unwind(|| compile(&text, &Area::KNOWN)) {
            Err(_) => panic!("{name}, mutant {index} ({changes:?}) makes the build panic: {text}"),
            Ok(Err(fault)) => {
                assert!(names_a_place(&fault.to_string()), "{name}, mutant {index} ({changes:?}): {fault}");
                outcome.refused += 1;
            }
            Ok(Ok(done)) => {
                let parsed = syn::parse_file(&done.code);
                assert!(parsed.is_ok(), "{name}, mutant {index} ({changes:?}): {:?}", parsed.err());
                outcome.compiled.push(mutant);
            }
        }
    }
    outcome
}

/// A number from the environment, or `otherwise` if the variable is not set.
fn wish(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// `ORY_SDK_SPECS_MUTATIONS` sets the number of mutants for each document under `ORY_SDK_SPECS`.
/// `ORY_SDK_SPECS_MUTANTS_CHECK` sets how many of the mutants that compile, spread evenly, the whole crate is compiled
/// with.
#[test]
#[ignore = "needs ORY_SDK_SPECS"]
fn mutants_of_specs() {
    let folder = std::env::var("ORY_SDK_SPECS").expect("ORY_SDK_SPECS names a folder of OpenAPI documents");
    let mut numbers = Numbers(wish("ORY_SDK_SPECS_SEED", 2_026) as u64);
    let count = wish("ORY_SDK_SPECS_MUTATIONS", 4);
    let (mut compiled, mut refused) = (Vec::new(), 0);
    for file in specs::documents(Path::new(&folder)) {
        let document = read::document(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let outcome = run(&file.display().to_string(), &document, count, 4, &mut numbers);
        compiled.extend(outcome.compiled);
        refused += outcome.refused;
    }
    println!("{} mutants compiled, {refused} refused", compiled.len());
    let checks = wish("ORY_SDK_SPECS_MUTANTS_CHECK", 0).min(compiled.len());
    for index in 0..checks {
        let mutant = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutant.json");
        std::fs::write(&mutant, compiled[index * compiled.len() / checks].to_string()).unwrap();
        let verdict = specs::check::whole_crate(&mutant, false, &[]);
        let said: Vec<&String> = verdict.errors.iter().chain(&verdict.warnings).collect();
        assert!(said.is_empty(), "mutant {index} in {}: {said:?}", mutant.display());
    }
    println!("{checks} of them with the whole crate");
}

#[test]
fn mutants_of_own_documents() {
    let mut numbers = Numbers(2_026);
    let mut documents = vec![("openapi.yaml".to_owned(), Spec::load().document, 60)];
    for file in specs::documents(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/kinds"))) {
        let document = read::document(&std::fs::read_to_string(&file).unwrap()).unwrap();
        documents.push((file.file_name().unwrap().to_string_lossy().into_owned(), document, 12));
    }
    let (mut compiled, mut refused) = (0, 0);
    for (name, document, count) in &documents {
        let outcome = run(name, document, *count, 3, &mut numbers);
        compiled += outcome.compiled.len();
        refused += outcome.refused;
    }
    println!("{compiled} mutants compiled, {refused} refused");
    assert!(compiled > 100 && refused > 10, "{compiled} compiled, {refused} refused");
}
