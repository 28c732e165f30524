//! The routes of Keto.

use super::{check, opl, read, write};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::state::State;
use crate::testing::unserved;

/// Whether a path belongs to Keto.
pub(crate) fn owns(path: &[&str]) -> bool {
    matches!(path, ["relation-tuples" | "namespaces" | "opl", ..] | ["admin", "relation-tuples", ..])
}

pub(crate) fn respond(state: &mut State, request: &Request) -> Reply {
    route(state, request).unwrap_or_else(|refusal| refusal)
}

fn route(state: &mut State, request: &Request) -> HandlerResult {
    let relationships = &mut state.relationships;
    match (request.method.as_str(), request.path().as_slice()) {
        ("GET", ["relation-tuples"]) => read::list(relationships, request),
        ("GET", ["relation-tuples", "check", "openapi"]) => check::by_query(relationships, request).map(check::allowed),
        ("POST", ["relation-tuples", "check", "openapi"]) => check::by_body(relationships, request).map(check::allowed),
        ("GET", ["relation-tuples", "check"]) => check::by_query(relationships, request).map(check::or_forbidden),
        ("POST", ["relation-tuples", "check"]) => check::by_body(relationships, request).map(check::or_forbidden),
        ("POST", ["relation-tuples", "batch", "check"]) => check::batch(relationships, request),
        ("GET", ["relation-tuples", "expand"]) => read::expand(relationships, request),
        ("GET", ["namespaces"]) => Ok(read::namespaces(relationships)),
        ("PUT", ["admin", "relation-tuples"]) => write::create(relationships, request),
        ("PATCH", ["admin", "relation-tuples"]) => write::patch(relationships, request),
        ("DELETE", ["admin", "relation-tuples"]) => write::delete(relationships, request),
        ("POST", ["opl", "syntax", "check"]) => opl::check(request),
        (_, path) => Err(unserved::refuse_known(request).unwrap_or_else(|| unknown(path))),
    }
}

/// A path that exists with other methods, or none.
fn unknown(path: &[&str]) -> Reply {
    match path {
        ["relation-tuples" | "namespaces"] | ["relation-tuples", "expand"] => Reply::no_method("GET, HEAD"),
        ["relation-tuples", "check"] | ["relation-tuples", "check", "openapi"] => Reply::no_method("GET, HEAD, POST"),
        ["relation-tuples", "batch", "check"] => Reply::no_method("POST"),
        ["admin", "relation-tuples"] => Reply::no_method("DELETE, PATCH, PUT"),
        _ => Reply::no_route(),
    }
}
