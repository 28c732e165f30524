//! Applies what the crate's own contract knows about the servers to another document: it lends that document its marks.
//! Ory's documents do not say which texts are secret, what may be missing from a response, or which operations must not
//! be sent twice. The servers are the same, so this crate's contract can say it.
//!
//! Operations are matched by method and path, and schemas by their place in these operations.

mod fields;
mod operations;
mod own;
mod pairs;
mod properties;
mod shape;

use serde_json::Value;

use super::fault::Result;
use super::lower::Lowering;
use fields::lend_body;
use operations::{lend_one_of, lend_parameters, lend_servers, lend_success};
use own::{OWN, Own};
use pairs::Pairs;

/// Adds what is known to a document, unless it is the crate's own contract.
pub fn lend(text: &str, document: &Value, lowering: &mut Lowering) -> Result<()> {
    if text == OWN {
        return Ok(());
    }
    let own = Own::get()?;
    let Lowering { operations, schemas, report, room, .. } = lowering;
    for operation in operations.iter_mut() {
        let Some(known) = own.operation(&operation.method, &operation.path) else { continue };
        let raw = &document["paths"][&operation.path][operation.method.to_lowercase()];
        if raw.get("x-repeat").is_none() && operation.repeat != known.repeat {
            report.note(operation.at(), format!("repeated as {:?}", known.repeat));
            operation.repeat = known.repeat;
        }
        lend_parameters(operation, known, report);
        lend_one_of(operation, known, report);
        lend_servers(operation, known);
        lend_success(operation, known, schemas, report);
        lend_body(operation, known, own, report, room)?;
    }
    let mut pairs = Pairs::new(own, schemas, report, room);
    for operation in operations {
        if let Some(known) = own.operation(&operation.method, &operation.path) {
            pairs.operation(operation, known)?;
        }
    }
    pairs.components()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::document::{self, References};
    use crate::build::kinds::Repeat;
    use crate::build::operation::{Media, ResponseBody};
    use crate::build::operations;

    /// A document without marks, as Ory publishes them.
    fn document(paths: Value, schemas: Value) -> Lowering {
        let mut document = json!({"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}});
        let mut lowering = Lowering::default();
        let Lowering { room, report, .. } = &mut lowering;
        lowering.operations = operations::read(References { document: &document, room }, report).unwrap();
        lowering.schemas = std::mem::take(document::schemas(&mut document).unwrap());
        lend("another document", &document, &mut lowering).unwrap();
        lowering
    }

    fn returning(schema: &str) -> Value {
        let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
        json!({"operationId": "x", "responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}})
    }

    #[test]
    fn schemas_are_matched_by_their_place() {
        // The names differ, with an alias and an `allOf` of one schema in between.
        let low = document(
            json!({"/self-service/login": {"post": returning("loginDone")}}),
            json!({
                "loginDone": {"type": "object", "required": ["session", "session_token"], "properties": {
                    "session": {"allOf": [{"$ref": "#/components/schemas/aSession"}]},
                    "session_token": {"type": "string", "description": "Hush."}}},
                "aSession": {"$ref": "#/components/schemas/theSession"},
                "theSession": {"type": "object", "required": ["id", "identity", "active"], "properties": {
                    "id": {"type": "string"}, "identity": {"$ref": "#/components/schemas/person"}, "active": {"type": "string"}}},
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
        assert_eq!(session["properties"]["active"], json!({"type": "boolean"}), "as it is sent");
        assert!(
            low.report.to_string().contains("schema theSession: identity: responses may lack it"),
            "{}",
            low.report
        );
    }

    #[test]
    fn what_is_empty_when_unset_is_known_in_any_document() {
        let low = document(
            json!({"/admin/clients/{id}": {"get": returning("client")}}),
            json!({
                "client": {"type": "object", "properties": {
                    "jwks": {"$ref": "#/components/schemas/keys"}, "metadata": {}, "client_name": {"type": "string"}}},
                "keys": {},
            }),
        );
        let mark = |name: &str| low.schemas["client"]["properties"][name]["x-empty"].as_str();
        assert_eq!([mark("jwks"), mark("metadata"), mark("client_name")], [Some("absent"), Some("absent"), None]);
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
        assert_eq!(find("/.well-known/ory/webauthn.js").success.body, ResponseBody::Text);
        assert!(find("/admin/oauth2/auth/requests/login").parameters[0].secret);
    }

    #[test]
    fn one_of_two_parameters_is_enough_in_any_document() {
        let revoke = |names: &[&str]| {
            let parameters = names.iter().map(|name| {
                json!({"in": "query", "name": name, "required": *name == "subject", "schema": {"type": "string"}})
            });
            let operation = json!({"operationId": "x", "responses": {}, "parameters": parameters.collect::<Vec<_>>()});
            let low = document(json!({"/admin/oauth2/auth/sessions/login": {"delete": operation}}), json!({}));
            let operation = low.operations.into_iter().next().unwrap();
            let one_of: Vec<String> = operation.one_of.into_iter().collect();
            (one_of, operation.parameters.iter().map(|parameter| parameter.required).collect::<Vec<_>>())
        };
        let both = vec!["sid".to_owned(), "subject".to_owned()];
        assert_eq!(revoke(&["subject", "sid"]), (both, vec![false, false]));
        assert_eq!(revoke(&["subject"]), (Vec::new(), vec![true]), "an old release has only one");
    }

    /// An operation that sends this body as a form.
    fn sending(schema: Value) -> Value {
        let content = json!({"application/x-www-form-urlencoded": {"schema": schema}});
        json!({"operationId": "x", "responses": {}, "requestBody": {"content": content}})
    }

    #[test]
    fn a_body_gets_the_fields_that_it_lacks() {
        // Written out, in a component, in a part of one, and as parameters of Swagger 2.
        let text = json!({"type": "string"});
        let inline =
            json!({"type": "object", "required": ["grant_type"], "properties": {"grant_type": text, "code": text}});
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let parameters = json!([{"in": "formData", "name": "grant_type", "type": "string", "required": true},
            {"in": "formData", "name": "code", "type": "string"}]);
        let swagger = json!({"operationId": "x", "responses": {}, "parameters": parameters});
        let bodies = [sending(inline.clone()), sending(reference("form")), sending(reference("whole")), swagger];
        for operation in bodies {
            let schemas = json!({"form": inline, "base": {"type": "object", "properties": {"code": text}},
                "whole": {"allOf": [reference("base"), {"type": "object", "properties": {"grant_type": text}}]}});
            let mut low = document(json!({"/oauth2/token": {"post": operation}}), schemas);
            let report = low.report.to_string();
            assert_eq!(report.matches(": scope: a field that servers take: added").count(), 1, "{report}");
            crate::build::lower::passes::run(&mut low, &json!({})).unwrap();
            let body = low.operations.remove(0).body.unwrap();
            let schema = &low.schemas[crate::build::schema::target(&body.schema).unwrap()];
            let properties = schema["properties"].as_object().unwrap();
            for name in ["grant_type", "code", "scope", "audience", "assertion", "device_code", "client_secret"] {
                assert!(properties.contains_key(name), "{name}: {schema}");
            }
            let secret = json!("#/components/schemas/OrySdkSecret");
            assert_eq!([&schema["properties"]["code"]["$ref"], &properties["device_code"]["$ref"]], [&secret; 2]);
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            assert!(required.iter().all(|name| name == "grant_type"), "nothing more is required: {schema}");
        }
    }

    #[test]
    fn only_whole_bodies_get_fields() {
        let client = json!({"type": "object", "properties": {"client_id": {"type": "string"}}});
        let of = |operation: Value| {
            let low = document(json!({"/admin/clients": {"post": operation}}), json!({"client": client}));
            low.schemas["client"]["properties"].as_object().unwrap().contains_key("skip_consent")
        };
        assert!(!of(returning("client")), "a response has what servers send");
        assert!(of(sending(json!({"$ref": "#/components/schemas/client"}))));
        let mut both = sending(json!({"$ref": "#/components/schemas/client"}));
        both["responses"] = returning("client")["responses"].clone();
        assert!(of(both));
        let free = document(json!({"/admin/clients": {"post": sending(json!({"type": "object"}))}}), json!({}));
        assert_eq!(free.operations[0].body.as_ref().unwrap().schema, json!({"type": "object"}), "it takes any field");
    }

    #[test]
    fn an_operation_gets_the_body_that_it_lacks() {
        let plain = || json!({"operationId": "x", "responses": {}});
        let low = document(
            json!({
                "/oauth2/revoke": {"post": plain()},
                "/oauth2/auth/requests/logout/reject": {"put": plain()},
                "/elsewhere": {"post": plain()},
            }),
            json!({}),
        );
        let body = |path: &str| low.operations.iter().find(|operation| operation.path == path).unwrap().body.as_ref();
        let revoke = body("/oauth2/revoke").unwrap();
        assert_eq!((revoke.media, revoke.required), (Media::Form, true));
        assert_eq!(revoke.schema["properties"]["token"]["format"], "password", "its schema is written out");
        assert_eq!(body("/oauth2/auth/requests/logout/reject").unwrap().content_type, "application/json");
        assert!(body("/elsewhere").is_none());
        let report = low.report.to_string();
        assert!(
            report.contains("operation x: a body, which servers require: added (application/x-www-form-urlencoded)"),
            "{report}"
        );
    }

    #[test]
    fn nothing_is_lent_to_oneself() {
        let mut low = Lowering::default();
        lend(OWN, &Value::Null, &mut low).unwrap();
        assert_eq!(low.report.len(), 0);
    }
}
