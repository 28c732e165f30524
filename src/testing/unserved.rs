//! Routes of the contract that the stand-in does not serve.

use http::StatusCode;

use super::http::{Reply, Request, refuse};
use super::operation;

/// The refusal of a request for a route that Ory's servers have, or `None` if they do not have it either.
///
/// A 404 would read as "no such object", and a test would go on with a wrong result.
pub(crate) fn refuse_known(request: &Request) -> Option<Reply> {
    let operation = operation::called(&request.method, &request.segments)?;
    let reason = format!(
        "the stand-in does not serve {} {} ({}): test this call with a real server",
        operation.method, operation.path, operation.id
    );
    Some(refuse(StatusCode::NOT_IMPLEMENTED, reason))
}
