//! Reads the document's operations: parameters, bodies and answers with their references followed, each
//! reduced to what one Rust method can say. What is dropped goes into the report.

mod answers;
mod bodies;
mod parameters;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::fault::{Fault, Result};
use super::names;
use super::operation::{Answer, Operation, Repeat};
use super::report::Report;
use super::route;
use super::walk::resolve;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

/// Names that the client, or the table of operations, has already.
pub const RESERVED_METHODS: [&str; 28] = [
    "base",
    "builder",
    "call",
    "check_privacy",
    "clone",
    "deliver",
    "dress",
    "endpoint",
    "exchange",
    "forwarding",
    "from",
    "from_env",
    "http",
    "new",
    "operations",
    "request",
    "send",
    "send_again",
    "with_client_credentials",
    "with_cookie_jar",
    "with_cookies",
    "with_forwarded_for",
    "with_handle",
    "with_oauth2_token",
    "with_person",
    "with_registration_token",
    "with_session_token",
    "with_user_agent",
];

/// Every operation, in the document's order.
pub fn read(document: &Value, report: &mut Report) -> Result<Vec<Operation>> {
    let paths = match document.get("paths") {
        None => return Ok(Vec::new()),
        Some(paths) => paths.as_object().ok_or_else(|| Fault::new("paths", "not an object"))?,
    };
    let mut operations: Vec<Operation> = Vec::new();
    let mut taken = BTreeSet::new();
    for (path, item) in paths {
        let item = resolve(document, item, &format!("paths/{path}"))?;
        let item = item.as_object().ok_or_else(|| Fault::new(format!("paths/{path}"), "not an object"))?;
        for method in METHODS {
            let Some(raw) = item.get(method) else { continue };
            let raw = raw
                .as_object()
                .ok_or_else(|| Fault::new(format!("{} {path}", method.to_uppercase()), "not an object"))?;
            let mut operation = one(document, path, method, item.get("parameters"), raw, report)?;
            distinguish(&mut operation, &mut taken, report);
            operations.push(operation);
        }
    }
    route::settle(&mut operations);
    require_tokens(document, &mut operations);
    Ok(operations)
}

/// Documents of single servers name no credential for administrators: their ports are closed to others. Gateways and
/// the Ory Network want a token there.
fn require_tokens(document: &Value, operations: &mut [Operation]) {
    if document.get("security").is_some() {
        return;
    }
    for operation in operations {
        let raw = &document["paths"][&operation.path][operation.method.to_lowercase()];
        if raw.get("security").is_none() && route::is_administrative(operation) {
            operation.security.push("oryAccessToken".to_owned());
        }
    }
}

/// Two operations with one name would be one method: the later one gets its HTTP method, then a number. The builder's
/// type and the constant are made of the name, and may be one where the names are two.
fn distinguish(operation: &mut Operation, taken: &mut BTreeSet<String>, report: &mut Report) {
    let keys = |name: &str| [name.to_owned(), names::type_name(name), names::constant_name(name)];
    let is_taken = |name: &str| RESERVED_METHODS.contains(&name) || keys(name).iter().any(|key| taken.contains(key));
    if is_taken(&operation.name) {
        let base = operation.name.trim_end_matches('_');
        let name = names::free(format!("{base}_{}", operation.method.to_lowercase()), is_taken);
        report.note(format!("operation {}", operation.id), format!("its name is taken, here {name}"));
        operation.name = name;
    }
    taken.extend(keys(&operation.name));
}

fn one(
    document: &Value,
    path: &str,
    method: &str,
    shared: Option<&Value>,
    raw: &Map<String, Value>,
    report: &mut Report,
) -> Result<Operation> {
    let id = match text(raw.get("operationId")) {
        id if id.is_empty() => {
            let id = names::ruby_name(&format!("{method} {path}"));
            report.note(format!("{} {path}", method.to_uppercase()), format!("has no operationId, here {id}"));
            id
        }
        id => id,
    };
    if !path.starts_with('/') {
        return Err(Fault::operation(&id, format!("path {path:?} does not start with a slash")));
    }
    let at = format!("operation {id}");
    let lists = [shared, raw.get("parameters")];
    let parameters = parameters::read(document, path, &at, lists, report)?;
    let body = match raw.get("requestBody") {
        Some(body) => bodies::read(document, &at, body, report)?,
        None => bodies::of_swagger(document, &at, lists, report)?,
    };
    let responses = match raw.get("responses") {
        None => Map::new(),
        Some(value) => value.as_object().ok_or_else(|| Fault::new(&at, "its responses are not an object"))?.clone(),
    };
    let success = answers::success(document, &at, method, &responses, report)?;
    let errors = answers::errors(document, &at, &responses)?;
    let tag = raw.get("tags").and_then(|tags| tags.get(0)).map_or(String::new(), |tag| text(Some(tag)));
    let area = route::area(path, &tag);
    let method = method.to_uppercase();
    Ok(Operation {
        name: names::method_name(&id),
        endpoint: route::endpoint(&area, &method, path, &tag, &id),
        repeat: repeat(&at, &method, raw)?,
        security: security(document, raw),
        summary: text(raw.get("summary")),
        description: text(raw.get("description")),
        deprecated: raw.get("deprecated").and_then(Value::as_bool).unwrap_or(false),
        legacy: raw.get("x-legacy").and_then(Value::as_str).map(str::to_owned),
        path: path.to_owned(),
        method,
        area,
        parameters,
        body,
        success,
        errors,
        id,
    })
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// What a media type is without its parameters.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether this media type is JSON, with this schema: `*/*` is what a schema says, unless that is a text.
fn is_json(media_type: &str, media: &Value) -> bool {
    let essence = essence(media_type);
    let structured = || {
        let schema = media.get("schema");
        let kind = schema.and_then(|schema| schema.get("type")).and_then(Value::as_str);
        schema.is_some_and(Value::is_object) && !matches!(kind, Some("string" | "file"))
    };
    essence == "application/json" || essence.ends_with("+json") || (essence == "*/*" && structured())
}

pub fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

/// Names of the schemes of which one is enough; an alternative of several schemes is named by its first.
fn security(document: &Value, raw: &Map<String, Value>) -> Vec<String> {
    let list = raw.get("security").or_else(|| document.get("security")).and_then(Value::as_array);
    let mut found = Vec::new();
    for alternative in list.into_iter().flatten().filter_map(Value::as_object) {
        if let Some(name) = alternative.keys().next()
            && !found.contains(name)
        {
            found.push(name.clone());
        }
    }
    found
}

fn repeat(at: &str, method: &str, raw: &Map<String, Value>) -> Result<Repeat> {
    match raw.get("x-repeat").map(|mark| text(Some(mark))) {
        None => Ok(match method {
            "GET" | "HEAD" | "OPTIONS" => Repeat::Safe,
            "PUT" | "DELETE" => Repeat::Repeatable,
            _ => Repeat::Once,
        }),
        Some(mark) => match mark.as_str() {
            "safe" => Ok(Repeat::Safe),
            "repeatable" => Ok(Repeat::Repeatable),
            "once" => Ok(Repeat::Once),
            other => Err(Fault::new(at, format!("x-repeat is {other:?}, expected safe, repeatable or once"))),
        },
    }
}

/// Types that operations name directly: the roots of everything that must be compiled.
pub fn schemas_of(operation: &Operation) -> Vec<&Value> {
    let mut found: Vec<&Value> = operation.parameters.iter().map(|parameter| &parameter.schema).collect();
    found.extend(operation.body.iter().map(|body| &body.schema));
    if let Answer::Json(schema) | Answer::JsonOrText(schema) = &operation.success.answer {
        found.push(schema);
    }
    found
}

/// The same, to change them, each with a name for its place.
pub fn places_mut(operation: &mut Operation) -> Vec<(String, &mut Value)> {
    let mut found: Vec<(String, &mut Value)> =
        operation.parameters.iter_mut().map(|p| (names::pascal(&p.name), &mut p.schema)).collect();
    found.extend(operation.body.iter_mut().map(|body| ("Body".to_owned(), &mut body.schema)));
    if let Answer::Json(schema) | Answer::JsonOrText(schema) = &mut operation.success.answer {
        found.push(("Answer".to_owned(), schema));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::operation::{Media, Place, Success};

    fn read_one(operation: Value) -> (Operation, Report) {
        let document = json!({
            "paths": {"/things/{id}": {"post": operation}},
            "components": {
                "parameters": {"page": {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "x-legacy": {"minimum": 0}}}},
                "responses": {"gone": {"description": "It is gone."}},
            },
        });
        let mut report = Report::default();
        let mut found = read(&document, &mut report).unwrap();
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
    fn answers() {
        let json = json!({"content": {"application/json": {"schema": {"type": "string"}}}});
        let of = |responses: Value| read_one(json!({"operationId": "x", "responses": responses})).0.success;
        let string = Answer::Json(json!({"type": "string"}));
        assert_eq!(of(json!({"200": json})), Success { answer: string.clone(), optional: false, redirect: false });
        assert_eq!(
            of(json!({"200": json, "204": {}})),
            Success { answer: string.clone(), optional: true, redirect: false }
        );
        assert_eq!(
            of(json!({"200": json, "303": {}, "default": {}})),
            Success { answer: string, optional: false, redirect: true }
        );
        assert_eq!(
            of(json!({"302": {}, "200": {"content": {"text/html": {}}}})),
            Success { answer: Answer::Text, optional: false, redirect: true }
        );
        let page = json!({"200": {"content": {"text/html": {"schema": {"type": "string", "format": "password"}}}}});
        assert_eq!(of(page).answer, Answer::SecretText);
        assert_eq!(of(json!({"302": {}, "default": json})).answer, Answer::Empty);
        let two = json!({"200": json, "201": {"content": {"application/json": {"schema": {"type": "integer"}}}}});
        assert_eq!(of(two).answer, Answer::Json(json!({})));
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
        let document = json!({"paths": {"/x": {"get": {"operationId": "x", "x-repeat": "often"}}}});
        assert_eq!(
            read(&document, &mut Report::default()).unwrap_err().to_string(),
            "operation x: x-repeat is \"often\", expected safe, repeatable or once"
        );
    }
}
