//! Every type of every document: no secret shows in `Debug`.
//!
//! A program decodes a value of each type in which every text is a marker, and prints it. What shows is compared with
//! lists of names and places that do not know how the build decides. The documents are those of `tests/data/kinds`, the
//! crate's own, and Ory's published ones in `../shared/specs`, if they are there.

mod emitted;
mod judged;
mod program;
mod values;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use self::emitted::Emitted;
use self::judged::{Judged, judge};
use self::program::Input;
use self::values::Values;
use crate::build::kinds::Area;
use crate::build::{compile, read};
use crate::contract::kinds::FOLDER;
use crate::contract::specs;
use crate::support::spec::Spec;

const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/specs");

/// The name and text of each document.
fn documents() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = specs::documents(Path::new(FOLDER));
    if Path::new(PUBLISHED).is_dir() {
        let published = specs::documents(Path::new(PUBLISHED));
        assert!(published.len() > 20, "{published:?}");
        files.extend(published);
    }
    let named = |file: PathBuf| (file.display().to_string(), std::fs::read_to_string(&file).unwrap());
    let own = ("openapi.yaml".to_owned(), Spec::text());
    files.into_iter().map(named).chain([own]).collect()
}

fn emitted(name: &str, text: &str) -> Emitted {
    let compiled = compile(text, &Area::KNOWN).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    Emitted::read(&compiled.code)
}

/// The fields whose texts the code of `Debug` shows.
fn shown_by_code(types: &Emitted) -> BTreeSet<(String, String)> {
    let all = types.structs.iter().flat_map(|(name, fields)| fields.iter().map(move |field| (name, field)));
    let shown = all.filter(|(_, field)| field.shows_text());
    shown.map(|(name, field)| (name.clone(), field.wire.clone())).collect()
}

/// The secrets that show, by the code that was emitted for a document.
pub fn secrets_shown(code: &str) -> Vec<String> {
    let faults = faults(&Emitted::read(code)).into_iter();
    faults.filter(|fault| fault.ends_with(SHOWS)).collect()
}

const SHOWS: &str = "a secret shows";

/// What is wrong with the fields of a document: a secret that shows, a text that may be one, or a text that hides though
/// it is none.
fn faults(types: &Emitted) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, fields) in &types.structs {
        let wires: Vec<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
        for field in fields {
            let what = match judge(&field.wire, &wires) {
                Judged::Secret if field.shows_text() => SHOWS,
                Judged::Undecided if field.shows_text() => "may be a secret: decide in `judged.rs`",
                Judged::Plain | Judged::Harmless if field.measured && field.is_text() => "no secret, but hidden",
                _ => continue,
            };
            faults.push(format!("{name}.{}: {what}", field.wire));
        }
    }
    faults
}

/// The document with an operation for each schema, so that types are made of those that no operation needs, too.
fn with_every_schema(text: &str) -> String {
    let mut document = read::document(text).unwrap();
    let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    for (index, name) in schemas.keys().enumerate() {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        let content = json!({"application/json": {"schema": schema}});
        let responses = json!({"200": {"description": "", "content": content}});
        document["paths"][format!("/every-schema/{index}")] =
            json!({"get": {"operationId": format!("everySchema{index}"), "responses": responses}});
    }
    document.to_string()
}

#[test]
fn no_schema_of_any_document_shows_a_secret() {
    let mut faults_of_all = Vec::new();
    for (name, text) in documents() {
        let types = emitted(&name, &with_every_schema(&text));
        faults_of_all.extend(faults(&types).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults_of_all.is_empty(), "{}", faults_of_all.join("\n"));
}

#[test]
fn no_value_of_any_document_shows_a_secret() {
    let documents: Vec<(String, Emitted)> =
        documents().into_iter().map(|(name, text)| (name.clone(), emitted(&name, &text))).collect();
    let (mut marked, mut inputs, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (_, types) in &documents {
        // Most types of a release are those of the one before. Each is printed once.
        let names: Vec<String> = types.all().filter(|name| known.insert(types.identity(name))).cloned().collect();
        let mut values = Values::new(types);
        let all: serde_json::Map<String, Value> =
            names.iter().map(|name| (name.clone(), Value::from(values.all(name)))).collect();
        marked.push(values);
        inputs.push(Input { types, names, values: Value::Object(all) });
    }
    let printed = program::run(&inputs);
    assert_eq!(printed.len(), documents.len());
    for (((name, types), values), (input, lines)) in documents.iter().zip(&marked).zip(inputs.iter().zip(&printed)) {
        let (mut shown, mut kept) = (BTreeSet::new(), String::new());
        for line in lines {
            assert!(line.get("refused").is_none(), "{name}: {line}");
            let text = line["shown"].as_str().unwrap();
            let numbers = (0..values.fields.len()).filter(|number| text.contains(&Values::marker(*number)));
            shown.extend(numbers.map(|number| values.fields[number].clone()));
            kept.push_str(line["kept"].as_str().unwrap());
        }
        let is_printed = |(owner, _): &(String, String)| input.names.contains(owner) && !values.endless.contains(owner);
        // Every marker must be in a value, or the check would prove nothing.
        for (number, field) in values.fields.iter().enumerate().filter(|(_, field)| is_printed(field)) {
            assert!(kept.contains(&Values::marker(number)), "{name}: no value holds {field:?}");
        }
        shown.retain(is_printed);
        let expected: BTreeSet<_> = shown_by_code(types).into_iter().filter(is_printed).collect();
        assert_eq!(shown, expected, "{name}: the program shows what the code shows");
        assert_eq!(faults(types), [""; 0], "{name}");
    }
    let count: usize = inputs.iter().map(|input| input.names.len()).sum();
    println!("{count} different types of {} documents", documents.len());
    assert!(count > 200);
}

/// The lists and the check find something.
#[test]
fn a_secret_that_shows_is_found() {
    let text = |name: &str| format!("{name}: {{type: string}}");
    let document = |field: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{/x: {{get: {{operationId: x, responses: {{'200': \
             {{description: X., content: {{application/json: {{schema: {{type: object, properties: {{{}}}}}}}}}}}}}}}}}}}\n",
            text(field)
        )
    };
    for (field, expected) in [("onboarding_portal_token", 0), ("token_type", 0), ("favourite_pin_hint", 1)] {
        let mut types = emitted("a document", &document(field));
        assert_eq!(faults(&types).len(), expected, "{field}");
        for field in types.structs.values_mut().flatten() {
            field.measured = !field.measured;
        }
        assert_eq!(faults(&types).len(), 1 - expected, "{field}, the other way round");
    }
}
