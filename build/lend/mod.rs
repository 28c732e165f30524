//! Applies what the crate's own contract knows about the servers to another document: it lends that document its marks.
//! Ory's documents do not say which texts are secret, what may be missing from a response, or which operations must not
//! be sent twice. The servers are the same, so this crate's contract can say it.
//!
//! Operations are matched by method and path, and schemas by their place in these operations.

mod hide;
mod operations;
mod own;
mod pairs;
mod properties;
mod shape;

use serde_json::Value;

use super::fault::Result;
use super::lower::Lowering;
use hide::hide_by_name;
use operations::{lend_one_of, lend_parameters, lend_success};
use own::{OWN, Own};
use pairs::Pairs;

/// Adds what is known to a document, unless it is the crate's own contract.
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
        lend_one_of(operation, known, &mut lowering.report);
        lend_success(operation, known, &lowering.schemas, &mut lowering.report);
        pairs.operation(operation, known, own);
    }
    lowering.operations = operations;
    pairs.run(own, &mut lowering.schemas, &mut lowering.report);
    hide_by_name(&mut lowering.schemas, &pairs.seen);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::document;
    use crate::build::kinds::Repeat;
    use crate::build::operation::ResponseBody;
    use crate::build::operations;

    /// A document without marks, as Ory publishes them.
    fn document(paths: Value, schemas: Value) -> Lowering {
        let mut document = json!({"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}});
        let mut lowering = Lowering::default();
        lowering.operations = operations::read(&document, &mut lowering.report).unwrap();
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
        assert!(
            low.report.to_string().contains("schema theSession: identity: responses may lack it"),
            "{}",
            low.report
        );
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
            (operation.one_of, operation.parameters.iter().map(|parameter| parameter.required).collect::<Vec<_>>())
        };
        let both = vec!["subject".to_owned(), "sid".to_owned()];
        assert_eq!(revoke(&["subject", "sid"]), (both, vec![false, false]));
        assert_eq!(revoke(&["subject"]), (Vec::new(), vec![true]), "an old release has only one");
    }

    #[test]
    fn what_only_a_name_tells_is_hidden() {
        let low = document(
            json!({"/workspaces/{workspace}/keys": {"get": returning("workspaceKey")}}),
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
