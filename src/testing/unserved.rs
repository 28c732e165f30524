//! Routes of the contract that the stand-in does not serve.

use http::StatusCode;

use super::http::{Reply, Request, refuse};
use crate::contract;

/// The refusal of a request for a route that Ory's servers have, or `None` if they do not have it either.
///
/// A 404 would read as "no such object", and a test would go on with a wrong result.
pub(crate) fn refuse_known(request: &Request) -> Option<Reply> {
    let same = |operation: &&contract::Operation| {
        operation.method == request.method && matches(operation.path, &request.segments)
    };
    let operation = contract::operations().iter().copied().find(same)?;
    let reason = format!(
        "the stand-in does not serve {} {} ({}): test this call with a real server",
        operation.method, operation.path, operation.id
    );
    Some(refuse(StatusCode::NOT_IMPLEMENTED, reason))
}

/// Whether a path fits a template (`/sessions/{id}/extend`).
fn matches(template: &str, segments: &[String]) -> bool {
    let mut expected = template.trim_start_matches('/').split('/');
    let fits = segments.iter().all(|segment| {
        expected.next().is_some_and(|part| part == segment || (part.contains('{') && !segment.is_empty()))
    });
    fits && expected.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn templates() {
        let fits =
            |template: &str, path: &str| matches(template, &path.split('/').map(str::to_owned).collect::<Vec<_>>());
        assert!(fits("/a/{id}/b", "a/x/b"));
        assert!(fits("/a", "a"));
        for other in ["a/x", "a//b", "a/x/b/c", "a/x/c", ""] {
            assert!(!fits("/a/{id}/b", other), "{other}");
        }
    }
}
