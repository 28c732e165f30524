//! What a flow shows: nodes and messages.

use serde_json::{Map, Value, json};

use crate::testing::schema::{Fault, Schema, Violation, form_name};

/// A message.
pub(super) fn message(id: u32, kind: &str, text: &str) -> Value {
    json!({"id": id, "text": text, "type": kind})
}

/// A message with what its text is made of.
fn detailed(id: u32, text: &str, context: &Value) -> Value {
    json!({"id": id, "text": text, "type": "error", "context": context})
}

/// A refusal in free words.
pub(super) fn refusal(text: &str) -> Value {
    detailed(4_000_001, text, &json!({"reason": text}))
}

pub(super) fn missing(property: &str) -> Value {
    detailed(4_000_002, &format!("Property {property} is missing."), &json!({"property": property}))
}

pub(super) fn too_short(length: usize, minimum: usize) -> Value {
    let text = format!("The password must be at least {minimum} characters long, but got {length}.");
    detailed(4_000_032, &text, &json!({"actual_length": length, "min_length": minimum}))
}

pub(super) fn taken() -> Value {
    message(4_000_007, "error", "An account with the same identifier (email, phone, username, ...) exists already.")
}

/// What a form says of a trait.
fn of_violation(violation: &Violation) -> Value {
    match &violation.fault {
        Fault::Missing { property } => missing(property),
        Fault::Additional { property } => refusal(&format!("additionalProperties \"{property}\" not allowed")),
        Fault::NoEmail { value } => detailed(4_000_040, "Enter a valid email address", &json!({"value": value})),
        Fault::Type { expected, actual } => detailed(
            4_000_026,
            &format!("expected {expected}, but got {actual}"),
            &json!({"actual_type": actual, "allowed_types": [expected]}),
        ),
        Fault::Short { minimum, actual } => detailed(
            4_000_003,
            &format!("length must be >= {minimum}, but got {actual}"),
            &json!({"actual_length": actual, "min_length": minimum}),
        ),
    }
}

/// An input; what is null among the attributes is left out.
fn input(group: &str, attributes: Value, label: Option<Value>) -> Value {
    let mut all = Map::from_iter([("disabled".to_owned(), false.into()), ("node_type".to_owned(), "input".into())]);
    if let Value::Object(attributes) = attributes {
        all.extend(attributes.into_iter().filter(|(_, value)| !value.is_null()));
    }
    let meta = label.map_or(json!({}), |label| json!({"label": label}));
    json!({"type": "input", "group": group, "attributes": all, "messages": [], "meta": meta})
}

/// Native flows have the field of the token against forged requests, empty.
pub(super) fn csrf_token() -> Value {
    input("default", json!({"name": "csrf_token", "type": "hidden", "value": "", "required": true}), None)
}

fn titled(id: u32, title: &str, name: &str) -> Value {
    json!({"id": id, "text": title, "type": "info", "context": {"name": name, "title": title}})
}

/// The field for whatever trait people sign in with.
pub(super) fn identifier(schema: &Schema, autocomplete: Option<&str>) -> Value {
    let field = schema.identifier();
    let (title, name) = field.map_or_else(Default::default, |field| (field.text("title").to_owned(), field.name()));
    let attributes =
        json!({"name": "identifier", "type": "text", "value": "", "required": true, "autocomplete": autocomplete});
    input("default", attributes, Some(titled(1_070_002, &title, &name)))
}

pub(super) fn password(autocomplete: &str) -> Value {
    let attributes = json!({"name": "password", "type": "password", "required": true, "autocomplete": autocomplete});
    input("password", attributes, Some(message(1_070_001, "info", "Password")))
}

/// The button that submits with a method.
pub(super) fn submit(method: &str, label: Value) -> Value {
    input(method, json!({"name": "method", "type": "submit", "value": method}), Some(label))
}

/// A field for each trait.
pub(super) fn traits(schema: &Schema, group: &str) -> Vec<Value> {
    let fields = schema.fields();
    let nodes = fields.iter().map(|field| {
        let is_email = field.text("format") == "email";
        let kind = match field.text("type") {
            "boolean" => "checkbox",
            "integer" | "number" => "number",
            _ if is_email => "email",
            _ => "text",
        };
        let attributes = json!({
            "name": field.name(),
            "type": kind,
            "required": field.required.then_some(true),
            "autocomplete": is_email.then_some("email"),
        });
        input(group, attributes, Some(titled(1_070_002, field.text("title"), &field.name())))
    });
    nodes.collect()
}

fn find<'a>(nodes: &'a mut [Value], name: &str) -> Option<&'a mut Value> {
    nodes.iter_mut().find(|node| node["attributes"]["name"] == name)
}

pub(super) fn set_value(nodes: &mut [Value], name: &str, value: Value) {
    if let Some(node) = find(nodes, name) {
        node["attributes"]["value"] = value;
    }
}

/// Writes the traits that were sent into their fields.
pub(super) fn set_traits(nodes: &mut [Value], schema: &Schema, traits: &Value) {
    for field in schema.fields() {
        if let Some(value) = traits.pointer(&field.pointer) {
            set_value(nodes, &field.name(), value.clone());
        }
    }
}

/// Takes the messages of the last submit away.
pub(super) fn forget_messages(nodes: &mut [Value]) {
    for node in nodes {
        node["messages"] = json!([]);
    }
}

/// Says something at a field; a field that is not there is made, since a form must be able to show it.
pub(super) fn say_at(nodes: &mut Vec<Value>, group: &str, name: &str, message: Value) {
    if find(nodes, name).is_none() {
        nodes.push(input(group, json!({"name": name, "type": "text"}), None));
    }
    if let Some(messages) = find(nodes, name).and_then(|node| node["messages"].as_array_mut()) {
        messages.push(message);
    }
}

/// Says at each trait what is wrong with it.
pub(super) fn say_violations(nodes: &mut Vec<Value>, group: &str, violations: &[Violation]) {
    for violation in violations {
        say_at(nodes, group, &form_name(&violation.pointer), of_violation(violation));
    }
}

/// Empties the fields of all traits.
pub(super) fn forget_traits(nodes: &mut [Value], schema: &Schema) {
    for field in schema.fields() {
        if let Some(attributes) = find(nodes, &field.name()).and_then(|node| node["attributes"].as_object_mut()) {
            attributes.remove("value");
        }
    }
}
