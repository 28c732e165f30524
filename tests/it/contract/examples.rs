//! The examples in `openapi.yaml`. The build turns them into Rust code, so they must exist and fit their schemas.

use chrono::DateTime;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::support::spec::{Operation, Shape, Spec};

#[test]
fn required_parameters_have_examples_that_fit() {
    expect_none(&parameter_faults(&Spec::load()));
}

#[test]
fn request_bodies_have_examples_that_fit() {
    expect_none(&body_faults(&Spec::load()));
}

#[test]
fn json_results_say_what_an_example_reads() {
    expect_none(&result_faults(&Spec::load()));
}

#[track_caller]
fn expect_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn parameter_faults(spec: &Spec) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in spec.operations() {
        for parameter in operation.parameters(spec) {
            let at = format!("{}: parameter {}", operation.id, text(&parameter["name"]));
            match parameter.get("example") {
                Some(example) => check(spec, &at, &parameter["schema"], example, &mut faults),
                None if parameter["required"] == true => faults.push(format!("{at}: required, but without an example")),
                None => {}
            }
        }
    }
    faults
}

fn body_faults(spec: &Spec) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in spec.operations() {
        let Some(body) = operation.raw.get("requestBody") else { continue };
        let content = spec.resolve(body)["content"].as_object().unwrap();
        let main = if content.contains_key("application/json") { "application/json" } else { first_key(content) };
        for (media, part) in content {
            let at = format!("{}: {media} body", operation.id);
            match part.get("example") {
                Some(example) => check(spec, &at, &part["schema"], example, &mut faults),
                None if media == main => faults.push(format!("{at}: without an example")),
                None => {}
            }
        }
    }
    faults
}

fn result_faults(spec: &Spec) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in spec.operations() {
        let at = format!("{}: x-example-reads", operation.id);
        let path = operation.raw.get("x-example-reads");
        match (named_result(spec, &operation), path.and_then(Value::as_str)) {
            (Some(row), Some(path)) => check_path(spec, &at, row, path, &mut faults),
            (Some(_), None) => faults.push(format!("{at}: missing or not text, but the result is JSON")),
            (None, Some(_)) => faults.push(format!("{at}: there is no JSON result with properties")),
            (None, None) => {}
        }
    }
    faults
}

/// The schema that the path starts at: the JSON result, or one row of a list. `None` for free-form JSON, which has no
/// properties to name.
fn named_result<'a>(spec: &'a Spec, operation: &'a Operation) -> Option<&'a Value> {
    let mut responses = operation.raw["responses"].as_object().unwrap().iter();
    let schema = responses.find_map(|(status, raw)| {
        let schema = spec.resolve(raw).get("content")?.get("application/json")?.get("schema");
        schema.filter(|_| status.starts_with('2'))
    })?;
    let row = if let Shape::List(row) = spec.shape(schema) { row } else { schema };
    (!matches!(spec.shape(row), Shape::Any)).then_some(row)
}

fn check_path(spec: &Spec, at: &str, row: &Value, path: &str, faults: &mut Vec<String>) {
    let mut here = row;
    for name in path.split('.') {
        let Shape::Object { properties, .. } = spec.shape(here) else {
            faults.push(format!("{at}: {name:?} of {path:?} is looked up in something that is not an object"));
            return;
        };
        let Some(property) = properties.get(name) else {
            faults.push(format!("{at}: there is no {name:?} of {path:?}"));
            return;
        };
        here = property;
    }
    // A URL for the browser may be secret, because the example redirects to it instead of printing it.
    let is_secret = plain(spec, here)["format"] == "password" || here["x-sensitive"] == true;
    if is_secret && here["x-location"] != true {
        faults.push(format!("{at}: {path:?} is a secret"));
    }
}

/// Adds a fault for every place where a value does not fit its schema.
fn check(spec: &Spec, at: &str, schema: &Value, value: &Value, faults: &mut Vec<String>) {
    if value.is_null() && spec.is_nullable(schema) {
        return;
    }
    match spec.shape(schema) {
        Shape::Any => {}
        Shape::Object { properties, rest } => {
            let Some(map) = value.as_object() else {
                return faults.push(format!("{at}: expected an object, found {value}"));
            };
            for name in required(spec, schema) {
                if !map.contains_key(name) {
                    faults.push(format!("{at}: {name:?} is required and missing"));
                }
            }
            for (name, value) in map {
                let at = format!("{at}/{name}");
                match properties.get(name.as_str()).copied().or(rest) {
                    Some(schema) => check(spec, &at, schema, value, faults),
                    None => faults.push(format!("{at}: there is no such property")),
                }
            }
        }
        Shape::List(items) => match value.as_array() {
            Some(list) => {
                for (index, value) in list.iter().enumerate() {
                    check(spec, &format!("{at}/{index}"), items, value, faults);
                }
            }
            None => faults.push(format!("{at}: expected a list, found {value}")),
        },
        Shape::Union { tag, mapping } => match spec.variant(mapping, value.get(tag)) {
            Some(variant) => check(spec, at, variant, value, faults),
            None => faults.push(format!("{at}: {tag:?} is missing or has an unknown value")),
        },
        Shape::Plain { kind, .. } => check_plain(at, kind, plain(spec, schema), value, faults),
    }
}

fn check_plain(at: &str, kind: &str, schema: &Value, value: &Value, faults: &mut Vec<String>) {
    let has_kind = match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => value.is_boolean(),
    };
    if !has_kind {
        return faults.push(format!("{at}: expected {kind}, found {value}"));
    }
    if schema["enum"].as_array().is_some_and(|known| !known.contains(value)) {
        faults.push(format!("{at}: {value} is not in the enum"));
    }
    let has_format = match schema["format"].as_str() {
        Some("uuid") => Uuid::parse_str(text(value)).is_ok(),
        Some("date-time") => DateTime::parse_from_rfc3339(text(value)).is_ok(),
        _ => true,
    };
    if !has_format {
        faults.push(format!("{at}: {value} is not a {}", text(&schema["format"])));
    }
    let is_below = |bound: &str| schema[bound].as_f64().is_some_and(|bound| value.as_f64().is_some_and(|v| v < bound));
    let is_above = |bound: &str| schema[bound].as_f64().is_some_and(|bound| value.as_f64().is_some_and(|v| v > bound));
    if is_below("minimum") || is_above("maximum") {
        faults.push(format!("{at}: {value} is out of bounds"));
    }
    if value == "" {
        faults.push(format!("{at}: an empty text shows nothing"));
    }
}

/// Follows references and unwraps an `allOf` with one member, which only adds a description.
fn plain<'a>(spec: &'a Spec, schema: &'a Value) -> &'a Value {
    let schema = spec.resolve(schema);
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([one]) => plain(spec, one),
        _ => schema,
    }
}

fn required<'a>(spec: &'a Spec, schema: &'a Value) -> Vec<&'a str> {
    let schema = spec.resolve(schema);
    let own = ["required", "x-required-in-requests"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
    let mut names: Vec<&str> = own.map(text).collect();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        names.extend(required(spec, part));
    }
    names
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn first_key(map: &Map<String, Value>) -> &str {
    map.keys().next().map_or("", String::as_str)
}

#[test]
fn a_fault_names_the_operation_and_the_place() {
    let mut spec = Spec::load();
    set(&mut spec, "adminGetIdentity", "/parameters/0/example", json!(7));
    set(&mut spec, "adminListIdentities", "/parameters/0/example", json!(100_000));
    assert_eq!(
        parameter_faults(&spec),
        [
            "adminListIdentities: parameter page_size: 100000 is out of bounds",
            "adminGetIdentity: parameter id: expected string, found 7",
        ]
    );

    let login = json!({"method": "magic"});
    set(&mut spec, "submitSelfServiceLoginFlow", "/requestBody/content/application~1json/example", login);
    let identity = json!({"schema_id": "default", "state": "asleep", "trait": {}, "credentials": {"password": "x"}});
    set(&mut spec, "adminCreateIdentity", "/requestBody/content/application~1json/example", identity);
    let link = json!({"identity_id": "somebody"});
    set(&mut spec, "adminCreateSelfServiceRecoveryLink", "/requestBody/content/application~1json/example", link);
    set(&mut spec, "performOAuth2TokenFlow", "/requestBody/content/application~1x-www-form-urlencoded", json!({}));
    let body = "adminCreateIdentity: application/json body";
    let mut expected = vec![
        "submitSelfServiceLoginFlow: application/json body: \"method\" is missing or has an unknown value".to_owned(),
        format!("{body}: \"traits\" is required and missing"),
        format!("{body}/credentials/password: expected an object, found \"x\""),
        format!("{body}/state: \"asleep\" is not in the enum"),
        format!("{body}/trait: there is no such property"),
        "adminCreateSelfServiceRecoveryLink: application/json body/identity_id: \"somebody\" is not a uuid".to_owned(),
        "performOAuth2TokenFlow: application/x-www-form-urlencoded body: without an example".to_owned(),
    ];
    let mut found = body_faults(&spec);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);

    set(&mut spec, "toSession", "/x-example-reads", json!("identity.name"));
    set(&mut spec, "performOAuth2TokenFlow", "/x-example-reads", json!("access_token"));
    set(&mut spec, "purgeProject", "/x-example-reads", json!("id"));
    set(&mut spec, "listIdentitySchemas", "/x-example-reads", Value::Null);
    let mut found = result_faults(&spec);
    found.sort();
    assert_eq!(
        found,
        [
            "listIdentitySchemas: x-example-reads: missing or not text, but the result is JSON",
            "performOAuth2TokenFlow: x-example-reads: \"access_token\" is a secret",
            "purgeProject: x-example-reads: there is no JSON result with properties",
            "toSession: x-example-reads: there is no \"name\" of \"identity.name\"",
        ]
    );
}

/// Sets a value in an operation, at a JSON pointer.
fn set(spec: &mut Spec, id: &str, place: &str, value: Value) {
    let (parent, key) = place.rsplit_once('/').unwrap();
    let operations = spec.document["paths"].as_object_mut().unwrap().values_mut();
    let mut operations = operations.flat_map(|item| item.as_object_mut().unwrap().values_mut());
    let operation = operations.find(|operation| operation["operationId"] == id).unwrap();
    operation.pointer_mut(parent).unwrap()[key.replace("~1", "/")] = value;
}
