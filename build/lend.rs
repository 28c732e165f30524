//! What this crate's own contract knows of the servers, lent to another document. Ory's documents do not say which
//! texts are secret, what may be missing from an answer, or which calls hurt twice; the servers are the same.
//!
//! Operations are matched by method and path, schemas by where they occur in those operations.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::fault::Result;
use super::lower::Lowering;
use super::operation::{Answer, Operation, Success};
use super::operations;
use super::read;
use super::report::Report;
use super::route;
use super::walk::{self, schema_ref};

const OWN: &str = include_str!("../openapi.yaml");

/// Name endings of texts that are secret whatever they belong to.
const SECRET_ENDINGS: [&str; 4] = ["token", "secret", "password", "verifier"];

/// The crate's own contract.
struct Own {
    schemas: Map<String, Value>,
    /// By method and path without its parameters' names.
    operations: BTreeMap<(String, String), Operation>,
}

impl Own {
    fn read() -> Result<Self> {
        let mut document = read::document(OWN)?;
        let operations = operations::read(&document, &mut Report::default())?.into_iter();
        let operations = operations.map(|own| ((own.method.clone(), unnamed(&own.path)), own)).collect();
        Ok(Self { schemas: std::mem::take(walk::schemas(&mut document)?), operations })
    }

    /// Read once a process: the tests compile many documents.
    fn get() -> Result<&'static Self> {
        static OWN: OnceLock<Result<Own>> = OnceLock::new();
        OWN.get_or_init(Self::read).as_ref().map_err(Clone::clone)
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.operations.get(&(method.to_owned(), unnamed(&route::canonical(path))))
    }
}

/// A path without its parameters' names.
fn unnamed(path: &str) -> String {
    path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect::<Vec<_>>().join("/")
}

/// Lends what is known to a document that is not the crate's own.
pub fn lend(text: &str, document: &Value, lowering: &mut Lowering) -> Result<()> {
    if text == OWN {
        return Ok(());
    }
    let own = Own::get()?;
    let mut pairs = Pairs::default();
    let mut operations = std::mem::take(&mut lowering.operations);
    for operation in &mut operations {
        let Some(known) = own.operation(&operation.method, &operation.path) else { continue };
        let raw = &document["paths"][&operation.path][operation.method.to_lowercase()];
        if raw.get("x-repeat").is_none() && operation.repeat != known.repeat {
            lowering.report.note(format!("operation {}", operation.id), format!("repeated as {:?}", known.repeat));
            operation.repeat = known.repeat;
        }
        lend_parameters(operation, known, &mut lowering.report);
        lend_success(operation, known, &lowering.schemas, &mut lowering.report);
        pairs.operation(operation, known, own);
    }
    lowering.operations = operations;
    pairs.run(own, &mut lowering.schemas, &mut lowering.report);
    hide_by_name(&mut lowering.schemas, &pairs.seen);
    Ok(())
}

fn lend_parameters(operation: &mut Operation, known: &Operation, report: &mut Report) {
    let at = format!("operation {}", operation.id);
    for parameter in &mut operation.parameters {
        let same = |other: &&super::operation::Parameter| {
            other.place == parameter.place && other.wire.eq_ignore_ascii_case(&parameter.wire)
        };
        if known.parameters.iter().find(same).is_some_and(|own| own.secret) && is_text(&parameter.schema) {
            parameter.secret = true;
            parameter.schema["format"] = json!("password");
            report.note(&at, format!("parameter {}: a secret", parameter.wire));
        }
    }
}

/// Kinds of success that servers send without saying so: texts in place of JSON, nothing, a redirect.
fn lend_success(operation: &mut Operation, known: &Operation, schemas: &Map<String, Value>, report: &mut Report) {
    let before = operation.success.clone();
    let Success { answer, optional, redirect } = &mut operation.success;
    *redirect |= known.success.redirect;
    *optional |= known.success.optional && *answer != Answer::Empty;
    if let Answer::Json(schema) = answer {
        match &known.success.answer {
            Answer::Text | Answer::SecretText if is_text(resolved(schemas, schema)) => {
                *answer = known.success.answer.clone();
            }
            Answer::JsonOrText(_) => *answer = Answer::JsonOrText(schema.clone()),
            _ => {}
        }
    }
    if operation.success != before {
        let Success { answer, optional, redirect } = &operation.success;
        let text = matches!(answer, Answer::Text | Answer::SecretText | Answer::JsonOrText(_));
        let what = format!("may answer otherwise than declared: text {text}, nothing {optional}, redirect {redirect}");
        report.note(format!("operation {}", operation.id), what);
    }
}

fn is_text(schema: &Value) -> bool {
    schema["type"] == "string" && schema.get("enum").is_none()
}

fn is_scalar(schema: &Value) -> bool {
    matches!(schema["type"].as_str(), Some("string" | "integer" | "number" | "boolean")) && schema.get("enum").is_none()
}

/// The schema that a reference, or an `allOf` of one, stands for.
fn resolved<'a>(schemas: &'a Map<String, Value>, schema: &'a Value) -> &'a Value {
    let mut current = schema;
    for _ in 0..32 {
        if let Some(target) = schema_ref(current).and_then(|name| schemas.get(name)) {
            current = target;
        } else if let Some([only]) = current["allOf"].as_array().map(Vec::as_slice) {
            current = only;
        } else {
            break;
        }
    }
    current
}

/// The component that a schema names, directly or as an `allOf` of one.
fn component(schema: &Value) -> Option<&str> {
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => schema_ref(only),
        _ => schema_ref(schema),
    }
}

/// Components of the document beside those of ours that say the same.
#[derive(Default)]
struct Pairs<'a> {
    seen: BTreeSet<String>,
    todo: VecDeque<(String, &'a Value)>,
}

impl<'a> Pairs<'a> {
    fn operation(&mut self, operation: &Operation, known: &'a Operation, own: &'a Own) {
        if let (Some(body), Some(ours)) = (&operation.body, &known.body) {
            self.note(&body.schema, &ours.schema, own);
        }
        if let (Answer::Json(schema) | Answer::JsonOrText(schema), Answer::Json(ours) | Answer::JsonOrText(ours)) =
            (&operation.success.answer, &known.success.answer)
        {
            self.note(schema, ours, own);
        }
    }

    /// Two schemas stand at the same place.
    fn note(&mut self, schema: &Value, ours: &'a Value, own: &'a Own) {
        let ours = resolved(&own.schemas, ours);
        if let Some(name) = component(schema) {
            if self.seen.insert(name.to_owned()) {
                self.todo.push_back((name.to_owned(), ours));
            }
            return;
        }
        for (schema, ours) in inner(schema, ours, &own.schemas) {
            self.note(schema, ours, own);
        }
    }

    fn run(&mut self, own: &'a Own, schemas: &mut Map<String, Value>, report: &mut Report) {
        while let Some((name, ours)) = self.todo.pop_front() {
            let Some(mut schema) = schemas.get_mut(&name).map(Value::take) else { continue };
            // A component that only names another one stands for it.
            if component(&schema).is_some() {
                self.note(&schema, ours, own);
            } else {
                for change in lend_object(&mut schema, ours, schemas, own) {
                    report.note(format!("schema {name}"), change);
                }
                for (schema, ours) in inner(&schema, ours, &own.schemas) {
                    self.note(schema, ours, own);
                }
            }
            schemas.insert(name, schema);
        }
    }
}

/// The schemas inside two schemas that stand at the same place.
fn inner<'a, 'b>(schema: &'b Value, ours: &'a Value, own: &'a Map<String, Value>) -> Vec<(&'b Value, &'a Value)> {
    let mut found = Vec::new();
    for key in ["items", "additionalProperties"] {
        if let (Some(schema), Some(ours)) = (schema.get(key), ours.get(key)) {
            found.push((schema, ours));
        }
    }
    if let (Some(properties), Some(known)) = (schema["properties"].as_object(), ours["properties"].as_object()) {
        found.extend(properties.iter().filter_map(|(name, schema)| Some((schema, known.get(name)?))));
    }
    let (variants, known) = (tagged(schema), tagged(ours));
    found.extend(variants.into_iter().filter_map(|(tag, schema)| Some((schema, *known.get(tag)?))));
    for part in schema["allOf"].as_array().into_iter().flatten() {
        found.push((part, resolved(own, ours)));
    }
    found
}

/// The variants of a union by their tag.
fn tagged(schema: &Value) -> BTreeMap<&str, &Value> {
    let mapping = schema["discriminator"]["mapping"].as_object();
    let variants = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    let find = |pointer: &Value| variants?.iter().find(|variant| &variant["$ref"] == pointer);
    mapping.into_iter().flatten().filter_map(|(tag, pointer)| Some((tag.as_str(), find(pointer)?))).collect()
}

/// Lends what is known of an object's properties; gives the changes in words.
fn lend_object(schema: &mut Value, ours: &Value, schemas: &Map<String, Value>, own: &Own) -> Vec<String> {
    let mut changes = Vec::new();
    let list = |schema: &Value, key: &str| -> Vec<String> {
        schema[key].as_array().into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned())).collect()
    };
    let (mut required, known_required) = (list(schema, "required"), list(ours, "required"));
    let mut in_requests = list(schema, "x-required-in-requests");
    let Some(known) = ours["properties"].as_object() else { return changes };
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return changes };
    for (name, property) in properties.iter_mut() {
        let Some(known) = known.get(name) else {
            hide(name, property);
            continue;
        };
        if let Some(change) = lend_property(property, known, schemas, own) {
            changes.push(format!("{name}: {change}"));
        }
        let Some(at) = required.iter().position(|other| other == name) else { continue };
        if known["x-absent"] == "empty" {
            if let Some(property) = property.as_object_mut() {
                property.insert("x-absent".to_owned(), json!("empty"));
                changes.push(format!("{name}: empty where answers lack it"));
            }
        } else if !known_required.contains(name) {
            required.remove(at);
            in_requests.push(name.clone());
            changes.push(format!("{name}: answers may lack it"));
        }
    }
    if let Some(map) = schema.as_object_mut().filter(|_| !changes.is_empty()) {
        map.insert("required".to_owned(), json!(required));
        map.insert("x-required-in-requests".to_owned(), json!(in_requests));
    }
    changes
}

/// Lends a property its secrecy and the type that is really sent.
fn lend_property(property: &mut Value, known: &Value, schemas: &Map<String, Value>, own: &Own) -> Option<String> {
    if known["x-sensitive"] == true
        && let Some(map) = property.as_object_mut()
    {
        map.insert("x-sensitive".to_owned(), json!(true));
    }
    let ours = resolved(&own.schemas, known);
    let theirs = resolved(schemas, property);
    if ours["type"] == "array" && theirs["type"] == "array" {
        let secret = ours["items"]["format"] == "password" && is_text(resolved(schemas, &theirs["items"]));
        if secret {
            let mut list = theirs.clone();
            list["items"] = json!({"type": "string", "format": "password"});
            *property = list;
        }
        return secret.then(|| "secrets".to_owned());
    }
    if !is_scalar(ours) || !is_scalar(theirs) {
        return None;
    }
    let secret = ours["format"] == "password" && theirs["format"] != "password";
    if !secret && ours["type"] == theirs["type"] {
        return None;
    }
    let mut lent = json!({"type": ours["type"]});
    if let Some(format) = ours.get("format") {
        lent["format"] = format.clone();
    }
    if let Some(description) = property.get("description").or_else(|| theirs.get("description")) {
        lent["description"] = description.clone();
    }
    let change = if secret { "a secret".to_owned() } else { format!("sent as {}", ours["type"]) };
    *property = lent;
    Some(change)
}

/// Schemas that our contract does not have.
fn hide_by_name(schemas: &mut Map<String, Value>, seen: &BTreeSet<String>) {
    for (_, schema) in schemas.iter_mut().filter(|(name, _)| !seen.contains(*name)) {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        properties.into_iter().flatten().for_each(|(name, property)| hide(name, property));
    }
}

/// A property that our contract does not have: `Debug` does not show a text whose name calls it a secret.
fn hide(name: &str, property: &mut Value) {
    let name = name.to_ascii_lowercase();
    let is_secret = SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending)) && is_text(property);
    if let Some(property) = property.as_object_mut().filter(|_| is_secret) {
        property.insert("x-sensitive".to_owned(), json!(true));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::operation::Repeat;

    /// A document as Ory publishes them: nothing in it is marked.
    fn document(paths: Value, schemas: Value) -> Lowering {
        let mut document = json!({"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}});
        let mut lowering = Lowering::default();
        lowering.operations = operations::read(&document, &mut lowering.report).unwrap();
        lowering.schemas = std::mem::take(walk::schemas(&mut document).unwrap());
        lend("another document", &document, &mut lowering).unwrap();
        lowering
    }

    fn answering(schema: &str) -> Value {
        let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
        json!({"operationId": "x", "responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}})
    }

    #[test]
    fn schemas_are_matched_by_their_place() {
        // Other names, through an alias and an `allOf` of one.
        let low = document(
            json!({"/self-service/login": {"post": answering("loginDone")}}),
            json!({
                "loginDone": {"type": "object", "required": ["session", "session_token"], "properties": {
                    "session": {"allOf": [{"$ref": "#/components/schemas/aSession"}]},
                    "session_token": {"type": "string", "description": "Hush."}}},
                "aSession": {"$ref": "#/components/schemas/theSession"},
                "theSession": {"type": "object", "required": ["id", "identity", "active"], "properties": {
                    "id": {"type": "string"}, "new_token": {"type": "string"}, "identity": {"$ref": "#/components/schemas/person"}, "active": {"type": "string"}}},
                "person": {"type": "object", "properties": {"id": {"type": "string"}}},
            }),
        );
        let done = &low.schemas["loginDone"];
        assert_eq!(
            done["properties"]["session_token"],
            json!({"type": "string", "format": "password", "description": "Hush."})
        );
        let session = &low.schemas["theSession"];
        assert!(!session["required"].as_array().unwrap().contains(&json!("identity")), "{session}");
        assert!(session["x-required-in-requests"].as_array().unwrap().contains(&json!("identity")));
        assert_eq!(session["properties"]["new_token"]["x-sensitive"], true);
        assert_eq!(session["properties"]["active"], json!({"type": "boolean"}), "as it is sent");
        assert!(low.report.to_string().contains("schema theSession: identity: answers may lack it"), "{}", low.report);
    }

    #[test]
    fn operations_are_matched_by_method_and_path() {
        let plain = json!({"operationId": "y", "responses": {"200": {"description": "", "content": {
            "application/json": {"schema": {"type": "string"}}}}}});
        let low = document(
            json!({
                "/api/kratos/public/self-service/logout/api": {"delete": plain.clone()},
                "/oauth2/introspect": {"post": plain.clone()},
                "/oauth2/register/{client}": {"put": plain.clone()},
                "/.well-known/ory/webauthn.js": {"get": plain.clone()},
                "/elsewhere": {"post": plain.clone()},
                "/admin/oauth2/auth/requests/login": {"get": {"operationId": "z", "responses": {}, "parameters": [
                    {"in": "query", "name": "login_challenge", "required": true, "schema": {"type": "string"}}]}},
            }),
            json!({}),
        );
        let find = |path: &str| low.operations.iter().find(|operation| operation.path == path).unwrap();
        assert_eq!(find("/api/kratos/public/self-service/logout/api").repeat, Repeat::Once);
        assert_eq!(find("/oauth2/introspect").repeat, Repeat::Repeatable);
        assert_eq!(find("/oauth2/register/{client}").repeat, Repeat::Once);
        assert_eq!(find("/elsewhere").repeat, Repeat::Once);
        assert_eq!(find("/.well-known/ory/webauthn.js").success.answer, Answer::Text);
        assert!(find("/admin/oauth2/auth/requests/login").parameters[0].secret);
    }

    #[test]
    fn what_only_a_name_tells_is_hidden() {
        let low = document(
            json!({"/workspaces/{workspace}/keys": {"get": answering("workspaceKey")}}),
            json!({"workspaceKey": {"type": "object", "properties": {
                "secret": {"type": "string"}, "upstream_token": {"type": "string"}, "name": {"type": "string"}}}}),
        );
        let hidden = |name: &str| low.schemas["workspaceKey"]["properties"][name]["x-sensitive"] == true;
        assert_eq!([hidden("secret"), hidden("upstream_token"), hidden("name")], [true, true, false]);
    }

    #[test]
    fn nothing_is_lent_to_oneself() {
        let mut low = Lowering::default();
        lend(OWN, &Value::Null, &mut low).unwrap();
        assert_eq!(low.report.len(), 0);
    }
}
