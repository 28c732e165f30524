//! Converts free JSON such as `traits` and metadata to and from your own types.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::mismatch;

/// Decodes free JSON as your own type. A missing value decodes like null.
///
/// ```
/// #[derive(serde::Deserialize, serde::Serialize)]
/// struct Traits {
///     email: String,
/// }
///
/// # #[cfg(feature = "identity")]
/// # fn example(identity: ory_sdk::types::Identity) -> Result<(), ory_sdk::traits::InvalidTraits> {
/// let mut traits: Traits = ory_sdk::traits::decode(identity.traits.as_ref())?;
/// traits.email = "new@example.org".to_owned();
/// let body = ory_sdk::types::AdminUpdateIdentityBody::builder().traits(ory_sdk::traits::encode(&traits)?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Names the place in the JSON that does not fit the type, without its value.
pub fn decode<'a, T: DeserializeOwned>(json: impl Into<Option<&'a Value>>) -> Result<T, InvalidTraits> {
    let json = json.into().unwrap_or(&Value::Null);
    serde_path_to_error::deserialize(json)
        .map_err(|error| InvalidTraits { path: error.path().to_string(), what: mismatch::describe(error.inner()) })
}

/// Encodes a value of your own type as free JSON.
///
/// ```
/// let traits = ory_sdk::traits::encode(&std::collections::BTreeMap::from([("email", "jane@example.org")]))?;
/// assert_eq!(traits["email"], "jane@example.org");
/// # Ok::<(), ory_sdk::traits::InvalidTraits>(())
/// ```
///
/// # Errors
///
/// A value that JSON cannot express, such as a map whose keys are not texts.
pub fn encode<T: Serialize>(traits: &T) -> Result<Value, InvalidTraits> {
    serde_json::to_value(traits)
        .map_err(|error| InvalidTraits { path: ".".to_owned(), what: mismatch::describe(&error) })
}

/// Why free JSON does not fit a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTraits {
    path: String,
    what: String,
}

impl InvalidTraits {
    /// The place in the JSON. `.` is the whole.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for InvalidTraits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}", self.path, self.what)
    }
}

impl std::error::Error for InvalidTraits {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, Serialize, PartialEq)]
    struct Traits {
        email: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
    }

    #[derive(Debug, Deserialize, Serialize, PartialEq)]
    struct Name {
        first: String,
    }

    #[test]
    fn there_and_back() {
        for json in [json!({"email": "a@b"}), json!({"email": "a@b", "name": {"first": "Ada"}})] {
            let traits: Traits = decode(&json).unwrap();
            assert_eq!(encode(&traits).unwrap(), json);
        }
        assert_eq!(decode::<Option<Traits>>(None).unwrap(), None);
        assert_eq!(decode::<Option<Traits>>(Some(&Value::Null)).unwrap(), None);
    }

    #[test]
    fn what_does_not_fit_is_named_and_not_shown() {
        let error = decode::<Traits>(&json!({"email": "a@b", "name": {"first": ["hunter2"]}})).unwrap_err();
        assert_eq!(error.path(), "name.first");
        let error = decode::<Traits>(&json!({"email": "a@b", "name": "hunter2"})).unwrap_err();
        assert_eq!(error.to_string(), "at name: invalid type: string, expected struct Name");
        assert_eq!(decode::<Traits>(None).unwrap_err().path(), ".");
        assert!(encode(&BTreeMap::from([(vec![1], 2)])).is_err());
    }
}
