//! The size of a document, and how far it may grow. A few bytes can stand for gigabytes: YAML aliases, references and
//! `allOf` repeat what they name, and what they name may do so too.

use serde_json::Value;

use super::fault::{Fault, Result};

/// The most levels of lists and objects. The passes call themselves for each level. Published contracts have 12.
pub const DEEPEST: usize = 64;

/// The largest document, and the most that all copies of its parts may take together, in bytes. The largest published
/// contract takes 2 MiB.
pub const LARGEST: usize = 32 << 20;

/// What a value takes beside its text.
pub const OF_VALUE: usize = 64;

/// The size of a value with everything in it.
pub fn of(value: &Value) -> usize {
    OF_VALUE
        + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(of).sum(),
            Value::Object(map) => map.iter().map(|(key, value)| key.len() + of(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}

/// The number of levels of lists and objects.
pub fn levels(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(levels).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(levels).max().unwrap_or(0),
        _ => 0,
    }
}

/// A fault if there are too many levels.
pub fn check_levels(levels: usize, at: &str) -> Result<()> {
    if levels > DEEPEST {
        return Err(Fault::new(at, format!("is nested deeper than {DEEPEST} levels")));
    }
    Ok(())
}

/// The room that is left for copies.
#[derive(Debug, Clone)]
pub struct Room {
    left: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { left: LARGEST }
    }
}

impl Room {
    /// Takes the room that a copy needs.
    pub fn take(&mut self, bytes: usize, at: &str) -> Result<()> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Fault::new(at, format!("the contract takes more than {} MiB", LARGEST >> 20))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sizes_and_levels() {
        assert_eq!(of(&json!({"abc": ["de", null, 7]})), 5 * OF_VALUE + 5);
        assert_eq!((levels(&json!(1)), levels(&json!([])), levels(&json!({"a": [[1], 2]}))), (0, 1, 3));
        assert!(check_levels(DEEPEST, "x").is_ok());
        assert_eq!(check_levels(65, "schema A").unwrap_err().to_string(), "schema A: is nested deeper than 64 levels");
    }

    #[test]
    fn room_ends() {
        let mut room = Room::default();
        assert!(room.take(LARGEST, "x").is_ok() && room.take(0, "x").is_ok());
        assert_eq!(room.take(1, "schema A").unwrap_err().to_string(), "schema A: the contract takes more than 32 MiB");
    }
}
