//! The memory and time that hostile responses take, measured in a child process: this test binary again. A response within the
//! size limit takes at most 24 times its size, whatever its shape.
#![cfg(target_os = "linux")]

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ory_sdk::ErrorKind;
use ory_sdk::flow::FlowKind;
use serde_json::{Map, Value, json};

use crate::ALLOCATED;
use crate::support::dispatch::{self, Given};
use crate::support::server::Reply;
use crate::support::spec::{Shape, Spec};
use crate::support::stub::{self, Stub};

const MIB: usize = 1 << 20;
const TIMES: usize = 24;

/// The processor time that this process has used, in hundredths of a second.
fn cpu() -> usize {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    fields[11].parse::<usize>().unwrap() + fields[12].parse::<usize>().unwrap()
}

/// The most that the cases of each operation have taken, in tenths of their size.
#[derive(Default)]
struct Most(RefCell<BTreeMap<String, usize>>);

impl Most {
    /// Checks what was allocated since `before`, the response of this length included.
    fn check(&self, at: &str, before: usize, length: usize) {
        let taken = ALLOCATED.peak_usage().saturating_sub(before);
        assert!(taken <= TIMES * length, "{at}: {} times its size", taken / length);
        let operation = at.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let mut most = self.0.borrow_mut();
        let known = most.entry(operation.to_owned()).or_default();
        *known = (*known).max(taken * 10 / length);
        ALLOCATED.reset_peak_usage();
    }

    /// Prints a line for each operation, the greediest first.
    fn print(&self) {
        let most = self.0.borrow();
        let mut lines: Vec<_> = most.iter().collect();
        lines.sort_by_key(|(_, most)| Reverse(**most));
        for (operation, most) in lines {
            println!("| {operation} | {}.{} |", most / 10, most % 10);
        }
    }
}

/// What can be repeated at a place.
enum Hole {
    /// A list with this item.
    List(String),
    /// A map with this value.
    Map(String),
    Free,
}

/// A document with a hole: what stands before and after it.
struct Worst {
    name: String,
    before: String,
    after: String,
    hole: Hole,
}

/// The smallest value of a schema.
fn smallest(spec: &Spec, schema: &Value, depth: usize) -> Value {
    let schema = spec.resolve(schema);
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    match spec.shape(schema) {
        Shape::Any => json!(null),
        Shape::List(_) => json!([]),
        Shape::Plain { time: true, .. } => json!("2026-01-02T03:04:05Z"),
        Shape::Plain { kind: "string", .. } if schema["format"] == "uuid" => {
            json!("00000000-0000-4000-8000-000000000000")
        }
        Shape::Plain { kind: "string", .. } => json!("x"),
        Shape::Plain { kind: "boolean", .. } => json!(true),
        Shape::Plain { .. } => json!(1),
        Shape::Union { tag, mapping } => {
            let (value, _) = mapping.iter().next().unwrap();
            let mut object = smallest(spec, spec.variant(mapping, Some(&json!(value))).unwrap(), depth + 1);
            object[tag] = json!(value);
            object
        }
        Shape::Object { properties, .. } => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let required = required.filter(|name| depth < 8 && properties.contains_key(name));
            required.map(|name| (name.to_owned(), smallest(spec, properties[name], depth + 1))).collect()
        }
    }
}

/// Every place of a schema at which something can be repeated, each component once.
fn holes(spec: &Spec, schema: &Value, seen: &mut BTreeSet<String>) -> Vec<Worst> {
    let target = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    if let Some(target) = target
        && !seen.insert(target.to_owned())
    {
        return Vec::new();
    }
    let worst = |hole| Worst { name: String::new(), before: String::new(), after: String::new(), hole };
    let schema = spec.resolve(schema);
    let mut found = Vec::new();
    match spec.shape(schema) {
        Shape::Any => found.push(worst(Hole::Free)),
        Shape::List(items) => {
            found.push(worst(Hole::List(smallest(spec, items, 0).to_string())));
            found.extend(holes(spec, items, seen).into_iter().map(|inner| within(inner, "[0]", "[", "]")));
        }
        Shape::Union { tag, mapping } => {
            found.push(within(worst(Hole::Map("0".to_owned())), "", "", ""));
            for (value, pointer) in mapping {
                let variant = json!({ "$ref": pointer });
                for inner in holes(spec, &variant, seen) {
                    let before = inner.before.replacen('{', &format!("{{\"{tag}\":\"{value}\","), 1);
                    found.push(Worst { before, ..inner });
                }
            }
        }
        Shape::Object { properties, rest } => {
            let base = smallest(spec, schema, 0);
            for (name, property) in &properties {
                let mut others: Map<String, Value> = base.as_object().unwrap().clone();
                others.remove(*name);
                let others = Value::Object(others).to_string();
                let start = others.strip_suffix('}').unwrap();
                let comma = if start == "{" { "" } else { "," };
                let before = format!("{start}{comma}\"{name}\":");
                for inner in holes(spec, property, seen) {
                    found.push(within(inner, &format!(".{name}"), &before, "}"));
                }
            }
            if let Some(rest) = rest {
                let value = if rest.is_object() { smallest(spec, rest, 0).to_string() } else { "0".to_owned() };
                if base.as_object().unwrap().is_empty() {
                    found.push(worst(Hole::Map(value)));
                }
            }
        }
        Shape::Plain { .. } => {}
    }
    found
}

fn within(inner: Worst, name: &str, before: &str, after: &str) -> Worst {
    Worst {
        name: format!("{name}{}", inner.name),
        before: format!("{before}{}", inner.before),
        after: format!("{}{after}", inner.after),
        hole: inner.hole,
    }
}

/// Repeats a part between commas up to a size.
fn list(part: &str, size: usize) -> String {
    let mut text = format!("[{part}");
    while text.len() < size {
        text.push(',');
        text.push_str(part);
    }
    text + "]"
}

fn map(value: &str, size: usize) -> String {
    let mut text = format!("{{\"\":{value}");
    let mut key = 0;
    while text.len() < size {
        text.push_str(&format!(",\"{key:x}\":{value}"));
        key += 1;
    }
    text + "}"
}

impl Worst {
    fn kind(&self) -> String {
        match &self.hole {
            Hole::List(item) => format!("list of {item}"),
            Hole::Map(value) => format!("map of {value}"),
            Hole::Free => "free".to_owned(),
        }
    }

    fn bodies(&self, size: usize) -> Vec<(&'static str, String)> {
        let filled = |name, text: String| (name, format!("{}{text}{}", self.before, self.after));
        match &self.hole {
            Hole::List(item) => vec![filled("items", list(item, size))],
            Hole::Map(value) => vec![
                filled("map", map(value, size)),
                filled("long key", map(value, size / 2).replacen("\"\"", &format!("\"{}\"", "k".repeat(size / 2)), 1)),
            ],
            Hole::Free => vec![
                filled("objects", list("{\"a\":0}", size)),
                filled("empty", list("{}", size)),
                filled("deep", list(&format!("{}{}", "[".repeat(100), "]".repeat(100)), size)),
                filled("wide", map("0", size)),
                filled("texts", list("\"a\"", size)),
                filled("long text", format!("\"{}\"", "\\u00e9".repeat(size / 6))),
                filled("long numbers", list(&"1".repeat(300), size)),
                filled("long number", "1".repeat(size)),
            ],
        }
    }
}

/// Every operation of the contract, each type of success once.
async fn every_success(size: usize, most: &Most) -> usize {
    let spec = Spec::load();
    let stub = Stub::start().await;
    let (mut cases, mut types, mut seen, mut kinds) = (0, BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    for operation in spec.operations() {
        let Some(schema) = operation.success(&spec, 200).and_then(|raw| raw["content"].get("application/json")) else {
            continue;
        };
        let Some(method) = stub::method(operation.id).filter(|_| types.insert(schema["schema"].to_string())) else {
            continue;
        };
        // What is repeated decides what it takes, and not the place, so two places for each are enough.
        let worst = holes(&spec, &schema["schema"], &mut seen).into_iter().filter(|worst| {
            let count: &mut usize = kinds.entry(worst.kind()).or_default();
            *count += 1;
            *count <= 2
        });
        for worst in worst {
            for (name, body) in worst.bodies(size) {
                let at = format!("{}{} {name}", operation.id, worst.name);
                let (before, length) = (ALLOCATED.current_usage(), body.len());
                stub.next(Reply::new(200, &[("Content-Type", "application/json")], body));
                let given = Given { discard: true, ..Given::default() };
                let called = dispatch::call_with(&stub.client, method, &given).await.unwrap();
                if let Err(error) = called.response {
                    let expected = [ErrorKind::TooLarge, ErrorKind::Decode].contains(&error.kind());
                    assert!(expected && error.to_string().len() < 1000, "{at}: {error}");
                }
                most.check(&at, before, length);
                cases += 1;
            }
        }
    }
    cases
}

/// Errors and forms, whose bodies are read by methods.
async fn every_error(size: usize, most: &Most) -> usize {
    let stub = Stub::with(|builder| builder.error_limit(64 * MIB)).await;
    let flow = |more: String| format!("{{\"id\":\"x\",\"ui\":{{\"action\":\"/\",\"method\":\"POST\",{more}}}}}");
    let bodies = [
        ("nodes", flow(format!("\"nodes\":{}", list("{}", size)))),
        ("messages", flow(format!("\"messages\":{}", list("{}", size)))),
        ("texts", flow(format!("\"messages\":{}", list("{\"id\":1}", size)))),
        ("value", flow(format!("\"nodes\":[{{\"attributes\":{{\"value\":{}}}}}]", list("{\"a\":0}", size)))),
        ("objects", list("{\"a\":0}", size)),
        ("details", format!("{{\"error\":{{\"details\":{}}}}}", list("[[]]", size))),
        ("continue", format!("{{\"continue_with\":{}}}", list("{}", size))),
        ("wide", map("0", size)),
    ];
    for (name, body) in &bodies {
        let (before, length) = (ALLOCATED.current_usage(), body.len());
        stub.next(Reply::new(400, &[], body.clone()));
        let error = stub.client.to_session().await.unwrap_err();
        let _ = (error.next_step(), error.is_from_gateway(), error.continue_with().len(), error.to_string());
        let _ = error.form();
        let _ = error.flow::<ory_sdk::types::SelfServiceLoginFlow>();
        most.check(&format!("error {name}"), before, length);
        drop(error);
        stub.next(Reply::new(200, &[], body.clone()));
        drop(stub.client.get_flow(FlowKind::Login, "x").await);
        most.check(&format!("form {name}"), before, length);
        drop(stub.client.submit_flow(FlowKind::Login, "x").json_body(json!({})).await);
        most.check(&format!("submitted {name}"), before, length);
        if let Ok(flow) = stub.client.get_self_service_login_flow().id("x").await {
            let _ = (ory_sdk::flow::Flow::form(&*flow), flow.next_step());
        }
        most.check(&format!("flow {name}"), before, length);
    }
    bodies.len()
}

#[tokio::test]
#[ignore = "is run by the test of memory"]
async fn child() {
    if std::env::var("MEMORY_CHILD").is_err() {
        return;
    }
    // Allocates what is allocated only once, here or in libraries.
    drop(Stub::start().await.client.to_session().await);
    let mut times = Vec::new();
    for size in [4 * MIB, 8 * MIB] {
        let start = cpu();
        let most = Most::default();
        let errors = every_error(size, &most).await;
        let successes = every_success(size, &most).await;
        println!("{errors} errors and {successes} successes of {size} bytes, each at most so many times its size:");
        most.print();
        times.push(cpu() - start);
    }
    // Twice the size takes about twice the time. Quadratic time would be four times.
    assert!(times[1] <= 3 * times[0] + 50, "{times:?}");
}

#[tokio::test]
async fn no_response_takes_more_than_24_times_its_size() {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["wire::memory::child", "--exact", "--ignored", "--nocapture"]).env("MEMORY_CHILD", "1");

    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{errors}");
    print!("{text}");
}
