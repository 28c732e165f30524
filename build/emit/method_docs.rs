//! Docs of the client's methods, with an example that compiles.

use super::examples;
use super::made::Made;
use super::rows::rows;
use crate::build::kinds::availability;
use crate::build::markdown::{code, line};
use crate::build::operation::{Operation, Parameter};

/// The docs of a method: summary, example, description, errors, source.
pub fn of_method(made: &Made, operation: &Operation) -> String {
    let mut lines = Vec::new();
    lines.push(if operation.summary.is_empty() {
        format!("Calls {}.", code(&operation.id))
    } else {
        sentence(&operation.summary)
    });
    lines.push(String::new());
    lines.push(examples::call(made, operation));
    if !operation.description.is_empty() {
        lines.push(operation.description.clone());
        lines.push(String::new());
    }
    if rows(made, operation).is_ok_and(|rows| rows.is_some()) {
        lines.push(
            "This returns one page. [`by_item`](crate::lists::Items) and [`by_page`](crate::lists::Pages) of the builder walk \
             through the whole list, whatever way the server pages."
                .to_owned(),
        );
        lines.push(String::new());
    }
    let names = |holds: &dyn Fn(&Parameter) -> bool| -> Vec<String> {
        operation.parameters.iter().filter(|p| holds(p)).map(|p| format!("`{}`", p.name)).collect()
    };
    if let Some(since) = &operation.since {
        let mut available = availability(&line(since));
        available[..1].make_ascii_uppercase();
        lines.push(format!(
            "{available}. On a server without it, [`Error::is_unknown_route`](crate::Error::is_unknown_route) is true."
        ));
        lines.push(String::new());
    }
    let mut required = names(&|parameter| parameter.required);
    if operation.any_endpoint {
        required.push("`endpoint`".to_owned());
    }
    let one_of = names(&|parameter| operation.one_of.contains(&parameter.wire));
    if !one_of.is_empty() {
        required.push(format!("at least one of {}", one_of.join(" and ")));
    }
    if !required.is_empty() {
        lines.push(format!("Required: {}.", required.join(", ")));
        lines.push(String::new());
    }
    lines.push("# Errors".to_owned());
    lines.push(String::new());
    lines.push("Before anything is sent: a required argument is missing, a setter refused its value, or the endpoint is not set.".to_owned());
    let mut errors = operation.errors.clone();
    errors.sort_by_key(|(status, _)| (status == "default", status.clone()));
    if !errors.is_empty() {
        lines.push("From the server:".to_owned());
        lines.push(String::new());
        for (status, text) in &errors {
            let is_number = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
            let status = if status == "default" {
                "any other".to_owned()
            } else if is_number {
                status.clone()
            } else {
                code(status)
            };
            lines.push(format!("- {status}: {text}"));
        }
    }
    lines.push(String::new());
    let call = code(&format!("{} {}", operation.method, operation.path));
    lines.push(format!("Source: Ory's operation {}, {call}.", code(&operation.id)));
    lines.join("\n")
}

fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}
