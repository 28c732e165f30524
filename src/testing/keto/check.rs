//! Checks, one by one and in batches.

use http::StatusCode;
use serde_json::{Value, json};

use super::refusals::{NOT_FOUND, bad_request};
use super::tuple::{self, NO_SUBJECT};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{Relationship, Relationships, SubjectSet};

/// How many sets in each other are followed, whatever a request asks for.
const DEEPEST: usize = 5;

/// The most questions in a batch.
const LARGEST_BATCH: usize = 10;

pub(super) fn allowed(allowed: bool) -> Reply {
    Reply::json(StatusCode::OK, &json!({ "allowed": allowed }))
}

pub(super) fn or_forbidden(allowed: bool) -> Reply {
    let status = if allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
    Reply::json(status, &json!({ "allowed": allowed }))
}

/// `max-depth` of a query. Zero, negative and large ones are the server's own limit. As in Go, `0x5` is a number too.
pub(super) fn depth(request: &Request) -> HandlerResult<usize> {
    let Some(text) = request.parameter("max-depth") else { return Ok(DEEPEST) };
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let number = hex.map_or_else(|| text.parse::<i64>(), |digits| i64::from_str_radix(digits, 16));
    let number = number.map_err(|_| {
        let is_number =
            !text.is_empty() && text.trim_start_matches(['-', '+']).bytes().all(|byte| byte.is_ascii_digit());
        let why = if is_number { "value out of range" } else { "invalid syntax" };
        bad_request(format!(
            "unable to parse 'max-depth' query parameter to int: strconv.ParseInt: parsing \"{text}\": {why}"
        ))
    })?;
    Ok(usize::try_from(number).ok().filter(|depth| (1..=DEEPEST).contains(depth)).unwrap_or(DEEPEST))
}

pub(super) fn by_query(relationships: &Relationships, request: &Request) -> HandlerResult<bool> {
    let depth = depth(request)?;
    let subject = tuple::subject(request)?.ok_or_else(|| bad_request(NO_SUBJECT))?;
    let part = |name: &str| request.parameter(name).map(str::to_owned);
    let (Some(namespace), Some(object), Some(relation)) = (part("namespace"), part("object"), part("relation")) else {
        return Err(bad_request("incomplete tuple, provide \"namespace\", \"object\", \"relation\", and a subject"));
    };
    Ok(relationships.allows(&SubjectSet { namespace, object, relation }, &subject, depth))
}

/// Keto does not look whether a question in a body is complete. It denies what it cannot find.
pub(super) fn by_body(relationships: &Relationships, request: &Request) -> HandlerResult<bool> {
    let depth = depth(request)?;
    let json = body(request)?;
    if json.get("subject_id").is_some_and(Value::is_null) {
        return Err(bad_request(NO_SUBJECT));
    }
    let found = tuple::read(&json);
    Ok(found.is_some_and(|Relationship { set, subject }| relationships.allows(&set, &subject, depth)))
}

pub(super) fn batch(relationships: &Relationships, request: &Request) -> HandlerResult {
    let depth = depth(request)?;
    let json = body(request)?;
    if json.is_array() {
        let message = "could not unmarshal json: json: cannot unmarshal array into Go value of type check.batchCheckPermissionBody";
        return Err(bad_request(message));
    }
    let questions = json["tuples"].as_array().map(Vec::as_slice).unwrap_or_default();
    if questions.len() > LARGEST_BATCH {
        return Err(bad_request(format!("batch exceeds max size of {LARGEST_BATCH}")));
    }
    let results: Vec<Value> = questions
        .iter()
        .map(|question| match tuple::read(question) {
            Some(found) if relationships.knows(&found.set.namespace) => {
                json!({"allowed": relationships.allows(&found.set, &found.subject, depth)})
            }
            _ => json!({"allowed": false, "error": NOT_FOUND}),
        })
        .collect();
    Ok(Reply::json(StatusCode::OK, &json!({ "results": results })))
}

fn body(request: &Request) -> HandlerResult<Value> {
    request.json().map_err(|why| bad_request(format!("could not unmarshal json: {}", request.json_fault(&why))))
}
