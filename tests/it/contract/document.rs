//! Checks `openapi.yaml` as a document: it is complete and described, and every union has a discriminator.

use serde_json::Value;

use crate::build::compile;
use crate::build::kinds::Area;
use crate::support::spec::{Shape, Spec};

#[test]
fn it_is_openapi_3_0_3_with_every_operation() {
    let spec = Spec::load();
    assert_eq!(spec.document["openapi"], "3.0.3");
    let operations = spec.operations();
    assert_eq!(operations.len(), 173);
    let mut ids: Vec<&str> = operations.iter().map(|operation| operation.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), operations.len(), "an operationId occurs twice");
    for operation in &operations {
        let tags = operation.raw["tags"].as_array().unwrap();
        assert!(
            matches!(tags.as_slice(), [Value::String(tag)] if Area::KNOWN.iter().any(|area| area.as_str() == tag)),
            "{}",
            operation.id
        );
        assert!(operation.raw["security"].is_array(), "{} does not say who may call it", operation.id);
    }
    let tags = spec.document["tags"].as_array().unwrap();
    assert_eq!(
        tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect::<Vec<_>>(),
        Area::KNOWN.map(|area| area.as_str())
    );
}

#[test]
fn the_crate_says_which_document_it_was_compiled_from() {
    let spec = Spec::load();
    let contract = ory_sdk::contract::current();
    assert_eq!(contract.title, spec.document["info"]["title"]);
    assert_eq!(contract.version, spec.document["info"]["version"]);
    assert_eq!(contract.operations, spec.operations().len());
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml")).unwrap();
    let hash: String = hmac_sha256::Hash::hash(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(contract.sha256, hash);
    let report = compile(&Spec::text(), &Area::KNOWN).unwrap().report;
    assert_eq!(contract.changes, report.lines().count());
}

#[test]
fn another_byte_is_another_hash() {
    let hash = |text: &str| {
        let code = compile(text, &[Area::Courier]).unwrap().table;
        code.split_once("SHA256 : & str = \"").unwrap().1[..64].to_owned()
    };
    let text = Spec::text();
    assert_eq!(hash(&text), ory_sdk::contract::current().sha256);
    assert_ne!(hash(&format!("{text}\n")), hash(&text));
}

#[test]
fn everything_is_described() {
    let spec = Spec::load();
    let mut missing = Vec::new();
    let mut check = |at: String, described: &Value| {
        if described["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            missing.push(at);
        }
    };
    for tag in spec.document["tags"].as_array().unwrap() {
        check(format!("tag {}", tag["name"]), tag);
    }
    for operation in spec.operations() {
        let id = operation.id;
        check(format!("operation {id}"), operation.raw);
        assert!(operation.raw["summary"].is_string(), "operation {id} has no summary");
        for parameter in operation.parameters(&spec) {
            check(format!("operation {id} parameter {}", parameter["name"]), parameter);
        }
        for (status, response) in operation.raw["responses"].as_object().unwrap() {
            check(format!("operation {id} response {status}"), spec.resolve(response));
        }
        each_schema(operation.raw, &mut |at, schema| properties(&format!("operation {id} {at}"), schema, &mut check));
    }
    for (name, schema) in spec.schemas() {
        check(format!("schema {name}"), schema);
        each_schema(schema, &mut |at, schema| properties(&format!("schema {name} {at}"), schema, &mut check));
    }
    assert!(missing.is_empty(), "without a description:\n{}", missing.join("\n"));
}

fn properties(at: &str, schema: &Value, check: &mut dyn FnMut(String, &Value)) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        check(format!("{at} property {name}"), property);
    }
}

/// Calls `visit` on everything in a tree that may be an object schema.
fn each_schema(value: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    fn inner(at: &str, value: &Value, visit: &mut dyn FnMut(&str, &Value)) {
        match value {
            Value::Object(map) => {
                // A property may be named `properties`; the map that contains it is not a schema.
                if map.get("properties").is_some_and(Value::is_object) && !at.ends_with("/properties") {
                    visit(at, value);
                }
                map.iter().for_each(|(key, value)| inner(&format!("{at}/{key}"), value, visit));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, value)| inner(&format!("{at}/{index}"), value, visit));
            }
            _ => {}
        }
    }
    inner("", value, visit);
}

#[test]
fn references_and_required_names_lead_somewhere() {
    let spec = Spec::load();
    let mut references = 0;
    each_reference(&spec.document, &mut |pointer| {
        references += 1;
        let found = pointer.strip_prefix('#').and_then(|path| spec.document.pointer(path));
        assert!(found.is_some(), "{pointer} points to nothing");
    });
    assert!(references > 100, "{references} references");
    for (name, schema) in spec.schemas() {
        for key in ["required", "x-required-in-requests"] {
            for required in schema[key].as_array().into_iter().flatten() {
                let Shape::Object { properties, .. } = spec.shape(schema) else { panic!("schema {name} is no object") };
                let required = required.as_str().unwrap();
                assert!(properties.contains_key(required), "schema {name}: {key} {required} is not declared");
            }
        }
    }
}

fn each_reference(value: &Value, visit: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(map) => {
            if let Some(pointer) = map.get("$ref").and_then(Value::as_str) {
                visit(pointer);
            }
            map.values().for_each(|value| each_reference(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|value| each_reference(value, visit)),
        _ => {}
    }
}

#[test]
fn unions_map_every_member() {
    let spec = Spec::load();
    let mut unions = 0;
    for (name, schema) in spec.schemas() {
        let Some(members) = schema.get("oneOf").and_then(Value::as_array) else {
            assert!(schema.get("anyOf").is_none(), "schema {name}: a union that no tag tells apart");
            continue;
        };
        unions += 1;
        let Shape::Union { tag, mapping } = spec.shape(schema) else { panic!("schema {name} has no discriminator") };
        let mut members: Vec<&str> = members.iter().map(|member| member["$ref"].as_str().unwrap()).collect();
        let mut mapped: Vec<&str> = mapping.values().map(|pointer| pointer.as_str().unwrap()).collect();
        members.sort_unstable();
        mapped.sort_unstable();
        mapped.dedup();
        assert_eq!(members, mapped, "schema {name}");
        for value in mapping.keys() {
            let variant = spec.variant(mapping, Some(&Value::from(value.as_str()))).unwrap();
            let Shape::Object { properties, .. } = spec.shape(variant) else { panic!("{name} {value} is no object") };
            let is_required = variant["required"].as_array().is_some_and(|names| names.iter().any(|name| name == tag));
            assert!(properties.contains_key(tag) && is_required, "{name} {value} does not require its tag {tag}");
        }
    }
    assert!(unions >= 6, "{unions} unions");
}
