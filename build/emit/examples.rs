//! Rust examples for the docs of operations, from the `example`s of the contract.

use serde_json::Value;

use super::made::Made;
use super::{paths, rows, setter};
use crate::build::lower::own_types;
use crate::build::operation::{Media, Operation, ResponseBody};
use crate::build::schema;

/// Optional parameters in an example, at most.
const OPTIONAL: usize = 1;

/// A call of an operation, and one field of what it returns.
pub fn call(made: &Made, operation: &Operation) -> String {
    let setters = setters(made, operation);
    let call = format!("client\n    .{}(){setters}\n    .await?", operation.name);
    let read = reading(made, operation);
    let code = match read {
        Some(read) => format!("let response = {call};\n{read}"),
        None => format!("{call};"),
    };
    block(&code)
}

/// A walk through a list.
pub fn walk(made: &Made, operation: &Operation) -> String {
    let setters = setters(made, operation);
    let item = rows::rows(made, operation).ok().flatten().map(|rows| rows.item);
    let row = item.and_then(|item| field_of(made, &item, operation.reads.as_deref()?, "row"));
    let print = match row {
        Some(row) => format!("    let row = row?;\n    println!(\"{{:?}}\", {row});"),
        None => "    println!(\"{:?}\", row?);".to_owned(),
    };
    block(&format!(
        "let mut rows = client\n    .{}(){setters}\n    .by_item();\nwhile let Some(row) = rows.next().await {{\n{print}\n}}",
        operation.name
    ))
}

/// Code in a function, so that it compiles and nothing is sent.
fn block(code: &str) -> String {
    format!(
        "```no_run\n# async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {{\n{code}\n# Ok(())\n# }}\n```\n"
    )
}

/// The setters: every required parameter, a few others that have an example, and the body.
fn setters(made: &Made, operation: &Operation) -> String {
    let mut calls = String::new();
    let mut optional = 0;
    for parameter in &operation.parameters {
        if !parameter.required {
            if parameter.example.is_none() || optional == OPTIONAL {
                continue;
            }
            optional += 1;
        }
        let value = match &parameter.example {
            Some(example) => literal(example),
            None => match parameter.schema.get("type").and_then(Value::as_str) {
                Some("integer") => "1".to_owned(),
                Some("boolean") => "true".to_owned(),
                Some("number") => "1.0".to_owned(),
                Some("array") => "[\"a\"]".to_owned(),
                _ => "\"a-value\"".to_owned(),
            },
        };
        calls.push_str(&format!("\n    .{}({value})", parameter.name));
    }
    calls.push_str(&body(made, operation));
    calls
}

fn body(made: &Made, operation: &Operation) -> String {
    let Some(body) = &operation.body else { return String::new() };
    let example = body.example.as_ref();
    match body.media {
        Media::Text => format!("\n    .body({})", example.map_or("\"text\"".to_owned(), literal)),
        Media::Bytes => "\n    .body(b\"bytes\".to_vec())".to_owned(),
        Media::Json | Media::Form => {
            let target = schema::target(&body.schema);
            let is_patch = target.and_then(own_types::of_component).is_some();
            let setters = match (target.filter(|name| made.is_struct(name)), example) {
                (Some(name), Some(Value::Object(example))) => fields(made, name, example),
                (Some(_), None) => Some(String::new()),
                _ => None,
            };
            if let Some(variant) = target.and_then(|name| variant(made, name, example?)) {
                return format!("\n    .body({variant})");
            }
            match (setters, example) {
                (Some(setters), _) => format!("\n    .body_map(|body| body{setters})"),
                (None, Some(Value::Array(steps))) if is_patch => format!("\n    .body({})", patch(steps)),
                (None, example) => {
                    format!(
                        "\n    .json_body(serde_json::json!({}))",
                        json(example.unwrap_or(&Value::Object(Default::default())), 1)
                    )
                }
            }
        }
    }
}

/// The variant of a union that the example's tag names, built field by field.
fn variant(made: &Made, union: &str, example: &Value) -> Option<String> {
    let union = made.union(union)?;
    let mut example = example.as_object()?.clone();
    let tag = example.remove(&union.tag)?;
    let target = union.variants.get(tag.as_str()?)?;
    let setters = fields(made, target, &example)?;
    Some(format!("\n        ory_sdk::types::{target}::builder(){setters}\n        .build()?,\n    "))
}

/// The setters of a struct. `None` if one of them takes what cannot be written plainly.
fn fields(made: &Made, of: &str, example: &serde_json::Map<String, Value>) -> Option<String> {
    let mut calls = String::new();
    for (wire, value) in example {
        let field = made.field_on_wire(of, wire)?;
        let setter = setter::of_field(field.ident.as_ref()?);
        let ty = paths::argument_of(&field.ty, "Option").unwrap_or(&field.ty);
        calls.push_str(&format!("\n        .{setter}({})", argument(ty, value)?));
    }
    Some(calls)
}

/// A value as the setter of this type takes it.
fn argument(ty: &syn::Type, value: &Value) -> Option<String> {
    let inner = paths::argument_of(ty, "Vec");
    match (inner, value) {
        (Some(item), Value::Array(values)) => {
            let values: Option<Vec<String>> = values.iter().map(|value| argument(item, value)).collect();
            Some(format!("[{}]", values?.join(", ")))
        }
        (Some(_), _) => None,
        (None, value) => match paths::last_name(ty)?.as_str() {
            "DateTime" | "BTreeMap" | "Map" => None,
            "Value" => Some(format!("serde_json::json!({})", json(value, 2))),
            _ if value.is_null() => None,
            _ => Some(any(value, 2)),
        },
    }
}

/// A scalar as it is, and anything else by the macro `json!`.
fn any(value: &Value, depth: usize) -> String {
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => literal(value),
        other => format!("serde_json::json!({})", json(other, depth)),
    }
}

/// A scalar, or a list of scalars.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Array(values) => format!("[{}]", values.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        other => format!("serde_json::json!({})", json(other, 1)),
    }
}

/// JSON as the macro `json!` takes it, over several lines if it is long.
fn json(value: &Value, depth: usize) -> String {
    let short = value.to_string().replace("\":", "\": ").replace(",\"", ", \"");
    if short.len() < 80 {
        return short;
    }
    let indent = "    ".repeat(depth + 1);
    let close = "    ".repeat(depth);
    match value {
        Value::Object(map) => {
            let lines: Vec<String> =
                map.iter().map(|(key, value)| format!("{indent}{key:?}: {},", json(value, depth + 1))).collect();
            format!("{{\n{}\n{close}}}", lines.join("\n"))
        }
        Value::Array(values) => {
            let lines: Vec<String> =
                values.iter().map(|value| format!("{indent}{},", json(value, depth + 1))).collect();
            format!("[\n{}\n{close}]", lines.join("\n"))
        }
        scalar => scalar.to_string(),
    }
}

/// The steps of a JSON Patch.
fn patch(steps: &[Value]) -> String {
    let text = |step: &Value, key: &str| step.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut calls = "ory_sdk::input::JsonPatch::new()".to_owned();
    for step in steps {
        let (op, path) = (text(step, "op"), text(step, "path"));
        calls.push_str(&match op.as_str() {
            "remove" => format!(".remove({path:?})?"),
            "copy" => format!(".copy({:?}, {path:?})?", text(step, "from")),
            "move" => format!(".move_value({:?}, {path:?})?", text(step, "from")),
            op => {
                format!(".{op}({path:?}, {})?", any(step.get("value").unwrap_or(&Value::Null), 1))
            }
        });
    }
    calls
}

/// The statement that reads the field of the result.
fn reading(made: &Made, operation: &Operation) -> Option<String> {
    let body = &operation.success.body;
    let ty = match body {
        ResponseBody::Json(schema) | ResponseBody::JsonOrText(schema) => Some(paths::of_schema(schema).ok()?),
        ResponseBody::Text | ResponseBody::Bytes => None,
        ResponseBody::SecretText => return Some("println!(\"{} bytes\", response.raw_body().len());".to_owned()),
        ResponseBody::Empty => return None,
    };
    // How the value is reached in the response.
    let wrapper = match (operation.success.redirect, operation.success.optional, body) {
        (true, false, ResponseBody::Json(_) | ResponseBody::Text) => Some("response.value()"),
        (false, true, ResponseBody::Json(_)) => Some("response.as_ref()"),
        (false, false, ResponseBody::JsonOrText(_)) => Some("response.json()"),
        (false, false, _) => None,
        _ => return Some("println!(\"{}\", response.status());".to_owned()),
    };
    let name = if wrapper.is_some() { "body" } else { "response" };
    let statement = match &ty {
        None => format!("println!(\"{{}} bytes\", {name}.len());"),
        Some(ty) => match (paths::argument_of(ty, "Vec"), operation.reads.as_deref()) {
            (Some(item), Some(reads)) => {
                let read = field_of(made, item, reads, "row")?;
                format!("for row in {name}.iter() {{\n    println!(\"{{:?}}\", {read});\n}}")
            }
            (Some(_), None) => format!("println!(\"{{}} rows\", {name}.len());"),
            (None, Some(reads)) => format!("println!(\"{{:?}}\", {});", field_of(made, ty, reads, name)?),
            (None, None) if wrapper.is_none() => "println!(\"{:?}\", *response);".to_owned(),
            (None, None) => "println!(\"{body:?}\");".to_owned(),
        },
    };
    Some(match wrapper {
        Some(wrapper) => {
            let inner: Vec<String> = statement.lines().map(|line| format!("    {line}")).collect();
            format!("if let Some(body) = {wrapper} {{\n{}\n}}", inner.join("\n"))
        }
        None => statement,
    })
}

/// The expression that reads a path of properties. Optional properties are passed through.
fn field_of(made: &Made, ty: &syn::Type, reads: &str, name: &str) -> Option<String> {
    let (first, rest) = reads.split_once('.').map_or((reads, None), |(first, rest)| (first, Some(rest)));
    let field = made.field_on_wire(&paths::last_name(paths::argument_of(ty, "Box").unwrap_or(ty))?, first)?;
    let ident = field.ident.as_ref()?;
    let place = format!("{name}.{ident}");
    let Some(rest) = rest else { return Some(place) };
    match paths::argument_of(&field.ty, "Option") {
        Some(inner) => {
            let inner = field_of(made, inner, rest, "it")?;
            Some(format!("{place}.as_ref().map(|it| &{inner})"))
        }
        None => field_of(made, &field.ty, rest, &place),
    }
}
