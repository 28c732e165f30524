//! Bounds that nothing can meet, and names with line breaks.

use serde_json::{Map, Value, json};

use super::hostile_growth::to;
use crate::build::compile;
use crate::build::kinds::Area;
use crate::build::one_line::is_invisible;
use crate::contract::kinds;

fn is_one_line(text: &str) -> bool {
    text.chars().count() < 1_000 && !text.contains(is_invisible)
}

/// Puts a text into each name of a document: paths, operations, tags, parameters, schemas, properties, values, media types,
/// statuses and credentials.
fn named(text: &str) -> Value {
    let name = |start: &str| format!("{start}{text}");
    let mut properties = Map::new();
    properties.insert(
        name("p"),
        json!({"type": "string", "enum": [name("v"), name("w")], "format": name("f"), "description": text}),
    );
    properties.insert(name("q"), json!({"type": name("t"), "required": text, "minLength": text, "default": text}));
    properties.insert(name("token"), json!({"type": "string", "pattern": text}));
    let union = json!({"oneOf": [to(&name("S"))],
        "discriminator": {"propertyName": name("p"), "mapping": {name("m"): name("none"), name("n"): name("S")}}});
    let media = |schema: Value| json!({ name("application/json; x="): {"schema": schema}, name("text/x"): {}, name("*/*"): {} });
    let operation = json!({
        "operationId": name("op"), "tags": [name("tag")], "summary": text, "description": text,
        "security": [{ name("scheme"): [] }],
        "parameters": [
            {"in": "query", "name": name("q"), "description": text, "schema": {"type": "integer", "minimum": text, "maximum": text}},
            {"in": "header", "name": name("h"), "schema": to(&name("S"))},
            {"in": "cookie", "name": name("c"), "schema": {}}, {"in": name("in"), "name": name("o"), "schema": {}},
            {"in": "path", "name": name("gone"), "schema": {}},
        ],
        "requestBody": {"content": media(json!({"type": "object", "properties": {name("u"): to("U")}}))},
        "responses": {name("4"): {"description": text}, "200": {"description": "", "content": media(to(&name("S")))}, name("20"): {}},
    });
    json!({
        "openapi": "3.0.3", "info": {"title": text, "version": text}, "tags": [{"name": name("tag"), "description": text}],
        "paths": {format!("/x{text}/{{id{text}}}"): {"get": operation.clone(), "post": operation}},
        "components": {
            "schemas": {name("S"): {"type": "object", "required": [name("p")], "properties": properties}, "U": union},
            "securitySchemes": {name("scheme"): {"type": text}},
        },
    })
}

#[test]
fn every_note_and_fault_is_one_line() {
    let long = "long\n".repeat(5_000);
    for text in ["\n", "\r\nerror: x", "a\u{1b}[31mb\u{0}", "\u{2028}\u{202e}", "`\"\\{}", &long] {
        let document = named(text);
        let done = compile(&document.to_string(), &Area::KNOWN).unwrap_or_else(|fault| panic!("{text:.20?}: {fault}"));
        assert!(done.report.lines().count() > 20 && done.report.lines().all(is_one_line), "{:?}", done.report);
        for code in [&done.code, &done.table] {
            assert!(syn::parse_file(code).is_ok(), "{text:.20?}");
        }
        assert!(done.table_docs.lines().all(|line| line.starts_with('|') && line.len() < 2_000), "{}", done.table_docs);
        // Faults at each kind of place.
        let change = |pointer: &str, value: Value| {
            let mut document = document.clone();
            *document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
            document
        };
        let escaped = text.replace('~', "~0").replace('/', "~1");
        let path = format!("/paths/~1x{escaped}~1{{id{escaped}}}");
        let mut faults = vec![
            change(&path, json!([])),
            change(&path, json!({"$ref": format!("#/paths/{text}")})),
            change(&path, json!({"$ref": format!("other{text}")})),
            change(&format!("{path}/get"), json!(text)),
            change(&format!("{path}/get/responses"), json!([text])),
            change(&format!("{path}/get/parameters/0"), json!({"$ref": format!("#/components/parameters/{text}")})),
            change(&format!("{path}/get/parameters/0"), json!({"in": "query", "name": ""})),
            change(&format!("{path}/get/requestBody"), json!({"$ref": format!("#/{text}")})),
            change(&format!("/components/schemas/S{escaped}/properties/q{escaped}"), to(&format!("missing{text}"))),
            change(
                &format!("/components/schemas/S{escaped}/properties/q{escaped}"),
                json!({"$ref": format!("#/a/{text}")}),
            ),
            change("/components", json!([text])),
            change("/openapi", json!(text)),
        ];
        for (key, value) in [("x-repeat", json!(text)), ("x-one-of", json!([format!("x{text}")]))] {
            let mut document = document.clone();
            document.pointer_mut(&format!("{path}/get")).unwrap()[key] = value;
            faults.push(document);
        }
        let mut document = document.clone();
        document["paths"][format!("no slash{text}")] = json!({"get": {"operationId": format!("op{text}")}});
        faults.push(document);
        for (index, document) in faults.into_iter().enumerate() {
            let fault =
                compile(&document.to_string(), &Area::KNOWN).expect_err(&format!("{index} of {text:.20?}")).to_string();
            assert!(is_one_line(&fault) && fault.contains(": "), "{index}: {fault:?}");
        }
    }
}

/// Nobody can meet these bounds, so nobody is held to them. The servers know better.
#[test]
fn bounds_that_make_no_sense_are_not_checked() {
    let done = kinds::compiled("bounds.yaml");
    for line in [
        "operation noRowsAtAll: parameter page_size: no number is from 1 to 0: not checked",
        "operation noRowsAtAll: parameter page_token: no length is from 9 to 1: not checked",
        "operation lessThanNoRows: parameter per_page: no number is from 1 to -1: not checked",
        "operation lessThanNoRows: parameter page_size: no number is from 1 to -9223372036854775808: not checked",
        "operation lessThanNoRows: parameter page_size: no number is from 1 to 0: not checked",
        "operation rowsByLimit: parameter limit: no number is from 1 to 0: not checked",
        "operation hugeBounds: parameter page_size: minimum \"1e400\" is not a whole number: not checked",
        "operation hugeBounds: parameter page_size: maximum 1e+300 is not a whole number: not checked",
        "operation hugeBounds: parameter odd: minimum \".nan\" is not a whole number: not checked",
        "operation hugeBounds: parameter other: minimum (a list) is not a whole number: not checked",
    ] {
        assert!(done.report.lines().any(|found| found == line), "{line}\nin\n{}", done.report);
    }
    // For the sizes of pages the table has none of them. Any other bound that can be met stays.
    let table = kinds::squeezed(&done.table);
    let rows = |wire: &str| -> Vec<String> {
        let start = format!("Parameter{{wire:\"{wire}\",");
        table.split(&start).skip(1).map(|row| row.split('}').next().unwrap_or_default().to_owned()).collect()
    };
    let sizes: Vec<String> = ["page_size", "per_page", "limit"].into_iter().flat_map(rows).collect();
    assert_eq!(sizes.len(), 5, "{table}");
    for row in sizes {
        let free = ["minimum:None", "maximum:None", "legacy_minimum:None", "legacy_maximum:None"];
        assert!(free.iter().all(|part| row.contains(part)), "{row}");
    }
    assert!(rows("page")[0].contains("minimum:Some(-9223372036854775808i64),maximum:Some(-1i64)"), "{table}");
    assert!(rows("least")[0].contains("minimum:Some(-9223372036854775808i64),maximum:None"), "{table}");
    assert!(rows("most")[0].contains("minimum:None,maximum:None"), "{table}");
}
