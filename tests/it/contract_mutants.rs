//! Documents changed by program compile, or are refused in a sentence that says where; none makes the build panic, and
//! none makes code that does not parse.

use std::path::Path;

use serde_json::Value;

use crate::build::{compile, read, route::AREAS};
use crate::compile::names_a_place;
use crate::spec::Spec;
use crate::specs;
use crate::specs::mutate::{Numbers, mutate, reduced};

/// What became of the mutants of a document.
#[derive(Debug, Default)]
pub struct Outcome {
    pub compiled: Vec<Value>,
    pub refused: usize,
}

/// Mutants of a document, each with one to three changes.
pub fn run(name: &str, document: &Value, count: usize, operations: usize, numbers: &mut Numbers) -> Outcome {
    let mut outcome = Outcome::default();
    for index in 0..count {
        let mut mutant = reduced(document, operations, numbers);
        let changes: Vec<String> = (0..=numbers.below(3)).map(|_| mutate(&mut mutant, numbers)).collect();
        let text = mutant.to_string();
        match std::panic::catch_unwind(|| compile(&text, &AREAS)) {
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
