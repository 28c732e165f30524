//! JSON Patch (RFC 6902) with checked pointers (RFC 6901).

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::InvalidArgument;
use crate::privacy::Redact;

/// A list of changes for a PATCH (RFC 6902), whose pointers are checked (RFC 6901).
///
/// ```no_run
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client, id: uuid::Uuid) -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::input::JsonPatch;
/// use ory_sdk::serde_json::{Value, json};
///
/// let patch = JsonPatch::new().replace("/traits/email", json!("new@example.org"))?.add("/metadata_public", Value::Null)?;
/// client.admin_patch_identity().id(id).body(patch).await?;
/// # Ok(())
/// # }
/// ```
///
/// A null is sent as null. Kratos refuses `test`, and Kratos 0.11 erases `metadata_admin` with every PATCH.
#[derive(Clone, Default, PartialEq)]
pub struct JsonPatch {
    steps: Vec<Value>,
}

impl JsonPatch {
    /// Starts an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value, or replaces one that exists. `-` at the end of the pointer of a list appends.
    ///
    /// # Errors
    ///
    /// The pointer is malformed.
    pub fn add(self, path: &str, value: impl Into<Value>) -> Result<Self, InvalidArgument> {
        self.step(json!({"op": "add", "path": checked(path)?, "value": value.into()}))
    }

    /// Replaces a value that must exist.
    ///
    /// # Errors
    ///
    /// The pointer is malformed.
    pub fn replace(self, path: &str, value: impl Into<Value>) -> Result<Self, InvalidArgument> {
        self.step(json!({"op": "replace", "path": checked(path)?, "value": value.into()}))
    }

    /// Removes a value.
    ///
    /// # Errors
    ///
    /// The pointer is malformed.
    pub fn remove(self, path: &str) -> Result<Self, InvalidArgument> {
        self.step(json!({"op": "remove", "path": checked(path)?}))
    }

    /// Copies a value.
    ///
    /// # Errors
    ///
    /// A pointer is malformed.
    pub fn copy(self, from: &str, path: &str) -> Result<Self, InvalidArgument> {
        self.step(json!({"op": "copy", "from": checked(from)?, "path": checked(path)?}))
    }

    /// Moves a value.
    ///
    /// # Errors
    ///
    /// A pointer is malformed, or the value would move into itself.
    pub fn move_value(self, from: &str, path: &str) -> Result<Self, InvalidArgument> {
        if path.starts_with(&format!("{from}/")) {
            return Err(InvalidArgument::new(format!("cannot move {from:?} into itself, to {path:?}")));
        }
        self.step(json!({"op": "move", "from": checked(from)?, "path": checked(path)?}))
    }

    /// Tests a value. The whole patch fails if it differs.
    ///
    /// # Errors
    ///
    /// The pointer is malformed.
    pub fn test(self, path: &str, value: impl Into<Value>) -> Result<Self, InvalidArgument> {
        self.step(json!({"op": "test", "path": checked(path)?, "value": value.into()}))
    }

    /// Escapes a name for a pointer: `~` becomes `~0`, and `/` becomes `~1`.
    ///
    /// ```
    /// use ory_sdk::input::JsonPatch;
    ///
    /// assert_eq!(format!("/metadata/{}", JsonPatch::escape("a/b~c")), "/metadata/a~1b~0c");
    /// ```
    pub fn escape(name: &str) -> String {
        name.replace('~', "~0").replace('/', "~1")
    }

    /// The document, for `.json_body(..)`.
    pub fn into_value(self) -> Value {
        Value::Array(self.steps)
    }

    fn step(mut self, step: Value) -> Result<Self, InvalidArgument> {
        self.steps.push(step);
        Ok(self)
    }
}

impl TryFrom<Value> for JsonPatch {
    type Error = InvalidArgument;

    /// Takes a document as JSON. Its pointers are not checked.
    fn try_from(document: Value) -> Result<Self, InvalidArgument> {
        serde_json::from_value(document).map_err(|_| InvalidArgument::new("a JSON Patch is a list of objects"))
    }
}

impl Serialize for JsonPatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.steps.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for JsonPatch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let steps: Vec<Map<String, Value>> = Vec::deserialize(deserializer)?;
        Ok(Self { steps: steps.into_iter().map(Value::Object).collect() })
    }
}

impl IntoIterator for JsonPatch {
    type Item = Value;
    type IntoIter = std::vec::IntoIter<Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.steps.into_iter()
    }
}

impl Redact for JsonPatch {
    fn redacted(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

impl std::fmt::Debug for JsonPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Operation and place; the values may be secret.
        let text = |step: &Value, key: &str| step[key].as_str().unwrap_or_default().to_owned();
        let steps = self.steps.iter().map(|step| format!("{} {}", text(step, "op"), text(step, "path")));
        f.debug_list().entries(steps).finish()
    }
}

fn checked(pointer: &str) -> Result<&str, InvalidArgument> {
    let wrong = |why: &str| Err(InvalidArgument::new(format!("{pointer:?} is not a JSON pointer: {why}")));
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return wrong("it must start with a slash");
    }
    if !is_escaped(pointer) {
        return wrong("after ~ must come 0 or 1");
    }
    Ok(pointer)
}

/// Whether 0 or 1 follows every `~` of a JSON pointer.
pub(crate) fn is_escaped(pointer: &str) -> bool {
    pointer.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_in_order_and_nulls_kept() {
        let patch =
            JsonPatch::new().add("/a/-", 1).unwrap().replace("/b", Value::Null).unwrap().remove("/c~1d").unwrap();
        let patch = patch.copy("/a", "/e").unwrap().move_value("/a", "/f").unwrap().test("", json!({})).unwrap();
        assert_eq!(
            format!("{patch:?}"),
            r#"["add /a/-", "replace /b", "remove /c~1d", "copy /e", "move /f", "test "]"#
        );
        assert_eq!(
            patch.into_value(),
            json!([
                {"op": "add", "path": "/a/-", "value": 1}, {"op": "replace", "path": "/b", "value": null},
                {"op": "remove", "path": "/c~1d"}, {"op": "copy", "from": "/a", "path": "/e"},
                {"op": "move", "from": "/a", "path": "/f"}, {"op": "test", "path": "", "value": {}},
            ])
        );
    }

    #[test]
    fn malformed_pointers() {
        for bad in ["a", "/~", "/~2", "/a~"] {
            assert!(JsonPatch::new().remove(bad).is_err(), "{bad}");
        }
        assert!(JsonPatch::new().move_value("/a", "/a/b").is_err());
    }
}
