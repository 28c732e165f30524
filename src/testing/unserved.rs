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

/// The methods that Ory's servers have for a path, as the header `Allow` names them.
pub(crate) fn allowed(request: &Request) -> Option<String> {
    let operations = contract::operations().iter().filter(|operation| matches(operation.path, &request.segments));
    let methods: Vec<&str> = operations.map(|operation| operation.method.as_str()).collect();
    (!methods.is_empty()).then(|| methods.join(", "))
}

/// Whether a path fits a template (`/sessions/{id}/extend`).
fn matches(template: &str, segments: &[String]) -> bool {
    let mut expected = template.trim_start_matches('/').split('/');
    let fits = segments.iter().all(|segment| expected.next().is_some_and(|part| fits_part(part, segment)));
    fits && expected.next().is_none()
}

/// Whether a segment fits a part of a template, which may have text around its parameter (`{key_id}:revoke`).
fn fits_part(part: &str, segment: &str) -> bool {
    let Some((before, rest)) = part.split_once('{') else { return part == segment };
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    let value = segment.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    value.is_some_and(|value| !value.is_empty())
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
        assert!(fits("/a/{id}:b", "a/x:b") && !fits("/a/{id}:b", "a/x:c") && !fits("/a/{id}:b", "a/:b"));
        for other in ["a/x", "a//b", "a/x/b/c", "a/x/c", ""] {
            assert!(!fits("/a/{id}/b", other), "{other}");
        }
    }
}
