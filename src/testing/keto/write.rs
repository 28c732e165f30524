//! Changes of relationships.

use http::{StatusCode, header};
use serde_json::Value;

use super::refusals::{bad_request, malformed};
use super::tuple;
use crate::input::Subject;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{Filter, Relationship, Relationships, SubjectSet};

/// The parameters of a query that deletes.
const FILTERS: [&str; 7] = [
    "namespace",
    "object",
    "relation",
    "subject_id",
    "subject_set.namespace",
    "subject_set.object",
    "subject_set.relation",
];

pub(super) fn create(relationships: &mut Relationships, request: &Request) -> HandlerResult {
    let json = body(request)?;
    let found = tuple::read_known(relationships, &json)?;
    let written = tuple::write(&found);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs(&found)).finish();
    relationships.insert(found);
    Ok(Reply::json(StatusCode::CREATED, &written).header(header::LOCATION, format!("/relation-tuples?{query}")))
}

/// A relationship as the query that finds it.
fn pairs(row: &Relationship) -> Vec<(&str, &str)> {
    let SubjectSet { namespace, object, relation } = &row.set;
    let mut pairs: Vec<(&str, &str)> = vec![("namespace", namespace), ("object", object), ("relation", relation)];
    match &row.subject {
        Subject::Id(id) => pairs.push(("subject_id", id)),
        Subject::Set { namespace, object, relation } => pairs.extend::<[(&str, &str); 3]>([
            ("subject_set.namespace", namespace),
            ("subject_set.object", object),
            ("subject_set.relation", relation),
        ]),
    }
    pairs
}

/// Inserts first, whatever the order, and nothing if one entry is wrong.
pub(super) fn patch(relationships: &mut Relationships, request: &Request) -> HandlerResult {
    let json = body(request)?;
    let (mut inserted, mut deleted) = (Vec::new(), Vec::new());
    for entry in json.as_array().into_iter().flatten() {
        let action = entry["action"].as_str().unwrap_or_default();
        if !["insert", "delete"].contains(&action) {
            return Err(bad_request(format!("unknown action {action}")));
        }
        if !entry["relation_tuple"].is_object() {
            return Err(bad_request("relation_tuple is missing"));
        }
        let row = tuple::read_known(relationships, &entry["relation_tuple"])?;
        if action == "insert" { &mut inserted } else { &mut deleted }.push(row);
    }
    inserted.into_iter().for_each(|row| relationships.insert(row));
    deleted.iter().for_each(|row| relationships.remove(&Filter::only(row)));
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

pub(super) fn delete(relationships: &mut Relationships, request: &Request) -> HandlerResult {
    if request.query.iter().any(|(name, _)| !FILTERS.contains(&name.as_str())) {
        return Err(malformed(None));
    }
    if request.parameter("namespace").is_none() {
        return Err(malformed(Some("query parameters must specify at least one of the following: namespace")));
    }
    let filter = tuple::filter(relationships, request)?;
    relationships.remove(&filter);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn body(request: &Request) -> HandlerResult<Value> {
    request.json().map_err(|why| bad_request(request.json_fault(&why)))
}
