//! JSON Patch (RFC 6902) with checked pointers (RFC 6901).

use serde_json::{Value, json};

use crate::InvalidArgument;

/// A list of changes to send with PATCH.
///
/// ```no_run
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::JsonPatch;
/// use serde_json::{Value, json};
///
/// let patch = JsonPatch::new().replace("/traits/email", json!("new@example.org"))?.add("/metadata_public", Value::Null)?;
/// client.admin_patch_identity().id("an-id").body(patch).send().await?;
/// # Ok(())
/// # }
/// ```
///
/// A null is sent as null. Kratos refuses `test` steps, and old versions of it erase `metadata_admin` on any PATCH.
#[derive(Clone, Default, PartialEq)]
pub struct JsonPatch {
    steps: Vec<Value>,
}

impl JsonPatch {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value, or replaces one that is there; `-` at the end of a list's pointer appends.
    ///
    /// # Errors
    ///
    /// The pointer is malformed.
    pub fn add(self, path: &str, value: impl Into<Value>) -> Result<Self, InvalidArgument> {
        self.step(json!({"op": "add", "path": checked(path)?, "value": value.into()}))
    }

    /// Replaces a value that must be there.
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
            return Err(InvalidArgument::new(format!("{from:?} cannot move into itself, to {path:?}")));
        }
        self.step(json!({"op": "move", "from": checked(from)?, "path": checked(path)?}))
    }

    /// Tests a value; the whole patch fails if it differs.
    ///
    /// # Errors
    ///
    /// The pointer is malformed.
    pub fn test(self, path: &str, value: impl Into<Value>) -> Result<Self, InvalidArgument> {
        self.step(json!({"op": "test", "path": checked(path)?, "value": value.into()}))
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

impl IntoIterator for JsonPatch {
    type Item = Value;
    type IntoIter = std::vec::IntoIter<Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.steps.into_iter()
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

/// Escapes a name for a pointer: `~` is `~0` and `/` is `~1`.
///
/// ```
/// assert_eq!(format!("/metadata/{}", ory_sdk::pointer_token("a/b~c")), "/metadata/a~1b~0c");
/// ```
pub fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn checked(pointer: &str) -> Result<&str, InvalidArgument> {
    let wrong = |why: &str| Err(InvalidArgument::new(format!("{pointer:?} is no JSON pointer: {why}")));
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return wrong("it does not start with a slash");
    }
    let mut rest = pointer;
    while let Some(at) = rest.find('~') {
        rest = &rest[at + 1..];
        if !rest.starts_with(['0', '1']) {
            return wrong("after ~ comes 0 or 1");
        }
    }
    Ok(pointer)
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
