//! How deep JSON may be nested. Validating, copying and writing a value calls itself for each level, and no client reads
//! more than 128 levels.

use serde_json::Value;

/// The most levels of lists and objects in a body, a patched document or a schema.
pub(crate) const DEEPEST: usize = 100;

/// The number of levels, and roughly the bytes that a copy takes.
pub(crate) fn measure(value: &Value) -> (usize, usize) {
    let (mut deepest, mut bytes) = (0, 0);
    let mut open = vec![(value, 0)];
    while let Some((value, level)) = open.pop() {
        deepest = deepest.max(level);
        bytes += size_of::<Value>();
        match value {
            Value::String(text) => bytes += text.len(),
            Value::Array(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            Value::Object(object) => {
                bytes += object.keys().map(String::len).sum::<usize>();
                open.extend(object.values().map(|value| (value, level + 1)));
            }
            _ => {}
        }
    }
    (deepest, bytes)
}

/// Whether a value has at most [`DEEPEST`] levels.
pub(crate) fn is_shallow(value: &Value) -> bool {
    measure(value).0 <= DEEPEST
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_levels_and_bytes() {
        let own = size_of::<Value>();
        assert_eq!(measure(&json!(7)), (0, own));
        assert_eq!(measure(&json!({"key": [["four"], {}]})), (3, 5 * own + 7));
        let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        assert!(is_shallow(&nested(DEEPEST)) && !is_shallow(&nested(DEEPEST + 1)));
    }
}
