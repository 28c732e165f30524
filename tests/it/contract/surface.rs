//! `tests/data/surface.txt` has a line for each operation, so that every change to the contract shows up as a change to
//! that file. To regenerate it, and the lists of `api`:
//!
//! `ORY_SDK_WRITE_SURFACE=1 cargo test --test it write_surface -- --ignored`

use std::fmt::Write;

use ory_sdk::contract::{Area, Endpoint, Operation, Parameter};
use serde_json::Value;

use super::api;
use crate::support::spec::{self, Spec};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/surface.txt");

#[test]
fn the_table_is_the_committed_surface() {
    api::assert_committed(FILE, &surface());
}

/// Without the variable this only compares, so that running all ignored tests does not change the file.
#[test]
#[ignore = "writes three files of tests/data with ORY_SDK_WRITE_SURFACE"]
fn write_surface() {
    for (file, lines) in [(FILE, surface()), (api::ITEMS, api::items()), (api::TYPES, api::types())] {
        let text = lines.join("\n") + "\n";
        if std::env::var_os("ORY_SDK_WRITE_SURFACE").is_some() {
            std::fs::write(file, &text).unwrap();
        }
        api::assert_committed(file, &lines);
    }
}

/// One line for each operation, sorted by Ory's operation id.
fn surface() -> Vec<String> {
    let mut lines: Vec<String> = ory_sdk::contract::operations().iter().map(|operation| line(operation)).collect();
    lines.sort();
    lines
}

fn line(operation: &Operation) -> String {
    let Operation { id, method, path, area, endpoint, success, .. } = operation;
    let list = |items: Vec<String>| if items.is_empty() { "-".to_owned() } else { items.join(" ") };
    let security = list(operation.security.iter().map(ToString::to_string).collect());
    let arguments = list(operation.parameters.iter().map(argument).collect());
    let body = operation.body.map_or("-".to_owned(), |body| {
        format!("{}{} {}", body.ty, if body.required { "!" } else { "?" }, body.content_type)
    });
    format!("{id} | {method} {path} | {area} | {endpoint} | {security} | {arguments} | {body} | {success}")
}

/// Formats an argument as `query:page?[1.., legacy 0..]`: its place, its name, `!` if required or `?` if optional, and
/// its bounds.
fn argument(argument: &Parameter) -> String {
    let place = place(argument);
    let mut text = format!("{place}:{}{}", argument.wire, if argument.required { "!" } else { "?" });
    let own = bounds(argument.minimum, argument.maximum);
    let legacy = bounds(argument.legacy_minimum, argument.legacy_maximum);
    match (own, legacy) {
        (None, None) => {}
        (Some(own), None) => write!(text, "[{own}]").unwrap(),
        (own, Some(legacy)) => write!(text, "[{}, legacy {legacy}]", own.unwrap_or_default()).unwrap(),
    }
    text
}

fn place(argument: &Parameter) -> String {
    format!("{:?}", argument.place).to_lowercase()
}

fn bounds(least: Option<i64>, greatest: Option<i64>) -> Option<String> {
    let text = |bound: Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    (least.is_some() || greatest.is_some()).then(|| format!("{}..{}", text(least), text(greatest)))
}

#[test]
fn the_table_says_what_the_contract_says() {
    let spec = Spec::load();
    let declared = spec.operations();
    for operation in ory_sdk::contract::operations() {
        let id = operation.id;
        let contract = declared.iter().find(|declared| declared.id == id).unwrap();
        let tag = contract.raw["tags"][0].as_str().unwrap();
        assert_eq!((operation.method.as_str(), operation.path), (contract.method.as_str(), contract.path), "{id}");
        assert_eq!(operation.area.to_string(), tag, "{id}");
        assert_eq!(operation.endpoint, endpoint(tag, contract.path), "{id}");
        let security: Vec<String> = operation.security.iter().map(ToString::to_string).collect();
        assert_eq!(security, schemes(contract.raw), "{id}");
        parameters(&spec, contract, operation);
        let body = contract.raw.get("requestBody").map(|body| spec.resolve(body));
        let facts = body.map(|body| (media_type(body), body["required"] == Value::Bool(true)));
        assert_eq!(operation.body.map(|body| (body.content_type, body.required)), facts, "{id}");
        assert_eq!(operation.redirect, contract.redirects(&spec), "{id}");
        let statuses: Vec<&String> = contract.raw["responses"].as_object().unwrap().keys().collect();
        let declares = statuses.iter().any(|status| status.starts_with('3'));
        assert_eq!(operation.visited, declares && contract.method == "GET", "{id}");
        assert_eq!(operation.legacy, contract.raw["x-legacy"].as_str(), "{id}");
        assert_eq!(operation.since, contract.raw["x-since"].as_str(), "{id}");
        assert_eq!(operation.any_endpoint, contract.raw["x-endpoint"] == "any", "{id}");
        let at = contract.raw["x-path-at"].as_object();
        assert_eq!(operation.paths_at.len(), at.map_or(0, |at| at.len()), "{id}");
        for (endpoint, path) in operation.paths_at {
            assert_eq!(contract.raw["x-path-at"][endpoint.as_str()], *path, "{id}");
        }
    }
    let compiled =
        |tag: &str| ory_sdk::contract::operations().iter().any(|operation| operation.area.to_string() == tag);
    let expected = declared.iter().filter(|declared| compiled(declared.raw["tags"][0].as_str().unwrap())).count();
    assert_eq!(ory_sdk::contract::operations().len(), expected);
    assert!(!ory_sdk::contract::operations().iter().any(|operation| matches!(operation.area, Area::Other(_))));
}

fn endpoint(tag: &str, path: &str) -> Endpoint {
    match (tag, path.starts_with("/admin/")) {
        ("project" | "workspace" | "events", _) => Endpoint::Console,
        ("permission", true) => Endpoint::KetoWrite,
        ("permission", false) if path.starts_with("/opl/") => Endpoint::KetoOpl,
        ("permission", false) => Endpoint::KetoRead,
        ("api_keys" | "metadata", _) => Endpoint::Named(tag.to_owned().into()),
        ("oauth2" | "jwk", true) => Endpoint::HydraAdmin,
        ("oauth2" | "jwk", false) => Endpoint::HydraPublic,
        (_, true) => Endpoint::KratosAdmin,
        (_, false) => Endpoint::KratosPublic,
    }
}

/// The names that the table uses for the security schemes of an operation.
fn schemes(raw: &Value) -> Vec<&str> {
    let names = raw["security"].as_array().unwrap().iter().flat_map(|scheme| scheme.as_object().unwrap().keys());
    names
        .map(|name| match name.as_str() {
            "oryAccessToken" => "access_token",
            "sessionToken" => "session_token",
            "bearer" => "registration_token",
            known @ ("basic" | "oauth2") => known,
            other => panic!("unknown scheme {other}"),
        })
        .collect()
}

fn parameters(spec: &Spec, contract: &spec::Operation, operation: &Operation) {
    let id = operation.id;
    let declared = contract.parameters(spec);
    let names: Vec<&str> = operation.parameters.iter().map(|argument| argument.wire).collect();
    assert_eq!(names, declared.iter().map(|raw| raw["name"].as_str().unwrap()).collect::<Vec<_>>(), "{id}");
    for (argument, raw) in operation.parameters.iter().zip(declared) {
        let at = format!("{id} {}", argument.wire);
        let place = place(argument);
        assert_eq!(raw["in"], place, "{at}");
        assert_eq!(argument.required, raw["required"] == Value::Bool(true), "{at}");
        let schema = spec.resolve(&raw["schema"]);
        let declared = |schema: &Value| (schema["minimum"].as_i64(), schema["maximum"].as_i64());
        assert_eq!((argument.minimum, argument.maximum), declared(schema), "{at}");
        assert_eq!((argument.legacy_minimum, argument.legacy_maximum), declared(&schema["x-legacy"]), "{at}");
        assert_eq!(argument.secret, schema["format"] == "password", "{at}");
    }
}

/// `application/json` if the body accepts it, otherwise the first media type.
fn media_type(body: &Value) -> &str {
    let content = body["content"].as_object().unwrap();
    if content.contains_key("application/json") { "application/json" } else { content.keys().next().unwrap() }
}
