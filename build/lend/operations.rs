//! Lends an operation its secret parameters, and the kinds of success that servers really send.

use serde_json::{Map, Value, json};

use super::shape::is_text;
use crate::build::kinds::Endpoint;
use crate::build::operation::{Operation, Parameter, ResponseBody, Success};
use crate::build::report::Report;
use crate::build::schema::resolved;

/// Marks secret parameters.
pub fn lend_parameters(operation: &mut Operation, known: &Operation, report: &mut Report) {
    let at = operation.at();
    for parameter in &mut operation.parameters {
        let same =
            |other: &&Parameter| other.place == parameter.place && other.wire.eq_ignore_ascii_case(&parameter.wire);
        if known.parameters.iter().find(same).is_some_and(|own| own.secret) && is_text(&parameter.schema) {
            parameter.secret = true;
            parameter.schema["format"] = json!("password");
            report.note(&at, format!("parameter {}: a secret", parameter.wire));
        }
    }
}

/// Marks parameters of which one is enough, where a document requires one of them.
pub fn lend_one_of(operation: &mut Operation, known: &Operation, report: &mut Report) {
    let has = |name: &String| operation.parameters.iter().any(|parameter| parameter.wire == *name);
    if !operation.one_of.is_empty() || known.one_of.is_empty() || !known.one_of.iter().all(has) {
        return;
    }
    operation.one_of.clone_from(&known.one_of);
    for parameter in &mut operation.parameters {
        parameter.required &= !known.one_of.contains(&parameter.wire);
    }
    let names: Vec<&str> = known.one_of.iter().map(String::as_str).collect();
    report.note(operation.at(), format!("one of {} is enough", names.join(", ")));
}

/// Adds which servers have an operation, and where.
pub fn lend_servers(operation: &mut Operation, known: &Operation) {
    operation.since.clone_from(&known.since);
    let is_taken = operation.parameters.iter().any(|parameter| parameter.name == "endpoint");
    // A document of one server names that one.
    operation.any_endpoint = known.any_endpoint && operation.endpoint == known.endpoint && !is_taken;
    let is_asked = |endpoint: &Endpoint| operation.any_endpoint || operation.endpoint == *endpoint;
    operation.paths_at = known.paths_at.iter().filter(|(endpoint, _)| is_asked(endpoint)).cloned().collect();
}

/// Corrects the kinds of success: a text instead of JSON, no body, a redirect. Documents declare redirects that only
/// browsers get.
pub fn lend_success(operation: &mut Operation, known: &Operation, schemas: &Map<String, Value>, report: &mut Report) {
    let before = operation.success.clone();
    let Success { body, optional, redirect, statuses } = &mut operation.success;
    *redirect = known.success.redirect;
    statuses.clone_from(&known.success.statuses);
    *optional |= known.success.optional && *body != ResponseBody::Empty;
    if let ResponseBody::Json(schema) = body {
        match &known.success.body {
            ResponseBody::Text | ResponseBody::SecretText if is_text(resolved(schemas, schema)) => {
                *body = known.success.body.clone();
            }
            ResponseBody::JsonOrText(_) => *body = ResponseBody::JsonOrText(schema.clone()),
            _ => {}
        }
    }
    if operation.success != before {
        let Success { body, optional, redirect, .. } = &operation.success;
        let text = matches!(body, ResponseBody::Text | ResponseBody::SecretText | ResponseBody::JsonOrText(_));
        let what = format!(
            "servers may respond otherwise than declared: text {text}, no body {optional}, redirect {redirect}"
        );
        report.note(operation.at(), what);
    }
}
