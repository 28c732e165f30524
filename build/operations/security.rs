//! Reads which credentials an operation accepts.

use serde_json::{Map, Value};

use crate::build::kinds::Security;
use crate::build::operation::Scheme;

/// The schemes, of which one is enough. If an alternative combines several schemes, only the first counts.
pub fn schemes(document: &Value, raw: &Map<String, Value>) -> Vec<Scheme> {
    let list = raw.get("security").or_else(|| document.get("security")).and_then(Value::as_array);
    let mut found: Vec<Scheme> = Vec::new();
    for alternative in list.into_iter().flatten().filter_map(Value::as_object) {
        if let Some(name) = alternative.keys().next()
            && !found.iter().any(|scheme| scheme.name == *name)
        {
            found.push(Scheme { name: name.clone(), credential: credential(document, name) });
        }
    }
    found
}

/// The credential of a scheme. Its name decides first, since Ory's names are stable, then its type.
fn credential(document: &Value, scheme: &str) -> Option<Security> {
    let raw = &document["components"]["securitySchemes"][scheme];
    let field = |key: &str| raw[key].as_str().unwrap_or_default().to_ascii_lowercase();
    let lower = scheme.to_ascii_lowercase();
    if lower.starts_with("ory") && (lower.contains("token") || lower.contains("key")) {
        Some(Security::AccessToken)
    } else if lower == "sessiontoken" || field("name") == "x-session-token" {
        Some(Security::SessionToken)
    } else if field("type") == "oauth2" || lower == "oauth2" {
        Some(Security::OAuth2)
    } else if field("scheme") == "basic" || lower == "basic" {
        Some(Security::Basic)
    } else if field("scheme") == "bearer" || lower == "bearer" {
        Some(Security::Bearer)
    } else {
        None
    }
}
