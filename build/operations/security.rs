//! Reads which credentials an operation accepts.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::build::document::References;
use crate::build::fault::Result;
use crate::build::kinds::Security;
use crate::build::operation::Scheme;
use crate::build::size;

/// The schemes, of which one is enough. If an alternative combines several schemes, only the first counts.
pub fn schemes(references: &mut References<'_>, at: &str, raw: &Map<String, Value>) -> Result<Vec<Scheme>> {
    let document = references.document;
    let list = match raw.get("security") {
        Some(own) => Some(own),
        // Every operation repeats the schemes of the document.
        None => {
            let shared = document.get("security");
            references.room.take(shared.map_or(0, size::of), at)?;
            shared
        }
    };
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for alternative in list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
        if let Some(name) = alternative.keys().next().filter(|name| seen.insert(*name)) {
            found.push(Scheme { name: name.clone(), credential: credential(document, name) });
        }
    }
    Ok(found)
}

/// The credential of a scheme. Its name decides first, since Ory's names are stable, then its type.
fn credential(document: &Value, scheme: &str) -> Option<Security> {
    let raw = &document["components"]["securitySchemes"][scheme];
    let is = |key: &str, value: &str| raw[key].as_str().is_some_and(|text| text.eq_ignore_ascii_case(value));
    let lower = scheme.to_ascii_lowercase();
    if lower.starts_with("ory") && (lower.contains("token") || lower.contains("key")) {
        Some(Security::AccessToken)
    } else if lower == "sessiontoken" || is("name", "x-session-token") {
        Some(Security::SessionToken)
    } else if is("type", "oauth2") || lower == "oauth2" {
        Some(Security::OAuth2)
    } else if is("scheme", "basic") || lower == "basic" {
        Some(Security::Basic)
    } else if is("scheme", "bearer") || lower == "bearer" {
        Some(Security::Bearer)
    } else {
        None
    }
}
