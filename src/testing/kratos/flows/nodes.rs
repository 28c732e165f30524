//! The inputs of Kratos' forms.

use serde_json::{Value, json};

use crate::testing::model::{Form, Message, Node};
use crate::testing::schema::{Field, Schema};

/// The CSRF token, which is empty in flows of native apps.
pub(super) fn csrf_token() -> Node {
    Node { value: Some(json!("")), required: true, ..Node::new("default", "csrf_token", "hidden") }
}

/// The input for the trait with which people sign in.
pub(super) fn identifier(schema: &Schema, autocomplete: Option<&'static str>) -> Node {
    let field = schema.identifier();
    let (title, name) = field.map_or_else(Default::default, |field| (field.text("title").to_owned(), field.name()));
    let label = Some(title_label(&title, &name));
    let value = Some(json!(""));
    Node { value, required: true, autocomplete, label, ..Node::new("default", "identifier", "text") }
}

pub(super) fn password(autocomplete: &'static str) -> Node {
    let label = Some(Message::info(1_070_001, "Password"));
    let autocomplete = Some(autocomplete);
    Node { required: true, autocomplete, label, ..Node::new("password", "password", "password") }
}

/// The button that submits the form with `method`.
pub(super) fn submit(method: &'static str, label: Message) -> Node {
    Node { value: Some(json!(method)), label: Some(label), ..Node::new(method, "method", "submit") }
}

/// An input for each trait.
pub(super) fn traits(schema: &Schema, group: &'static str) -> Vec<Node> {
    schema.fields().iter().map(|field| trait_input(field, group)).collect()
}

fn trait_input(field: &Field, group: &'static str) -> Node {
    let is_email = field.text("format") == "email";
    let kind = match field.text("type") {
        "boolean" => "checkbox",
        "integer" | "number" => "number",
        _ if is_email => "email",
        _ => "text",
    };
    Node {
        required: field.required,
        autocomplete: is_email.then_some("email"),
        label: Some(title_label(field.text("title"), &field.name())),
        ..Node::new(group, field.name(), kind)
    }
}

fn title_label(title: &str, name: &str) -> Message {
    Message::info(1_070_002, title).context(json!({"name": name, "title": title}))
}

/// Fills in the inputs of these traits.
pub(super) fn set_traits(form: &mut Form, schema: &Schema, traits: &Value) {
    for field in schema.fields() {
        if let Some(value) = traits.pointer(&field.pointer) {
            form.set_value(&field.name(), value.clone());
        }
    }
}

/// Empties the inputs of all traits.
pub(super) fn clear_traits(form: &mut Form, schema: &Schema) {
    for field in schema.fields() {
        form.clear_value(&field.name());
    }
}
