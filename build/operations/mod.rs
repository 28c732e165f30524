//! Reads the operations of a document, and reduces each to what one Rust method can express. The report says what is
//! dropped.

mod bodies;
mod bounds;
mod media;
mod parameters;
mod read;
mod responses;
mod security;

use serde_json::Value;

use super::document::{References, object};
use super::fault::Result;
use super::kinds::Security;
use super::names::{self, Names};
use super::operation::{Operation, Scheme};
use super::report::Report;
use super::reserved;
use super::route;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

/// Every operation, in the order of the document.
pub fn read(mut references: References<'_>, report: &mut Report) -> Result<Vec<Operation>> {
    let document = references.document;
    let paths = match document.get("paths") {
        None => return Ok(Vec::new()),
        Some(paths) => object(paths, "paths")?,
    };
    let mut operations: Vec<Operation> = Vec::new();
    let mut taken = Names::new(reserved::METHODS.map(str::to_owned));
    for (path, item) in paths {
        let at = format!("paths/{path}");
        let item = object(references.follow(item, &at)?, &at)?;
        for method in METHODS {
            let Some(raw) = item.get(method) else { continue };
            let raw = object(raw, &format!("{} {path}", method.to_uppercase()))?;
            let mut operation = read::operation(&mut references, path, method, item.get("parameters"), raw, report)?;
            distinguish(&mut operation, &mut taken, report);
            operations.push(operation);
        }
    }
    route::settle(&mut operations);
    require_tokens(document, &mut operations);
    Ok(operations)
}

/// Documents of a single server name no credential for administrators, because nobody else can reach that port.
/// Gateways and the Ory Network require a token there.
fn require_tokens(document: &Value, operations: &mut [Operation]) {
    if document.get("security").is_some() {
        return;
    }
    for operation in operations {
        let raw = &document["paths"][&operation.path][operation.method.to_lowercase()];
        if raw.get("security").is_none() && route::is_administrative(operation) {
            let name = "oryAccessToken".to_owned();
            operation.security.push(Scheme { name, credential: Some(Security::AccessToken) });
        }
    }
}

/// Renames an operation with the name of an earlier one: it gets its HTTP method as a suffix, then a number. Different
/// names may still give the same type or constant, so these count too.
fn distinguish(operation: &mut Operation, taken: &mut Names, report: &mut Report) {
    let keys = |name: &str| vec![name.to_owned(), names::builder_name(name), names::constant_name(name)];
    let is_taken = keys(&operation.name).iter().any(|key| taken.is_taken(key));
    let mut wanted = operation.name.clone();
    if is_taken {
        wanted = format!("{}_{}", wanted.trim_end_matches('_'), operation.method.to_lowercase());
    }
    operation.name = taken.take_with(&wanted, &keys);
    if is_taken {
        report.note(operation.at(), format!("its name is taken: named {}", operation.name));
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::{Map, json};

    use super::*;
    use crate::build::kinds::{Endpoint, Place, Repeat};
    use crate::build::operation::{Media, ResponseBody, Success};
    use crate::build::size::Room;

    fn read_all(document: &Value, report: &mut Report) -> Result<Vec<Operation>> {
        read(References { document, room: &mut Room::default() }, report)
    }

    fn read_one(operation: Value) -> (Operation, Report) {
        let document = json!({
            "paths": {"/things/{id}": {"post": operation}},
            "components": {
                "parameters": {"page": {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "x-legacy": {"minimum": 0}}}},
                "responses": {"gone": {"description": "It is gone."}},
            },
        });
        let mut report = Report::default();
        let mut found = read_all(&document, &mut report).unwrap();
        (found.remove(0), report)
    }

    #[test]
    fn references_are_followed_and_missing_path_parameters_added() {
        let (operation, report) = read_one(json!({
            "operationId": "getOAuth2Thing",
            "parameters": [{"$ref": "#/components/parameters/page"}, {"name": "Link", "in": "header", "schema": {}}],
            "responses": {"410": {"$ref": "#/components/responses/gone"}, "204": {}},
        }));
        assert_eq!(operation.name, "get_oauth2_thing");
        let names: Vec<_> = operation.parameters.iter().map(|p| (p.name.as_str(), p.place, p.required)).collect();
        assert_eq!(names, [("page", Place::Query, false), ("id", Place::Path, true)]);
        assert_eq!((operation.parameters[0].minimum, operation.parameters[0].legacy_minimum), (Some(1), Some(0)));
        assert_eq!(operation.errors, [("410".to_owned(), "It is gone.".to_owned())]);
        assert_eq!(report.len(), 2);
    }

    #[test]
    fn responses() {
        let json = json!({"content": {"application/json": {"schema": {"type": "string"}}}});
        let of = |responses: Value| read_one(json!({"operationId": "x", "responses": responses})).0.success;
        let string = ResponseBody::Json(json!({"type": "string"}));
        assert_eq!(
            of(json!({"200": json})),
            Success { body: string.clone(), optional: false, redirect: false, statuses: Vec::new() }
        );
        assert_eq!(
            of(json!({"200": json, "204": {}})),
            Success { body: string.clone(), optional: true, redirect: false, statuses: Vec::new() }
        );
        assert_eq!(
            of(json!({"200": json, "303": {}, "default": {}})),
            Success { body: string, optional: false, redirect: true, statuses: Vec::new() }
        );
        assert_eq!(
            of(json!({"302": {}, "200": {"content": {"text/html": {}}}})),
            Success { body: ResponseBody::Text, optional: false, redirect: true, statuses: Vec::new() }
        );
        let page = json!({"200": {"content": {"text/html": {"schema": {"type": "string", "format": "password"}}}}});
        assert_eq!(of(page).body, ResponseBody::SecretText);
        assert_eq!(of(json!({"302": {}, "default": json})).body, ResponseBody::Empty);
        let two = json!({"200": json, "201": {"content": {"application/json": {"schema": {"type": "integer"}}}}});
        assert_eq!(of(two).body, ResponseBody::Json(json!({})));
    }

    #[test]
    fn json_goes_before_form() {
        let content = json!({"application/x-www-form-urlencoded": {"schema": {}}, "application/json": {"schema": {"type": "object"}}});
        let (operation, report) =
            read_one(json!({"operationId": "x", "requestBody": {"required": true, "content": content}}));
        let body = operation.body.unwrap();
        assert_eq!((body.media, body.required), (Media::Json, true));
        assert!(report.to_string().contains("body may also be application/x-www-form-urlencoded"));
    }

    #[test]
    fn names_that_would_collide() {
        let list = json!([
            {"name": "id", "in": "query", "schema": {"type": "string"}},
            {"name": "send", "in": "query", "schema": {"type": "string"}},
            {"name": "type", "in": "query", "schema": {"type": "string"}},
        ]);
        let (operation, _) = read_one(json!({"operationId": "x", "parameters": list}));
        let names: Vec<_> = operation.parameters.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["id", "send_query", "type_", "id_path"]);
    }

    #[test]
    fn marks_and_their_faults() {
        assert_eq!(read_one(json!({"operationId": "x", "x-repeat": "repeatable"})).0.repeat, Repeat::Repeatable);
        assert_eq!(read_one(json!({"operationId": "x"})).0.repeat, Repeat::Once);
        let with = |one_of: Value| {
            let parameters = json!([{"name": "a", "in": "query", "schema": {"type": "string"}},
                {"name": "b", "in": "query", "required": true, "schema": {"type": "string"}}]);
            json!({"operationId": "x", "x-one-of": one_of, "parameters": parameters})
        };
        assert!(read_one(with(json!(["a"]))).0.one_of.into_iter().eq(["a"]));
        for wrong in ["b", "c"] {
            let document = json!({"paths": {"/x": {"get": with(json!(["a", wrong]))}}});
            assert_eq!(
                read_all(&document, &mut Report::default()).unwrap_err().to_string(),
                format!("operation x: x-one-of: {wrong:?} is not an optional parameter")
            );
        }
        let document = json!({"paths": {"/x": {"get": {"operationId": "x", "x-repeat": "often"}}}});
        assert_eq!(
            read_all(&document, &mut Report::default()).unwrap_err().to_string(),
            "operation x: x-repeat is \"often\", expected safe, repeatable or once"
        );
    }

    /// The endpoints of a document with these paths.
    fn settled(paths: &[&str]) -> Vec<Endpoint> {
        let items: Map<String, Value> =
            paths.iter().map(|path| ((*path).to_owned(), json!({"get": {"responses": {}}}))).collect();
        let document = json!({"openapi": "3.0.3", "paths": items});
        let operations = read_all(&document, &mut Report::default()).unwrap();
        operations.into_iter().map(|operation| operation.endpoint).collect()
    }

    #[test]
    fn health_is_of_the_only_server() {
        assert_eq!(settled(&["/health/alive", "/sessions/whoami"]), [Endpoint::KratosAdmin, Endpoint::KratosPublic]);
        assert_eq!(settled(&["/clients", "/version"]), [Endpoint::HydraAdmin, Endpoint::HydraAdmin]);
        assert_eq!(settled(&["/clients", "/sessions", "/version"])[2], Endpoint::Named("metadata".into()));
        assert_eq!(
            settled(&["/.well-known/jwks.json", "/rules"]),
            [const { Endpoint::Named(Cow::Borrowed("oathkeeper")) }; 2]
        );
    }
}
