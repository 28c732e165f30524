//! Routes of the contract that the stand-in does not serve.

use super::http::{Reply, Request, not_served};
use super::operation;

/// The refusal of a request for a route that Ory's servers have, or `None` if they do not have it either.
///
/// A 404 would read as "no such object", and a test would go on with a wrong result.
pub(crate) fn refuse_known(request: &Request) -> Option<Reply> {
    let operation = operation::called(&request.method, &request.segments)?;
    let (method, path, id) = (&operation.method, operation.path, operation.id);
    Some(not_served(format_args!("{method} {path} ({id}): test this call with a real server")))
}
