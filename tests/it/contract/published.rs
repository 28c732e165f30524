//! The contract has every operation of Ory's newest documents, and knows Ory's names of today.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::build::{document, operations, read, report, route, size};

/// Document, method, path and operationId.
const PUBLISHED: &str = include_str!("../../data/published.tsv");

fn published() -> impl Iterator<Item = [&'static str; 4]> {
    let lines = PUBLISHED.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
}

/// Method and path, then the operation's name and Ory's name of today.
fn contract() -> BTreeMap<(String, String), (String, String)> {
    let document = read::document(include_str!("../../../openapi.yaml")).unwrap();
    let references = document::References { document: &document, room: &mut size::Room::default() };
    let found = operations::read(references, &mut report::Report::default()).unwrap();
    let named = |operation: crate::build::operation::Operation| {
        let today = operation.today.unwrap_or_else(|| operation.id.clone());
        ((operation.method, route::unnamed(&operation.path)), (operation.id, today))
    };
    found.into_iter().map(named).collect()
}

#[test]
fn no_operation_is_lacking() {
    let contract = contract();
    let has = |[_, method, path, _]: &[&str; 4]| contract.contains_key(&((*method).to_owned(), route::unnamed(path)));
    let lacking: Vec<_> = published().filter(|row| !has(row)).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
    assert_eq!(published().count(), ROWS);
}

#[test]
fn todays_names_are_those_that_ory_publishes() {
    let contract = contract();
    let mut known: BTreeSet<&String> = BTreeSet::new();
    for [document, method, path, name] in published() {
        let (id, today) = &contract[&(method.to_owned(), route::unnamed(path))];
        assert_eq!(today, name, "{document}: {method} {path}");
        known.insert(id);
    }
    // What no document has cannot have a name of today.
    for (id, today) in contract.values().filter(|(id, _)| !known.contains(id)) {
        assert_eq!(id, today, "{id} is in no document");
    }
}

#[test]
fn the_names_of_types_are_those_that_ory_publishes() {
    let document = read::document(include_str!("../../../openapi.yaml")).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/specs");
    let newest = ["kratos-v26.2.0", "hydra-v26.2.0", "keto-v26.2.0", "client-v1.22.63"];
    let texts = newest.map(|name| std::fs::read_to_string(folder.join(format!("{name}.json"))));
    if texts.iter().any(Result::is_err) {
        println!("skipped: there are no published documents");
        return;
    }
    let mut names = BTreeSet::new();
    for text in texts {
        let mut document = serde_json::from_str::<Value>(&text.unwrap()).unwrap();
        names.extend(document::schemas(&mut document).unwrap().keys().cloned());
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let marks: Vec<&str> = schemas.values().filter_map(|schema| schema["x-today"].as_str()).collect();
    assert!(marks.len() > 80, "{} types have another name today", marks.len());
    for mark in &marks {
        assert!(names.contains(*mark), "no document has a type {mark}");
    }
    assert_eq!(marks.iter().collect::<BTreeSet<_>>().len(), marks.len(), "one name for one type");
}

const ROWS: usize = 290;
