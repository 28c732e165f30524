//! Reads the document's operations: parameters, bodies and answers with their references followed, each
//! reduced to what one Rust method can say. What is dropped goes into the report.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::fault::{Fault, Result};
use super::names;
use super::operation::{Answer, Body, Media, Operation, Parameter, Place, Repeat, Success};
use super::report::Report;
use super::route;
use super::walk::resolve;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// Headers of an answer that some documents list as request headers, and headers that the client itself sends.
const NOT_ARGUMENTS: [&str; 7] =
    ["link", "x-total-count", "accept", "content-type", "authorization", "location", "set-cookie"];

/// Every operation, in the document's order.
pub fn read(document: &Value, report: &mut Report) -> Result<Vec<Operation>> {
    let paths = match document.get("paths") {
        None => return Ok(Vec::new()),
        Some(paths) => paths.as_object().ok_or_else(|| Fault::new("paths", "not an object"))?,
    };
    let mut operations: Vec<Operation> = Vec::new();
    for (path, item) in paths {
        let item = resolve(document, item, path)?;
        let item = item.as_object().ok_or_else(|| Fault::new(path, "not an object"))?;
        for method in METHODS {
            let Some(raw) = item.get(method) else { continue };
            let raw = raw
                .as_object()
                .ok_or_else(|| Fault::new(format!("{} {path}", method.to_uppercase()), "not an object"))?;
            let mut operation = one(document, path, method, item.get("parameters"), raw, report)?;
            distinguish(&mut operation, &operations, report);
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

/// Two operations with one name would be one method: the later one gets its HTTP method, then a number.
fn distinguish(operation: &mut Operation, earlier: &[Operation], report: &mut Report) {
    let taken = |name: &str| earlier.iter().any(|other| other.name == name);
    if !taken(&operation.name) {
        return;
    }
    let base = format!("{}_{}", operation.name, operation.method.to_lowercase());
    let mut name = base.clone();
    let mut number = 2;
    while taken(&name) {
        name = format!("{base}{number}");
        number += 1;
    }
    report.note(format!("operation {}", operation.id), format!("named twice, here {name}"));
    operation.name = name;
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
    let (parameters, swagger_body) = parameters(document, path, &at, [shared, raw.get("parameters")], report)?;
    let body = match raw.get("requestBody") {
        Some(body) => body_of(document, &at, body, report)?,
        None => swagger_body,
    };
    let responses = match raw.get("responses") {
        None => Map::new(),
        Some(value) => value.as_object().ok_or_else(|| Fault::new(&at, "its responses are not an object"))?.clone(),
    };
    let success = success(document, &at, &responses, report)?;
    let errors = errors(document, &at, &responses)?;
    let tag = raw.get("tags").and_then(|tags| tags.get(0)).map_or(String::new(), |tag| text(Some(tag)));
    let area = route::area(path, &tag);
    let method = method.to_uppercase();
    Ok(Operation {
        name: names::method_name(&id),
        endpoint: route::endpoint(&area, &method, path),
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

pub fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

/// The names in `{braces}`, in order.
pub fn placeholders(path: &str) -> Vec<String> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

fn parameters(
    document: &Value,
    path: &str,
    at: &str,
    lists: [Option<&Value>; 2],
    report: &mut Report,
) -> Result<(Vec<Parameter>, Option<Body>)> {
    let mut found: Vec<Parameter> = Vec::new();
    let mut body = None;
    for raw in lists.into_iter().flatten().flat_map(|list| list.as_array().into_iter().flatten()) {
        let raw = resolve(document, raw, at)?;
        let wire = text(raw.get("name"));
        if wire.is_empty() {
            return Err(Fault::new(at, "a parameter without a name"));
        }
        let place = match text(raw.get("in")).as_str() {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" if NOT_ARGUMENTS.contains(&wire.to_lowercase().as_str()) => {
                report.note(at, format!("header {wire} is not an argument: dropped"));
                continue;
            }
            "header" => Place::Header,
            "body" => {
                // A leftover of Swagger 2.
                report.note(at, format!("parameter {wire} in body: taken as the JSON body"));
                body = Some(Body {
                    media: Media::Json,
                    content_type: "application/json".to_owned(),
                    required: flag(raw, "required"),
                    description: text(raw.get("description")),
                    schema: raw.get("schema").cloned().unwrap_or(Value::Object(Map::new())),
                });
                continue;
            }
            other => {
                report.note(at, format!("parameter {wire} in {other:?} cannot be sent: dropped"));
                continue;
            }
        };
        if place == Place::Path && !placeholders(path).contains(&wire) {
            report.note(at, format!("path parameter {wire} is not in the path: dropped"));
            continue;
        }
        let schema = parameter_schema(raw);
        // Bounds may stand behind a reference.
        let facts = resolve(document, &schema, at)?.clone();
        let legacy = facts.get("x-legacy").or_else(|| raw.get("x-legacy")).cloned().unwrap_or_default();
        let parameter = Parameter {
            name: String::new(),
            required: place == Place::Path || flag(raw, "required"),
            secret: facts.get("format").and_then(Value::as_str) == Some("password"),
            deprecated: flag(raw, "deprecated"),
            description: text(raw.get("description")),
            minimum: facts.get("minimum").and_then(Value::as_i64),
            maximum: facts.get("maximum").and_then(Value::as_i64),
            min_length: facts.get("minLength").and_then(Value::as_u64),
            legacy_minimum: legacy.get("minimum").and_then(Value::as_i64),
            legacy_maximum: legacy.get("maximum").and_then(Value::as_i64),
            place,
            schema,
            wire,
        };
        // The operation's own parameter replaces the path's.
        match found.iter_mut().find(|other| other.wire == parameter.wire && other.place == parameter.place) {
            Some(other) => *other = parameter,
            None => found.push(parameter),
        }
    }
    for wire in placeholders(path) {
        if !found.iter().any(|parameter| parameter.place == Place::Path && parameter.wire == wire) {
            report.note(at, format!("path parameter {wire} is not declared: added"));
            found.push(Parameter {
                wire,
                name: String::new(),
                place: Place::Path,
                required: true,
                secret: false,
                deprecated: false,
                description: String::new(),
                schema: serde_json::json!({"type": "string"}),
                minimum: None,
                maximum: None,
                min_length: None,
                legacy_minimum: None,
                legacy_maximum: None,
            });
        }
    }
    name_parameters(&mut found);
    Ok((found, body))
}

/// Every argument its own name, none that a builder's own methods have.
fn name_parameters(parameters: &mut [Parameter]) {
    let mut taken: BTreeSet<String> = super::RESERVED_SETTERS.iter().map(|name| (*name).to_owned()).collect();
    for parameter in parameters {
        let mut name = names::argument_name(&parameter.wire);
        if !taken.insert(name.clone()) {
            let place = match parameter.place {
                Place::Path => "path",
                Place::Query => "query",
                Place::Header => "header",
            };
            name = format!("{name}_{place}");
            while !taken.insert(name.clone()) {
                name.push('_');
            }
        }
        parameter.name = name;
    }
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// A parameter's schema; Swagger 2 wrote `type` beside the name.
fn parameter_schema(raw: &Value) -> Value {
    if let Some(schema) = raw.get("schema") {
        return schema.clone();
    }
    if let Some(content) = raw.get("content").and_then(Value::as_object)
        && let Some(schema) = content.values().next().and_then(|media| media.get("schema"))
    {
        return schema.clone();
    }
    let mut schema = Map::new();
    for key in ["type", "format", "items", "enum", "minimum", "maximum"] {
        if let Some(value) = raw.get(key) {
            schema.insert(key.to_owned(), value.clone());
        }
    }
    if schema.is_empty() {
        schema.insert("type".to_owned(), Value::from("string"));
    }
    Value::Object(schema)
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

fn body_of(document: &Value, at: &str, raw: &Value, report: &mut Report) -> Result<Option<Body>> {
    let raw = resolve(document, raw, at)?;
    let Some(content) = raw.get("content").and_then(Value::as_object).filter(|content| !content.is_empty()) else {
        report.note(at, "its body has no content: dropped");
        return Ok(None);
    };
    let rank = |media_type: &str| match media_type {
        "application/json" => 0,
        other if is_json(other) => 1,
        "application/x-www-form-urlencoded" => 2,
        other if other.starts_with("text/") => 3,
        _ => 4,
    };
    let mut types: Vec<&String> = content.keys().collect();
    types.sort_by_key(|name| rank(name));
    let chosen = types[0];
    for other in &types[1..] {
        report.note(at, format!("body may also be {other}: {chosen} is sent"));
    }
    let media = match rank(chosen) {
        0 | 1 => Media::Json,
        2 => Media::Form,
        3 => Media::Text,
        _ => Media::Bytes,
    };
    Ok(Some(Body {
        media,
        content_type: chosen.clone(),
        required: flag(raw, "required"),
        description: text(raw.get("description")),
        schema: content[chosen].get("schema").cloned().unwrap_or(Value::Object(Map::new())),
    }))
}

fn success(document: &Value, at: &str, responses: &Map<String, Value>, report: &mut Report) -> Result<Success> {
    let mut json: Vec<Value> = Vec::new();
    let (mut text, mut secret, mut bytes) = (false, false, false);
    let (mut empty, mut redirect, mut any) = (false, false, false);
    let has_2xx = responses.keys().any(|status| status.starts_with('2'));
    let has_3xx = responses.keys().any(|status| status.starts_with('3'));
    for (status, raw) in responses {
        if status.starts_with('3') {
            redirect = true;
            continue;
        }
        // `default` describes errors wherever a success is named.
        let is_success = status.starts_with('2') || (status == "default" && !has_2xx && !has_3xx);
        if !is_success {
            continue;
        }
        any = true;
        let raw = resolve(document, raw, at)?;
        let content = raw.get("content").and_then(Value::as_object).filter(|content| !content.is_empty());
        let Some(content) = content else {
            // Swagger 2 put the schema right here.
            match raw.get("schema") {
                Some(schema) => json.push(schema.clone()),
                None => empty = true,
            }
            continue;
        };
        for (media_type, media) in content {
            if is_json(media_type) {
                json.push(media.get("schema").cloned().unwrap_or(Value::Object(Map::new())));
            } else if media_type.starts_with("text/")
                || media_type == "application/jwt"
                || media_type.contains("javascript")
            {
                text = true;
                let schema = media.get("schema").map(|schema| resolve(document, schema, at)).transpose()?;
                secret |= schema.is_some_and(|schema| schema["format"] == "password");
            } else {
                bytes = true;
            }
        }
    }
    json.dedup();
    let mut schemas: Vec<Value> = Vec::new();
    for schema in json {
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    let schema = match schemas.len() {
        0 => None,
        1 => schemas.pop(),
        several => {
            report.note(at, format!("{several} success types: any JSON"));
            Some(Value::Object(Map::new()))
        }
    };
    let answer = match (schema, text, bytes) {
        (Some(schema), false, false) => Answer::Json(schema),
        (Some(schema), _, _) => Answer::JsonOrText(schema),
        (None, true, false) if secret => Answer::SecretText,
        (None, true, false) => Answer::Text,
        (None, _, true) => Answer::Bytes,
        (None, false, false) => Answer::Empty,
    };
    if !any && !redirect {
        report.note(at, "declares no success: any 2xx without a body");
    }
    Ok(Success { optional: empty && answer != Answer::Empty, answer, redirect })
}

fn errors(document: &Value, at: &str, responses: &Map<String, Value>) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (status, raw) in responses {
        if status.starts_with(['4', '5']) || status == "default" {
            let description = text(resolve(document, raw, at)?.get("description"));
            found.push((status.clone(), description));
        }
    }
    Ok(found)
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
        operation.parameters.iter_mut().map(|p| (names::type_name(&p.name), &mut p.schema)).collect();
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
