//! The generator: shows the lowered document to progenitor and reads back the types it made.

use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use serde_json::{Map, Value, json};

use super::fault::{Fault, Result};
use super::lower::{Lowering, secrets};
use super::operation::{Answer, Media, Operation, Place};
use super::walk;

/// What the generator made, parsed.
pub struct Generated {
    pub file: syn::File,
}

/// Generates code for the whole contract. If the generator stops, operations are tried one by one, so that the
/// fault names the one that it stopped at.
pub fn generate(lowering: &Lowering) -> Result<Generated> {
    let all: Vec<&Operation> = lowering.operations.iter().collect();
    match attempt(lowering, &all) {
        Ok(generated) => Ok(generated),
        Err(whole) => {
            for operation in &all {
                if let Err(why) = attempt(lowering, std::slice::from_ref(operation)) {
                    return Err(Fault::operation(&operation.id, format!("cannot be compiled: {why}")));
                }
            }
            Err(Fault::new("document", format!("cannot be compiled: {whole}")))
        }
    }
}

fn attempt(lowering: &Lowering, operations: &[&Operation]) -> std::result::Result<Generated, String> {
    let document = document(lowering, operations);
    let spec: openapiv3::OpenAPI = serde_json::from_value(document).map_err(|e| e.to_string())?;
    let settings = settings(lowering);
    // The generator panics where it meets what it does not know; the build reports it as a sentence.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(&spec)));
    std::panic::set_hook(hook);
    let tokens = match result {
        Ok(tokens) => tokens.map_err(|e| e.to_string())?,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            return Err(text.unwrap_or("the generator stopped").to_owned());
        }
    };
    let file = syn::parse2(tokens).map_err(|e| format!("generated code does not parse: {e}"))?;
    Ok(Generated { file })
}

fn settings(lowering: &Lowering) -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder).with_map_type("::std::collections::BTreeMap");
    settings.with_replacement(secrets::SECRET, "crate::Secret", [TypeImpl::Default].into_iter());
    settings.with_replacement(secrets::PATH_SEGMENT, "crate::PathSegment", [TypeImpl::Display].into_iter());
    for item in &lowering.enums {
        let impls = [TypeImpl::Display, TypeImpl::FromStr];
        settings.with_replacement(&item.name, format!("crate::types::{}", item.name), impls.into_iter());
    }
    for union in &lowering.unions {
        settings.with_replacement(&union.name, format!("crate::types::{}", union.name), std::iter::empty());
    }
    settings
}

/// The document as the generator takes it: one JSON success, arguments under their Rust names, every body JSON.
/// Only types come back from it; what really goes over the wire stands in the operation.
pub fn document(lowering: &Lowering, operations: &[&Operation]) -> Value {
    let mut paths = Map::new();
    for operation in operations {
        let item = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        let mut parameters = Vec::new();
        for parameter in &operation.parameters {
            parameters.push(match parameter.place {
                Place::Path => json!({
                    "name": parameter.wire, "in": "path", "required": true,
                    "schema": walk::reference(secrets::PATH_SEGMENT),
                }),
                _ => json!({"name": parameter.name, "in": "query", "schema": parameter.schema}),
            });
        }
        let mut raw = json!({"operationId": operation.name, "parameters": parameters});
        if let Some(body) = operation.body.as_ref().filter(|body| matches!(body.media, Media::Json | Media::Form)) {
            let content = json!({"application/json": {"schema": body.schema}});
            raw["requestBody"] = json!({"required": true, "content": content});
        }
        raw["responses"] = match &operation.success.answer {
            Answer::Json(schema) | Answer::JsonOrText(schema) => {
                json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}})
            }
            _ => json!({"200": {"description": ""}}),
        };
        item[operation.method.to_lowercase()] = raw;
    }
    let mut schemas = lowering.schemas.clone();
    for name in [secrets::SECRET, secrets::PATH_SEGMENT] {
        schemas.insert(name.to_owned(), json!({"type": "string"}));
    }
    let mut document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Ory", "version": "0"},
        "paths": paths,
        "components": {"schemas": schemas},
    });
    describe_references(&mut document);
    document
}

/// A reference cannot carry a description; `allOf` of one can.
fn describe_references(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.contains_key("$ref") && map.contains_key("description") {
                let target = map.remove("$ref").unwrap_or_default();
                map.insert("allOf".to_owned(), json!([{ "$ref": target }]));
            }
            map.values_mut().for_each(describe_references);
        }
        Value::Array(items) => items.iter_mut().for_each(describe_references),
        _ => {}
    }
}
