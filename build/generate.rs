//! Runs the generator, progenitor, on the lowered schemas and parses the code that it generates.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use openapiv3::{Components, Info, OpenAPI, ReferenceOr, Schema};
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use serde_json::{Map, Value, json};

use super::fault::{Fault, Result};
use super::lower::{Lowering, own_types};
use super::schema;
use super::size;

/// Generates code for every schema. If the generator fails, the fault names the schema that it fails at.
pub fn generate(lowering: &Lowering) -> Result<syn::File> {
    attempt(lowering, &lowering.schemas).map_err(|whole| blame(lowering, &whole))
}

/// The most that `blame` copies and compiles, in bytes.
const SEARCHED: usize = 16 << 20;

/// Finds the smallest part of the contract at which the generator fails: a schema and everything it refers to. It looks at
/// the smallest parts only, because each of many schemas may refer to all others.
fn blame(lowering: &Lowering, whole: &str) -> Fault {
    let most = SEARCHED / lowering.schemas.len().max(1);
    let parts = lowering.schemas.keys().filter_map(|name| Some((name, reached(&lowering.schemas, name, most)?)));
    let mut parts: Vec<(&String, Map<String, Value>)> = parts.collect();
    parts.sort_by_key(|(_, part)| part.len());
    for (name, part) in parts {
        if let Err(why) = attempt(lowering, &part) {
            return Fault::schema(name, format!("cannot be compiled: {why}"));
        }
    }
    Fault::new("document", format!("cannot be compiled: {whole}"))
}

/// A schema and everything it refers to, unless that takes more than `most` bytes.
fn reached(schemas: &Map<String, Value>, name: &str, most: usize) -> Option<Map<String, Value>> {
    let (mut found, mut left) = (Map::new(), most);
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name).filter(|_| !found.contains_key(&name)) {
            left = left.checked_sub(size::of(schema))?;
            open.extend(schema::targets(schema));
            found.insert(name, schema.clone());
        }
    }
    Some(found)
}

fn attempt(lowering: &Lowering, schemas: &Map<String, Value>) -> std::result::Result<syn::File, String> {
    let spec = open_api(schemas).map_err(|e| e.to_string())?;
    let settings = settings(lowering);
    // The generator panics at what it does not know. The build reports that as a fault.
    let result = quietly(|| catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(&spec))));
    let tokens = match result {
        Ok(tokens) => tokens.map_err(|e| e.to_string())?,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            // Some messages show the schema over many lines. A fault is one line.
            let words: Vec<&str> = text.unwrap_or("the generator stopped").split_whitespace().collect();
            return Err(words.join(" "));
        }
    };
    syn::parse2(tokens).map_err(|e| format!("generated code does not parse: {e}"))
}

/// Runs without printing panics of this thread. Other threads still print theirs: tests compile side by side.
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
    for (component, ty) in own_types::ALL {
        settings.with_replacement(component, ty, [TypeImpl::Default].into_iter());
    }
    for item in &lowering.enums {
        let impls = [TypeImpl::Display, TypeImpl::FromStr];
        settings.with_replacement(&item.name, format!("crate::generated::types::{}", item.name), impls.into_iter());
    }
    for union in &lowering.unions {
        settings.with_replacement(&union.name, format!("crate::generated::types::{}", union.name), std::iter::empty());
    }
    settings
}

/// The schemas as a document for the generator. It contains no operations: this crate emits their code itself, and
/// their types are simple once every schema has a name.
fn open_api(schemas: &Map<String, Value>) -> serde_json::Result<OpenAPI> {
    let own = own_types::ALL.into_iter().map(|(component, _)| (component.to_owned(), json!({"type": "string"})));
    let schemas = schemas.iter().map(|(name, schema)| (name.clone(), schema.clone())).chain(own);
    // Schema by schema: to deserialize a whole document would compile the code for everything a document can hold.
    let schemas = schemas.map(|(name, mut schema)| {
        describe_references(&mut schema);
        Ok((name, serde_json::from_value::<ReferenceOr<Schema>>(schema)?))
    });
    let components = Components { schemas: schemas.collect::<serde_json::Result<_>>()?, ..Components::default() };
    let info = Info { title: "Ory".to_owned(), version: "0".to_owned(), ..Info::default() };
    Ok(OpenAPI { openapi: "3.0.3".to_owned(), info, components: Some(components), ..OpenAPI::default() })
}

/// A reference cannot have a description or be nullable. An `allOf` with one member can.
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
