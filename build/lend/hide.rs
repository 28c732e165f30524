//! Hides properties that our contract does not have if their names say that they are secret.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::shape::is_text;

/// Names of secret texts end in one of these.
const SECRET_ENDINGS: [&str; 4] = ["token", "secret", "password", "verifier"];

/// Hides the secret properties of all schemas that have no counterpart in our contract.
pub fn hide_by_name(schemas: &mut Map<String, Value>, seen: &BTreeSet<String>) {
    for (_, schema) in schemas.iter_mut().filter(|(name, _)| !seen.contains(*name)) {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        properties.into_iter().flatten().for_each(|(name, property)| hide(name, property));
    }
}

/// Makes `Debug` hide a text if its name says that it is secret.
pub fn hide(name: &str, property: &mut Value) {
    let name = name.to_ascii_lowercase();
    let is_secret = SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending)) && is_text(property);
    if let Some(property) = property.as_object_mut().filter(|_| is_secret) {
        property.insert("x-sensitive".to_owned(), json!(true));
    }
}
