//! Relationships in JSON and in queries.

use serde_json::{Value, json};

use super::refusals::{bad_request, malformed, unknown_namespace};
use crate::input::Subject;
use crate::testing::http::{HandlerResult, Request};
use crate::testing::model::{Filter, Relationship, Relationships, SubjectSet};

/// The refusal of a request without a subject.
pub(super) const NO_SUBJECT: &str = "subject is not allowed to be nil";

/// A text of an object, or an empty one.
fn text(json: &Value, key: &str) -> String {
    json[key].as_str().unwrap_or_default().to_owned()
}

fn set(json: &Value) -> SubjectSet {
    SubjectSet { namespace: text(json, "namespace"), object: text(json, "object"), relation: text(json, "relation") }
}

/// The relationship in an object. Of two subjects, the id counts. `None` if there is no subject.
pub(super) fn read(json: &Value) -> Option<Relationship> {
    let subject = match (&json["subject_id"], &json["subject_set"]) {
        (Value::String(id), _) => Subject::id(id),
        (_, inner @ Value::Object(_)) => set(inner).into(),
        _ => return None,
    };
    Some(Relationship { set: set(json), subject })
}

/// The relationship in an object, which must have a subject and known namespaces.
pub(super) fn read_known(relationships: &Relationships, json: &Value) -> HandlerResult<Relationship> {
    let found = read(json).ok_or_else(|| bad_request(NO_SUBJECT))?;
    know(relationships, &found.set.namespace)?;
    if let Subject::Set { namespace, .. } = &found.subject {
        know(relationships, namespace)?;
    }
    Ok(found)
}

/// Refuses a namespace that is not configured.
pub(super) fn know(relationships: &Relationships, namespace: &str) -> HandlerResult<()> {
    if relationships.knows(namespace) { Ok(()) } else { Err(unknown_namespace(namespace)) }
}

/// A subject, as a part of a relationship.
pub(super) fn write_subject(into: &mut Value, subject: &Subject) {
    match subject {
        Subject::Id(id) => into["subject_id"] = json!(id),
        Subject::Set { namespace, object, relation } => {
            into["subject_set"] = json!({"namespace": namespace, "object": object, "relation": relation});
        }
    }
}

pub(super) fn write(Relationship { set, subject }: &Relationship) -> Value {
    let SubjectSet { namespace, object, relation } = set;
    let mut json = json!({"namespace": namespace, "object": object, "relation": relation});
    write_subject(&mut json, subject);
    json
}

/// The filter in a query, whose namespace must be known if there is one.
pub(super) fn filter(relationships: &Relationships, request: &Request) -> HandlerResult<Filter> {
    let part = |name: &str| request.parameter(name).map(str::to_owned);
    let filter = Filter {
        namespace: part("namespace"),
        object: part("object"),
        relation: part("relation"),
        subject: subject(request)?,
    };
    if let Some(namespace) = &filter.namespace {
        know(relationships, namespace)?;
    }
    Ok(filter)
}

/// The subject in a query: an id, or all three parts of a set.
pub(super) fn subject(request: &Request) -> HandlerResult<Option<Subject>> {
    // The name of both forms before 2022.
    if request.parameter("subject").is_some() {
        return Err(malformed(None));
    }
    let id = request.parameter("subject_id");
    let parts = ["namespace", "object", "relation"].map(|part| request.parameter(&format!("subject_set.{part}")));
    match (id, parts) {
        (Some(_), [None, None, None]) | (None, [None, None, None]) => Ok(id.map(Subject::id)),
        (None, [Some(namespace), Some(object), Some(relation)]) => Ok(Some(Subject::set(namespace, object, relation))),
        (None, _) => Err(bad_request("incomplete subject, provide \"subject_id\" or a complete \"subject_set.*\"")),
        (Some(_), _) => Err(bad_request("exactly one of subject_set or subject_id has to be provided")),
    }
}
