//! Which operations, arguments and body fields the contract declares, and which of them were sent.
//!
//! Arguments and fields have names such as `adminGetIdentity query include_credential` or
//! `submitSelfServiceLoginFlow body method=totp/totp_code`.

use std::collections::{BTreeMap, BTreeSet};

use ory_sdk::contract::{Operation, Place};
use serde_json::{Map, Value};

use super::Seen;
use crate::build::document::References;
use crate::build::report::Report;
use crate::build::size::Room;
use crate::build::{document, operations, read};
use crate::support::server::Request;

/// Every argument of the operation table, and every field of every body in `openapi.yaml`.
pub fn declared() -> BTreeSet<String> {
    let contract = Contract::read();
    let mut found = BTreeSet::new();
    for operation in ory_sdk::contract::operations() {
        found.insert(operation.id.to_owned());
        found.extend(operation.parameters.iter().map(|argument| name(operation, argument.place, argument.wire)));
        if let Some(schema) = contract.bodies.get(operation.id) {
            contract.fields(schema, None, &format!("{} body", operation.id), &mut found);
        }
    }
    found
}

/// Like `declared`, but names what these requests contain.
pub fn sent(seen: &[Seen]) -> BTreeSet<String> {
    let contract = Contract::read();
    let mut found = BTreeSet::new();
    for Seen { operation, request } in seen {
        found.insert(operation.id.to_owned());
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        found.extend(path_arguments(operation, path).into_iter().map(|wire| name(operation, Place::Path, &wire)));
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        found.extend(pairs.map(|(wire, _)| name(operation, Place::Query, &wire)));
        found.extend(request.headers.iter().map(|(wire, _)| name(operation, Place::Header, wire)));
        if let (Some(schema), Some(body)) = (contract.bodies.get(operation.id), body(operation, &request.body)) {
            contract.fields(schema, Some(&body), &format!("{} body", operation.id), &mut found);
        }
    }
    found
}

fn name(operation: &Operation, place: Place, wire: &str) -> String {
    match place {
        Place::Path => format!("{} path {wire}", operation.id),
        Place::Query => format!("{} query {wire}", operation.id),
        Place::Header => format!("{} header {}", operation.id, wire.to_ascii_lowercase()),
        other => panic!("{}: {wire} in {other:?}", operation.id),
    }
}

/// The path parameters that `path` fills. `path` starts with the path of the base URL.
fn path_arguments(operation: &Operation, path: &str) -> Vec<String> {
    let template: Vec<&str> = operation.path.split('/').skip(1).collect();
    let segments: Vec<&str> = path.split('/').collect();
    let segments = &segments[segments.len() - template.len()..];
    let mut filled = Vec::new();
    for (part, segment) in template.iter().zip(segments) {
        // A word may follow, as in `{key_id}:revoke`.
        match part.strip_prefix('{').and_then(|part| part.split_once('}')) {
            Some((wire, end)) => {
                let value = segment.strip_suffix(end).unwrap_or_else(|| panic!("{}: {path}", operation.id));
                assert!(!value.is_empty(), "{}: {wire} is empty in {path}", operation.id);
                filled.push(wire.to_owned());
            }
            None => assert_eq!(part, segment, "{}: {path}", operation.id),
        }
    }
    filled
}

/// The body as JSON. A form becomes an object of strings, since only the names of its fields matter.
fn body(operation: &Operation, bytes: &[u8]) -> Option<Value> {
    match operation.body?.content_type {
        _ if bytes.is_empty() => None,
        // It has no fields.
        "text/plain" => None,
        "application/json" => Some(serde_json::from_slice(bytes).unwrap()),
        "application/x-www-form-urlencoded" => {
            let pairs = url::form_urlencoded::parse(bytes);
            Some(pairs.map(|(key, value)| (key.into_owned(), Value::from(value))).collect::<Map<_, _>>().into())
        }
        other => panic!("{}: a body of {other}", operation.id),
    }
}

/// The document, and the schema of each operation's body.
struct Contract {
    document: Value,
    bodies: BTreeMap<String, Value>,
}

impl Contract {
    fn read() -> Self {
        let document = read::document(include_str!("../../../openapi.yaml")).unwrap();
        let references = References { document: &document, room: &mut Room::default() };
        let operations = operations::read(references, &mut Report::default()).unwrap();
        assert_eq!(operations.len(), ory_sdk::contract::operations().len(), "operations that are not compiled");
        let bodies =
            operations.into_iter().filter_map(|operation| Some((operation.id, operation.body?.schema))).collect();
        Self { document, bodies }
    }

    /// Adds the names of a schema's fields to `found`: all of them, or only those that `value` has. Additional
    /// properties, where the schema allows them, are named `*`.
    fn fields(&self, schema: &Value, value: Option<&Value>, at: &str, found: &mut BTreeSet<String>) {
        let schema = document::resolve(&self.document, schema, at).unwrap();
        if let Some(tag) = schema.pointer("/discriminator/propertyName").and_then(Value::as_str) {
            for (variant, target) in schema["discriminator"]["mapping"].as_object().unwrap() {
                if value.is_none_or(|value| value[tag] == **variant) {
                    let target = serde_json::json!({ "$ref": target });
                    self.fields(&target, value, &format!("{at} {tag}={variant}"), found);
                }
            }
            return;
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.fields(part, value, at, found);
        }
        if let Some(items) = schema.get("items") {
            match value {
                None => self.fields(items, None, at, found),
                Some(list) => {
                    list.as_array().unwrap().iter().for_each(|item| self.fields(items, Some(item), at, found))
                }
            }
        }
        let nothing = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&nothing);
        for (name, property) in properties {
            let inner = value.map(|value| value.get(name));
            if inner != Some(None) {
                let at = format!("{at}/{name}");
                self.fields(property, inner.flatten(), &at, found);
                found.insert(at);
            }
        }
        let open = schema.get("additionalProperties").is_some_and(|more| *more != false);
        let has_more =
            |value: &Value| value.as_object().is_some_and(|map| map.keys().any(|key| !properties.contains_key(key)));
        if open && value.is_none_or(has_more) {
            found.insert(format!("{at}/*"));
        }
    }
}

#[test]
fn only_what_was_sent_counts() {
    let seen = |id: &str, target: &str, headers: &[(&str, &str)], body: &str| Seen {
        operation: ory_sdk::contract::operations().iter().find(|operation| operation.id == id).unwrap(),
        request: Request {
            method: String::new(),
            target: target.to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.into(),
        },
    };
    let form = r#"{"method":"oidc","provider":"x","upstream_parameters":{"a":"b"}}"#;
    let found = sent(&[
        seen("revokeSession", "/kratos/sessions/x", &[("cookie", "a=b"), ("accept", "y")], ""),
        seen("submitSelfServiceLoginFlow", "/self-service/login?flow=x", &[], form),
        seen("adminCreateIdentity", "/admin/identities", &[], r#"{"recovery_addresses":[{"via":"email"}]}"#),
        seen("revokeOAuth2Token", "/oauth2/revoke", &[], "token=x&client_id=y"),
    ]);
    let declared = declared();
    let known: Vec<&str> = found.intersection(&declared).map(String::as_str).collect();
    assert_eq!(
        known,
        [
            "adminCreateIdentity",
            "adminCreateIdentity body/recovery_addresses",
            "adminCreateIdentity body/recovery_addresses/via",
            "revokeOAuth2Token",
            "revokeOAuth2Token body/client_id",
            "revokeOAuth2Token body/token",
            "revokeSession",
            "revokeSession header cookie",
            "revokeSession path id",
            "submitSelfServiceLoginFlow",
            "submitSelfServiceLoginFlow body method=oidc/method",
            "submitSelfServiceLoginFlow body method=oidc/provider",
            "submitSelfServiceLoginFlow body method=oidc/upstream_parameters",
            "submitSelfServiceLoginFlow body method=oidc/upstream_parameters/*",
            "submitSelfServiceLoginFlow query flow",
        ]
    );
    assert!(declared.contains("submitSelfServiceLoginFlow body method=password/password"));
    assert!(declared.contains("adminCreateIdentity body/credentials/password/config/hashed_password"));
}
