//! Doc comments of the generated code.

use proc_macro2::TokenStream;
use quote::quote;

use crate::build::operation::{Media, Operation, Place};

/// The doc attribute of a text, none of an empty one.
pub fn attribute(text: &str) -> TokenStream {
    if text.is_empty() { TokenStream::new() } else { quote!(#[doc = #text]) }
}

/// A text as code, whatever is in it.
pub fn code(text: &str) -> String {
    let line = text.split(char::is_whitespace).collect::<Vec<_>>().join(" ");
    let is_plain = !line.trim().is_empty() && !line.contains(['`', '|']) && !line.contains(char::is_control);
    if is_plain { format!("`{line}`") } else { format!("<code>{}</code>", escaped(&line)) }
}

/// Every sign that means something to Markdown or HTML, as a number.
fn escaped(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == ' ';
    text.chars().map(|c| if plain(c) { c.to_string() } else { format!("&#{};", u32::from(c)) }).collect()
}

/// What the generator wrote as doc, without the schema that it appends.
pub fn of_attributes(attrs: &[syn::Attribute]) -> TokenStream {
    let mut text = String::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        if let syn::Meta::NameValue(syn::MetaNameValue { value: syn::Expr::Lit(literal), .. }) = &attr.meta
            && let syn::Lit::Str(line) = &literal.lit
        {
            text.push_str(&line.value());
            text.push('\n');
        }
    }
    let text = text.split("<details>").next().unwrap_or_default().trim();
    attribute(text)
}

/// The doc of an operation's method: summary, example, description, errors, source.
pub fn of_method(operation: &Operation, has_builder: bool) -> String {
    let mut lines = Vec::new();
    lines.push(if operation.summary.is_empty() {
        format!("Calls {}.", code(&operation.id))
    } else {
        sentence(&operation.summary)
    });
    lines.push(String::new());
    lines.push(example(operation, has_builder));
    if !operation.description.is_empty() {
        lines.push(operation.description.clone());
        lines.push(String::new());
    }
    let required: Vec<String> =
        operation.parameters.iter().filter(|p| p.required).map(|p| format!("`{}`", p.name)).collect();
    if !required.is_empty() {
        lines.push(format!("Required: {}.", required.join(", ")));
        lines.push(String::new());
    }
    lines.push("# Errors".to_owned());
    lines.push(String::new());
    lines.push("Before anything is sent: a missing or refused argument, an endpoint that is not set.".to_owned());
    let mut errors = operation.errors.clone();
    errors.sort_by_key(|(status, _)| (status == "default", status.clone()));
    if !errors.is_empty() {
        lines.push("From the server:".to_owned());
        lines.push(String::new());
        for (status, text) in &errors {
            let status = if status == "default" { "any other" } else { status };
            lines.push(format!("- {status}: {}", text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    lines.push(String::new());
    let call = code(&format!("{} {}", operation.method, operation.path));
    lines.push(format!("Source: Ory's operation {}, {call}.", code(&operation.id)));
    lines.join("\n")
}

fn sentence(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.ends_with('.') { text } else { format!("{text}.") }
}

/// The setters of an example that compiles: every required argument, and a body where there is one.
fn example_calls(operation: &Operation, has_builder: bool) -> String {
    let mut calls = String::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        let value = match (parameter.place, parameter.schema.get("type").and_then(serde_json::Value::as_str)) {
            (Place::Path, _) => "\"an-id\"",
            (_, Some("integer")) => "1",
            (_, Some("boolean")) => "true",
            (_, Some("number")) => "1.0",
            (_, Some("array")) => "[\"a\"]",
            _ => "\"a-value\"",
        };
        calls.push_str(&format!("\n    .{}({value})", parameter.name));
    }
    if let Some(body) = &operation.body {
        match body.media {
            Media::Json | Media::Form if has_builder => calls.push_str("\n    .body_map(|body| body)"),
            Media::Json | Media::Form => calls.push_str("\n    .json_body(serde_json::json!({}))"),
            Media::Text => calls.push_str("\n    .body(\"text\")"),
            Media::Bytes => calls.push_str("\n    .body(b\"bytes\".to_vec())"),
        }
    }
    calls
}

fn example(operation: &Operation, has_builder: bool) -> String {
    let calls = example_calls(operation, has_builder);
    format!(
        "```no_run\n# async fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::Error> {{\nlet answer = client\n    .{}(){calls}\n    .send()\n    .await?;\nprintln!(\"{{}}\", answer.status());\n# Ok(())\n# }}\n```\n",
        operation.name
    )
}

/// An example of a walk through a list.
pub fn walk_example(operation: &Operation, has_builder: bool) -> String {
    let calls = example_calls(operation, has_builder);
    format!(
        "```no_run\n# async fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::Error> {{\nlet mut rows = client\n    .{}(){calls}\n    .by_item();\nwhile let Some(row) = rows.next().await {{\n    let row = row?;\n}}\n# Ok(())\n# }}\n```\n",
        operation.name
    )
}
