//! The whole surface in one file: `tests/data/surface.txt` has a line for each operation, so that a change of the
//! contract shows as a change of that file. To write it anew:
//!
//! `ORY_SDK_WRITE_SURFACE=1 cargo test --test it write_surface -- --ignored`

use std::fmt::Write;

use ory_sdk::contract::{Area, Argument, Endpoint, Operation};
use serde_json::Value;

use crate::spec::{self, Spec};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/surface.txt");

#[test]
fn the_table_is_the_committed_surface() {
    let committed = std::fs::read_to_string(FILE).unwrap();
    let (now, committed): (Vec<String>, Vec<&str>) = (surface(), committed.lines().collect());
    let gone: Vec<String> =
        committed.iter().filter(|line| !now.iter().any(|n| n == *line)).map(|l| format!("- {l}")).collect();
    let new: Vec<String> =
        now.iter().filter(|line| !committed.contains(&line.as_str())).map(|l| format!("+ {l}")).collect();
    assert!(gone.is_empty() && new.is_empty(), "the surface changed:\n{}\n{}", gone.join("\n"), new.join("\n"));
    assert_eq!(now, committed, "not one line an operation, sorted");
}

/// Without the variable it compares, so that running every ignored test changes no file.
#[test]
#[ignore = "writes tests/data/surface.txt with ORY_SDK_WRITE_SURFACE"]
fn write_surface() {
    let text = surface().join("\n") + "\n";
    if std::env::var_os("ORY_SDK_WRITE_SURFACE").is_some() {
        std::fs::write(FILE, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(FILE).unwrap(), text);
}

/// A line an operation, sorted by Ory's names.
fn surface() -> Vec<String> {
    let mut lines: Vec<String> = ory_sdk::operations().iter().map(|operation| line(operation)).collect();
    lines.sort();
    lines
}

fn line(operation: &Operation) -> String {
    let Operation { id, method, path, area, endpoint, success, .. } = operation;
    let list = |items: Vec<String>| if items.is_empty() { "-".to_owned() } else { items.join(" ") };
    let security = list(operation.security.iter().map(ToString::to_string).collect());
    let arguments = list(operation.arguments.iter().map(argument).collect());
    let body = operation.body.map_or("-".to_owned(), |body| {
        format!("{}{} {}", body.ty, if body.required { "!" } else { "?" }, body.content_type)
    });
    format!("{id} | {method} {path} | {area} | {endpoint} | {security} | {arguments} | {body} | {success}")
}

/// `query:page?[1.., legacy 0..]`: its place, whether it is required, and its bounds.
fn argument(argument: &Argument) -> String {
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

fn place(argument: &Argument) -> String {
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
    for operation in ory_sdk::operations() {
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
        let statuses: Vec<&String> = contract.raw["responses"].as_object().unwrap().keys().collect();
        assert_eq!(operation.redirect, statuses.iter().any(|status| status.starts_with('3')), "{id}");
        assert_eq!(operation.legacy, contract.raw["x-legacy"].as_str(), "{id}");
    }
    let compiled = |tag: &str| ory_sdk::operations().iter().any(|operation| operation.area.to_string() == tag);
    let expected = declared.iter().filter(|declared| compiled(declared.raw["tags"][0].as_str().unwrap())).count();
    assert_eq!(ory_sdk::operations().len(), expected);
    assert!(!ory_sdk::operations().iter().any(|operation| matches!(operation.area, Area::Other(_))));
}

fn endpoint(tag: &str, path: &str) -> Endpoint {
    match (tag, path.starts_with("/admin/")) {
        ("project", _) => Endpoint::Console,
        ("oauth2" | "jwk", true) => Endpoint::HydraAdmin,
        ("oauth2" | "jwk", false) => Endpoint::HydraPublic,
        (_, true) => Endpoint::KratosAdmin,
        (_, false) => Endpoint::KratosPublic,
    }
}

/// The table's names of the contract's security schemes.
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
    let names: Vec<&str> = operation.arguments.iter().map(|argument| argument.wire).collect();
    assert_eq!(names, declared.iter().map(|raw| raw["name"].as_str().unwrap()).collect::<Vec<_>>(), "{id}");
    for (argument, raw) in operation.arguments.iter().zip(declared) {
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

/// JSON where it may be sent, else the only other type there is.
fn media_type(body: &Value) -> &str {
    let content = body["content"].as_object().unwrap();
    if content.contains_key("application/json") { "application/json" } else { content.keys().next().unwrap() }
}
