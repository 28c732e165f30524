//! Free JSON that servers send as `{}` if it was never set.

use serde_json::{Map, Value};

use crate::wire::strict::is_strict;

/// Whether free JSON was set. Some servers refuse the `{}` that they sent, as a key set beside the URL of one. In JSON that
/// a caller passes for a request, `{}` is a value.
pub(crate) fn is_set(value: &Value) -> bool {
    is_strict() || !(value.is_null() || value.as_object().is_some_and(Map::is_empty))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::strict::strictly;

    #[test]
    fn an_empty_object_of_a_server_is_not_set() {
        for nothing in [json!({}), json!(null)] {
            assert!(!is_set(&nothing) && strictly(|| is_set(&nothing)), "{nothing}");
        }
        for value in [json!({"keys": []}), json!([]), json!(""), json!(0), json!(false)] {
            assert!(is_set(&value), "{value}");
        }
    }
}
