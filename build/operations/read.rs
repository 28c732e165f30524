//! Reads one operation.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{bodies, parameters, responses, security};
use crate::build::document::{References, object, text};
use crate::build::fault::{Fault, Result};
use crate::build::kinds::{Endpoint, Repeat};
use crate::build::names;
use crate::build::one_line::short;
use crate::build::operation::{Operation, Parameter};
use crate::build::report::Report;
use crate::build::route;
use crate::build::size::DEEPEST;

/// Reads the operation of a method and path. `shared` are the parameters of the path.
pub fn operation(
    references: &mut References<'_>,
    path: &str,
    method: &str,
    shared: Option<&Value>,
    raw: &Map<String, Value>,
    report: &mut Report,
) -> Result<Operation> {
    let id = match text(raw.get("operationId")) {
        id if id.is_empty() => {
            let id = names::ruby_name(&format!("{method} {path}"));
            report.note(format!("{} {path}", method.to_uppercase()), format!("has no operationId: named {id}"));
            id
        }
        id => id,
    };
    if !path.starts_with('/') {
        return Err(Fault::operation(&id, format!("path {path:?} does not start with a slash")));
    }
    let at = format!("operation {}", short(&id));
    let lists = [shared, raw.get("parameters")];
    let parameters = parameters::read(references, path, &at, lists, report)?;
    let body = match raw.get("requestBody") {
        Some(body) => bodies::read(references, &at, body, report)?,
        None => bodies::of_swagger(references, &at, lists, report)?,
    };
    let responses = match raw.get("responses") {
        None => Map::new(),
        Some(responses) => object(responses, &format!("{at}, responses"))?.clone(),
    };
    let success = responses::success(references, &at, method, &responses, report)?;
    let errors = responses::errors(references, &at, &responses)?;
    let tag = raw.get("tags").and_then(|tags| tags.get(0)).map_or(String::new(), |tag| text(Some(tag)));
    let area = route::area(path, &tag);
    let method = method.to_uppercase();
    Ok(Operation {
        name: names::method_name(&id),
        endpoint: route::endpoint(&area, &method, path, &tag, &id),
        repeat: repeat(&at, &method, raw)?,
        one_of: one_of(&at, &parameters, raw)?,
        security: security::schemes(references, &at, raw)?,
        summary: text(raw.get("summary")),
        description: text(raw.get("description")),
        deprecated: raw.get("deprecated").and_then(Value::as_bool).unwrap_or(false),
        visited: method == "GET" && responses::has_redirect(&responses),
        reads: reads(raw).map(str::to_owned),
        legacy: raw.get("x-legacy").and_then(Value::as_str).map(str::to_owned),
        since: raw.get("x-since").and_then(Value::as_str).map(str::to_owned),
        today: raw.get("x-today").and_then(Value::as_str).map(str::to_owned),
        any_endpoint: any_endpoint(&at, &parameters, raw)?,
        paths_at: paths_at(&at, raw)?,
        path: path.to_owned(),
        method,
        area,
        parameters,
        body,
        success,
        errors,
        id,
    })
}

/// Whether the caller names the server. The setter for it is `endpoint`.
fn any_endpoint(at: &str, parameters: &[Parameter], raw: &Map<String, Value>) -> Result<bool> {
    match raw.get("x-endpoint").map(|mark| text(Some(mark))) {
        None => Ok(false),
        Some(mark) if mark != "any" => Err(Fault::new(at, format!("x-endpoint is {mark:?}, expected any"))),
        Some(_) if parameters.iter().any(|parameter| parameter.name == "endpoint") => {
            Err(Fault::new(at, "x-endpoint: a parameter has the name `endpoint`"))
        }
        Some(_) => Ok(true),
    }
}

fn paths_at(at: &str, raw: &Map<String, Value>) -> Result<Vec<(Endpoint, String)>> {
    let marks = raw.get("x-path-at").and_then(Value::as_object).into_iter().flatten();
    marks
        .map(|(name, path)| match Endpoint::KNOWN.into_iter().find(|known| known.as_str() == name) {
            Some(endpoint) => Ok((endpoint, text(Some(path)))),
            None => Err(Fault::new(at, format!("x-path-at: {name:?} is no server"))),
        })
        .collect()
}

/// The field that the example reads. A longer way than any schema is deep leads nowhere.
fn reads(raw: &Map<String, Value>) -> Option<&str> {
    let reads = raw.get("x-example-reads").and_then(Value::as_str)?;
    (reads.split('.').count() <= DEEPEST).then_some(reads)
}

fn one_of(at: &str, parameters: &[Parameter], raw: &Map<String, Value>) -> Result<BTreeSet<String>> {
    let names = raw.get("x-one-of").and_then(Value::as_array).into_iter().flatten();
    let names: BTreeSet<String> = names.map(|name| text(Some(name))).collect();
    let optional = parameters.iter().filter(|parameter| !parameter.required);
    let optional: BTreeSet<&str> = optional.map(|parameter| parameter.wire.as_str()).collect();
    match names.iter().find(|name| !optional.contains(name.as_str())) {
        None => Ok(names),
        Some(name) => Err(Fault::new(at, format!("x-one-of: {name:?} is not an optional parameter"))),
    }
}

fn repeat(at: &str, method: &str, raw: &Map<String, Value>) -> Result<Repeat> {
    match raw.get("x-repeat").map(|mark| text(Some(mark))) {
        None => Ok(match method {
            "GET" | "HEAD" | "OPTIONS" => Repeat::Safe,
            "PUT" | "DELETE" => Repeat::Repeatable,
            _ => Repeat::Once,
        }),
        Some(mark) => match mark.as_str() {
            "safe" => Ok(Repeat::Safe),
            "repeatable" => Ok(Repeat::Repeatable),
            "once" => Ok(Repeat::Once),
            other => Err(Fault::new(at, format!("x-repeat is {other:?}, expected safe, repeatable or once"))),
        },
    }
}
