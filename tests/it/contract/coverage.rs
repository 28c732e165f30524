//! Finds what the recorded successes contain but the contract does not declare: parameters, fields of requests and
//! responses, statuses, types and nulls.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::support::recording::{self, Body, Recording};
use crate::support::spec::{Operation, Shape, Spec};

/// What the contract leaves out on purpose: what was sent to see how the servers react, and what no caller needs.
const LEFT_OUT: [&str; 39] = [
    "adminCreateOAuth2Client request.no_such_key",
    "adminCreateSelfServiceRecoveryCode request.shoe_size",
    "adminCreateSelfServiceRecoveryLink request.shoe_size",
    // Hydra ignores these: it pages only by page_size and page_token.
    "adminListOAuth2Clients query limit",
    "adminListOAuth2Clients query offset",
    "adminListOAuth2Clients query page",
    "adminListOAuth2Clients query per_page",
    "adminListOAuth2SubjectConsentSessions query page",
    "adminListOAuth2SubjectConsentSessions query per_page",
    "adminListSessions query colour",
    "adminUpdateIdentity request.shoe_size",
    "adminUpdateJsonWebKey request.unknown",
    "batchCheckPermission request.more",
    "batchCheckPermission request.tuples[].colour",
    // JSON instead of the text.
    "checkOplSyntax request of another media type",
    "checkOplSyntax request: no JSON",
    "createRelationship request.note",
    "createVerifiableCredential request.colour",
    // A 307 leads from a wrong port or path to the right one.
    "deleteIdentityCredentials status 307",
    // A "not found" with the status 200, which this client returns as an error.
    "expandPermissions 200.code",
    "expandPermissions 200.message",
    "expandPermissions 200.status",
    "getCourierMessage status 307",
    "getIdentityByExternalID status 307",
    // Claims of a consent page, which are kept in `extra`.
    "getOidcUserInfo 200.acr",
    "getOidcUserInfo 200.address",
    "getOidcUserInfo 200.amr",
    "getRelationships query colour",
    "getRelationships query page",
    "getRelationships query per_page",
    "getSession status 307",
    "getVersion status 307",
    "isAlive status 307",
    "isReady status 307",
    // Always null.
    "oAuth2DeviceFlow 200.Header",
    "performOAuth2DeviceVerificationFlow query colour",
    // A body that the server does not read.
    "rotateOAuth2ClientSecret request: no JSON",
    "setOAuth2ClientLifespans request.colour",
    "submitSelfServiceLogoutFlowWithoutBrowser request.more",
];

#[test]
fn the_contract_lacks_nothing_that_servers_take_or_send() {
    let spec = Spec::load();
    let operations = spec.operations();
    let mut lacks = Lacks { spec: &spec, found: BTreeSet::new() };
    for found in recording::own() {
        let recording = found.recording.unwrap();
        let operation = operations.iter().find(|operation| operation.id == recording.operation).unwrap();
        if recording.response.status < 400 && recording.is_of(operation) {
            lacks.exchange(operation, &recording);
        }
    }
    let found: Vec<&str> = lacks.found.iter().map(String::as_str).collect();
    assert_eq!(found, LEFT_OUT, "\n{}", found.join("\n"));
}

struct Lacks<'a> {
    spec: &'a Spec,
    found: BTreeSet<String>,
}

impl Lacks<'_> {
    fn exchange(&mut self, operation: &Operation, recording: &Recording) {
        let id = operation.id;
        let query = recording.request.path.split_once('?').map_or("", |(_, query)| query);
        let declared = operation.parameters(self.spec);
        for (key, _) in url::form_urlencoded::parse(query.as_bytes()) {
            if !declared.iter().any(|parameter| parameter["in"] == "query" && parameter["name"] == *key) {
                self.note(format!("{id} query {key}"));
            }
        }
        match &recording.request.body {
            Some(Body::Json(value)) => self.json(&format!("{id} request"), operation.request(self.spec, JSON), value),
            Some(Body::Form(text)) => self.form(&format!("{id} form"), operation.request(self.spec, FORM), text),
            Some(_) => self.note(format!("{id} request of another media type")),
            None => {}
        }
        let status = recording.response.status;
        let Some(response) = operation.response(self.spec, status) else {
            return self.note(format!("{id} status {status}"));
        };
        let content = response.get("content").and_then(Value::as_object);
        match &recording.response.body {
            Some(Body::Json(value)) => {
                let schema = content.and_then(|content| content.get(JSON)?.get("schema"));
                self.json(&format!("{id} {status}"), schema, value);
            }
            // The "See Other" page of a redirect is not meant for programs.
            Some(_) if !(300..400).contains(&status) => {
                let sent = recording.response.header("content-type").unwrap_or_default();
                let sent = sent.split(';').next().unwrap_or_default().trim();
                if !content.is_some_and(|content| content.contains_key(sent)) {
                    self.note(format!("{id} {status} media type {sent}"));
                }
            }
            _ => {}
        }
    }

    fn json(&mut self, at: &str, schema: Option<&Value>, value: &Value) {
        match schema {
            Some(schema) => self.value(at, schema, value),
            None => self.note(format!("{at}: no JSON")),
        }
    }

    fn value(&mut self, at: &str, schema: &Value, value: &Value) {
        match (self.spec.shape(schema), value) {
            (Shape::Any, _) => {}
            (_, Value::Null) => {
                // Servers accept null for anything in a request. In responses, the contract must allow it:
                // by `nullable` or by `x-absent: empty`.
                let is_taken = self.spec.is_nullable(schema) || schema["x-absent"] == "empty";
                if !at.contains(" request") && !is_taken {
                    self.note(format!("{at}: null"));
                }
            }
            (Shape::Object { properties, rest }, Value::Object(map)) => {
                for (key, value) in map {
                    // `additionalProperties: true` keeps unknown keys, but does not declare them.
                    let rest = rest.filter(|rest| rest.is_object());
                    match properties.get(key.as_str()).copied().or(rest) {
                        Some(schema) => self.value(&format!("{at}.{key}"), schema, value),
                        None => self.note(format!("{at}.{key}")),
                    }
                }
            }
            (Shape::List(item), Value::Array(items)) => {
                items.iter().for_each(|value| self.value(&format!("{at}[]"), item, value));
            }
            (Shape::Union { tag, mapping }, Value::Object(map)) => match self.spec.variant(mapping, map.get(tag)) {
                Some(variant) => self.value(at, variant, value),
                None => self.note(format!("{at}: {tag} {}", map.get(tag).unwrap_or(&Value::Null))),
            },
            (Shape::Plain { kind: "string", .. }, Value::String(_))
            | (Shape::Plain { kind: "boolean", .. }, Value::Bool(_))
            | (Shape::Plain { kind: "number", .. }, Value::Number(_)) => {}
            (Shape::Plain { kind: "integer", .. }, Value::Number(number)) if !number.is_f64() => {}
            (_, other) => self.note(format!("{at}: type of {other}")),
        }
    }

    /// The fields of a form. A field of a nested object is written `object.field`.
    fn form(&mut self, at: &str, schema: Option<&Value>, text: &str) {
        let Some(schema) = schema else { return self.note(format!("{at}: no form")) };
        let fields: Map<String, Value> = url::form_urlencoded::parse(text.as_bytes())
            .map(|(key, value)| (key.into_owned(), Value::from(value.into_owned())))
            .collect();
        let mut schema = schema;
        if let Shape::Union { tag, mapping } = self.spec.shape(schema) {
            match self.spec.variant(mapping, fields.get(tag)) {
                Some(variant) => schema = variant,
                None => return self.note(format!("{at}: {tag} {}", fields.get(tag).unwrap_or(&Value::Null))),
            }
        }
        let Shape::Object { properties, .. } = self.spec.shape(schema) else { return };
        for key in fields.keys() {
            if !properties.contains_key(key.split('.').next().unwrap_or_default()) {
                self.note(format!("{at} {key}"));
            }
        }
    }

    fn note(&mut self, what: String) {
        self.found.insert(what);
    }
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
