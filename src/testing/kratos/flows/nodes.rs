//! The inputs of Kratos' forms.

use serde_json::{Value, json};

use super::json::message;
use crate::testing::kratos::csrf;
use crate::testing::model::{Display, Flow, Form, Message, Node};
use crate::testing::schema::{Field, Schema};

/// The CSRF token, which is empty in flows of native apps.
pub(super) fn csrf_token(flow: &Flow) -> Node {
    let value = flow.csrf.as_ref().map(|token| csrf::mask(token)).unwrap_or_default();
    Node { value: Some(json!(value)), required: true, ..Node::new("default", "csrf_token", "hidden") }
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
    button(method, "method", method, label)
}

/// A button that submits a value.
pub(super) fn button(group: &'static str, name: &str, value: &str, label: Message) -> Node {
    Node { value: Some(json!(value)), label: Some(label), ..Node::new(group, name, "submit") }
}

pub(super) fn continue_label() -> Message {
    Message::info(1_070_009, "Continue")
}

/// The address to which a code or a link is mailed.
pub(super) fn email(group: &'static str) -> Node {
    Node { required: true, label: Some(Message::info(1_070_007, "Email")), ..Node::new(group, "email", "email") }
}

/// A required text input.
pub(super) fn text(group: &'static str, name: &str, label: Message) -> Node {
    Node { required: true, label: Some(label), ..Node::new(group, name, "text") }
}

/// The method of a form with several buttons.
pub(super) fn hidden_method(method: &'static str) -> Node {
    Node { value: Some(json!(method)), ..Node::new(method, "method", "hidden") }
}

pub(super) fn resend_label() -> Message {
    Message::info(1_070_008, "Resend code")
}

/// The button that leads back to a screen of a registration in two steps.
pub(super) fn back(screen: &str) -> Node {
    button("profile", "screen", screen, Message::info(1_040_008, "Back"))
}

/// A link that goes on to this URL.
pub(super) fn continue_link(group: &'static str, url: &str) -> Node {
    Node::display(group, "continue", Display::Link(url.to_owned(), continue_label()), continue_label())
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

/// Shows lookup secrets. Those that were used are named by the time of their use.
pub(super) fn lookup_secrets(secrets: &[Message]) -> Node {
    let texts: Vec<&str> = secrets.iter().map(|secret| secret.text.as_str()).collect();
    let context = json!({"secrets": secrets.iter().map(message).collect::<Vec<Value>>()});
    let text = Message::info(1_050_015, texts.join(", ")).context(context);
    let label = Message::info(1_050_010, "These are your back up recovery codes. Please keep them in a safe place!");
    Node::display("lookup_secret", "lookup_secret_codes", Display::Text(text), label)
}
