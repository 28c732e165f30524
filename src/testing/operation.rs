//! Which operation of the contract a request calls, and which one a name means.

use http::Method;

use crate::contract::{self, Operation};
use crate::input::InvalidArgument;

/// The operation with this method and path. Where several fit (`/sessions/whoami` is also a `/sessions/{id}`), the one
/// with the fewest parameters in its path is meant.
pub(crate) fn called(method: &Method, segments: &[String]) -> Option<&'static Operation> {
    let fits = |operation: &&&Operation| operation.method == *method && matches(operation.path, segments);
    contract::operations().iter().filter(fits).min_by_key(|operation| operation.path.matches('{').count()).copied()
}

/// The methods that Ory's servers have for a path, as the header `Allow` names them.
pub(crate) fn allowed_methods(segments: &[String]) -> Option<String> {
    let operations = contract::operations().iter().filter(|operation| matches(operation.path, segments));
    let methods: Vec<&str> = operations.map(|operation| operation.method.as_str()).collect();
    (!methods.is_empty()).then(|| methods.join(", "))
}

/// The operation with this name, which is that of the client's method (`to_session`) or Ory's (`toSession`).
pub(crate) fn named(name: &str) -> Result<&'static Operation, InvalidArgument> {
    let found = contract::operations().iter().find(|operation| operation.name == name || operation.id == name);
    found.copied().ok_or_else(|| {
        InvalidArgument::new(format!("expected the name of an operation, such as `to_session`, but got {name:?}"))
    })
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
    use super::*;

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

    #[cfg(feature = "identity")]
    #[test]
    fn the_fewest_parameters_win() {
        let called = |path: &str| {
            let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
            called(&Method::GET, &segments).map(|operation| operation.id)
        };
        assert_eq!(called("admin/identities/x"), Some("adminGetIdentity"));
        assert_eq!(called("admin/identities"), Some("adminListIdentities"));
        assert_eq!(called("elsewhere"), None);
        #[cfg(feature = "frontend")]
        assert_eq!(called("sessions/whoami"), Some("toSession"));
    }
}
