//! The generator: shows the lowered document to progenitor and reads back the types it made.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use openapiv3::{Components, Info, OpenAPI, ReferenceOr, Schema};
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use serde_json::{Map, Value, json};

use super::fault::{Fault, Result};
use super::lower::{Lowering, secrets};
use super::walk;

/// What the generator made, parsed.
pub struct Generated {
    pub file: syn::File,
}

/// Generates code for every schema. If the generator stops, the fault names what it stopped at.
pub fn generate(lowering: &Lowering) -> Result<Generated> {
    attempt(lowering, &lowering.schemas).map_err(|whole| blame(lowering, &whole))
}

/// The smallest part of the contract at which the generator stops: a schema with all that it refers to.
fn blame(lowering: &Lowering, whole: &str) -> Fault {
    let mut parts: Vec<(&String, Map<String, Value>)> =
        lowering.schemas.keys().map(|name| (name, reached(&lowering.schemas, name))).collect();
    parts.sort_by_key(|(_, part)| part.len());
    for (name, part) in parts {
        if let Err(why) = attempt(lowering, &part) {
            return Fault::schema(name, format!("cannot be compiled: {why}"));
        }
    }
    Fault::new("document", format!("cannot be compiled: {whole}"))
}

/// A schema and all that it refers to.
fn reached(schemas: &Map<String, Value>, name: &str) -> Map<String, Value> {
    let mut found = Map::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name).filter(|_| !found.contains_key(&name)) {
            walk::each(schema, &mut |part| open.extend(walk::schema_ref(part).map(str::to_owned)));
            found.insert(name, schema.clone());
        }
    }
    found
}

fn attempt(lowering: &Lowering, schemas: &Map<String, Value>) -> std::result::Result<Generated, String> {
    let spec = document(schemas).map_err(|e| e.to_string())?;
    let settings = settings(lowering);
    // The generator panics where it meets what it does not know; the build reports it as a sentence.
    let result = quietly(|| catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(&spec))));
    let tokens = match result {
        Ok(tokens) => tokens.map_err(|e| e.to_string())?,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            // Some show the schema over many lines; a fault is one.
            let words: Vec<&str> = text.unwrap_or("the generator stopped").split_whitespace().collect();
            return Err(words.join(" "));
        }
    };
    let file = syn::parse2(tokens).map_err(|e| format!("generated code does not parse: {e}"))?;
    Ok(Generated { file })
}

/// Runs with this thread's panics unprinted. Other threads keep theirs: tests compile side by side.
fn quietly<T>(run: impl FnOnce() -> T) -> T {
    thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                usual(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = run();
    QUIET.set(false);
    result
}

fn settings(lowering: &Lowering) -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Positional).with_map_type("::std::collections::BTreeMap");
    settings.with_replacement(secrets::SECRET, "crate::Secret", [TypeImpl::Default].into_iter());
    for item in &lowering.enums {
        let impls = [TypeImpl::Display, TypeImpl::FromStr];
        settings.with_replacement(&item.name, format!("crate::types::{}", item.name), impls.into_iter());
    }
    for union in &lowering.unions {
        settings.with_replacement(&union.name, format!("crate::types::{}", union.name), std::iter::empty());
    }
    settings
}

/// The schemas as the generator takes them. It is shown no operation: what goes over the wire stands in those that
/// were read, and their types are plain once the schemas have names.
fn document(schemas: &Map<String, Value>) -> serde_json::Result<OpenAPI> {
    let secret = (secrets::SECRET.to_owned(), json!({"type": "string"}));
    let schemas = schemas.iter().map(|(name, schema)| (name.clone(), schema.clone())).chain([secret]);
    // Schema by schema: to read a document whole would compile the reading of all that it could hold.
    let schemas = schemas.map(|(name, mut schema)| {
        describe_references(&mut schema);
        Ok((name, serde_json::from_value::<ReferenceOr<Schema>>(schema)?))
    });
    let components = Components { schemas: schemas.collect::<serde_json::Result<_>>()?, ..Components::default() };
    let info = Info { title: "Ory".to_owned(), version: "0".to_owned(), ..Info::default() };
    Ok(OpenAPI { openapi: "3.0.3".to_owned(), info, components: Some(components), ..OpenAPI::default() })
}

/// A reference cannot carry a description or be null; `allOf` of one can.
fn describe_references(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.contains_key("$ref") && map.len() > 1 {
                let target = map.remove("$ref").unwrap_or_default();
                map.insert("allOf".to_owned(), json!([{ "$ref": target }]));
            }
            map.values_mut().for_each(describe_references);
        }
        Value::Array(items) => items.iter_mut().for_each(describe_references),
        _ => {}
    }
}
