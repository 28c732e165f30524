//! Contracts that cost more than their size, if the build compares each thing with all others: things that share a name,
//! things that many others refer to, and values that unfold. Most of these took minutes, or never ended. No test looks at a
//! clock: one that fails does not end.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::build::kinds::Area;
use crate::build::{Compiled, compile, lower};
use crate::contract::kinds;

fn document(paths: Value, components: Value) -> String {
    json!({"openapi": "3.0.3", "info": {"title": "Many", "version": "1"}, "paths": paths, "components": components})
        .to_string()
}

fn made(paths: Value, components: Value) -> Compiled {
    compile(&document(paths, components), &Area::KNOWN).unwrap()
}

fn fault(paths: Value, components: Value) -> String {
    compile(&document(paths, components), &Area::KNOWN).unwrap_err().to_string()
}

/// An object with a member for each number.
fn many(count: usize, member: impl Fn(usize) -> (String, Value)) -> Value {
    Value::Object((0..count).map(member).collect::<Map<_, _>>())
}

fn list(count: usize, item: impl Fn(usize) -> Value) -> Value {
    (0..count).map(item).collect()
}

/// Different texts that all become the same name in Rust.
fn same(index: usize) -> String {
    format!("{}a{}", "-".repeat(index % 50), "_".repeat(index / 50))
}

pub fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// An operation that returns this.
fn returning(id: &str, schema: &Value) -> Value {
    json!({"operationId": id, "responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}})
}

fn text() -> Value {
    json!({"type": "string"})
}

/// How often each of `parts` is in a code.
fn counts<const N: usize>(code: &str, parts: [&str; N]) -> [usize; N] {
    parts.map(|part| code.matches(part).count())
}

#[test]
fn values_of_one_name() {
    let values = list(20_000, |index| json!(same(index)));
    let done = made(json!({"/x": {"get": returning("x", &json!({"type": "string", "enum": values}))}}), json!({}));
    assert_eq!(counts(&done.code, [" A = ", " A_ = ", " A2 = ", " A19999 = "]), [1; 4]);
}

#[test]
fn properties_of_one_name() {
    let own = json!({"type": "object", "properties": many(5_000, |index| (same(index), text()))});
    let done = made(json!({"/x": {"get": returning("x", &to("A"))}}), json!({"schemas": {"A": own}}));
    assert_eq!(counts(&done.code, ["pub a : ", "pub a2 : ", "pub a5000 : ", "pub a5001 : "]), [1, 1, 1, 0]);
}

#[test]
fn operations_of_one_name() {
    let done =
        made(many(3_000, |index| (format!("/x{index}"), json!({"get": {"operationId": same(index)}}))), json!({}));
    assert_eq!(done.operations, 3_000);
    assert_eq!(counts(&done.code, ["pub fn a_get2999 (", "pub struct AGet2999 "]), [1, 1]);
}

/// These names differ, and the names of their builders do not: `a_b` and `ab` are both `Ab`.
#[test]
fn operations_with_one_builder() {
    let id = |index: usize| (0..12).map(|bit| ["ab_cd_", "a_b_cd_"][index >> bit & 1]).collect::<String>();
    let ids: BTreeSet<String> = (0..3_000).map(id).collect();
    assert_eq!(ids.len(), 3_000);
    let (lowering, _) = lower(
        &document(many(3_000, |index| (format!("/x{index}"), json!({"get": {"operationId": id(index)}}))), json!({})),
        &Area::KNOWN,
    )
    .unwrap();
    let builders: BTreeSet<String> = lowering.operations.iter().map(|operation| operation.type_name()).collect();
    assert_eq!(builders.len(), 3_000);
}

/// What tells them apart must not be lost where names have a length limit.
#[test]
fn operations_of_one_long_name() {
    for id in ["ab_".repeat(60), "aB".repeat(100), "x".repeat(10_000)] {
        let done = made(many(20, |index| (format!("/x{index}"), json!({"get": {"operationId": id}}))), json!({}));
        assert_eq!(done.operations, 20);
    }
}

#[test]
fn parameters_schemas_and_areas_of_one_name() {
    let parameters = list(2_000, |index| json!({"in": "query", "name": same(index), "schema": text()}));
    let one_of = list(2_000, |index| json!(same(index)));
    let done =
        made(json!({"/x": {"get": {"operationId": "x", "parameters": parameters, "x-one-of": one_of}}}), json!({}));
    let code = kinds::squeezed(&done.code);
    assert_eq!(counts(&code, ["pubfna_query<", "pubfna_query2<", "pubfna_query1999<"]), [1; 3]);
    // Schemas with a name, and those that get one from their place.
    let object = |index: usize| json!({"type": "object", "properties": {format!("p{index}"): text()}});
    let properties = many(600, |index| (same(index), object(index)));
    let named = many(600, |index| (same(index), object(index)));
    let all = many(600, |index| (format!("r{index}"), to(&same(index))));
    let mut components = json!({"schemas": named});
    components["schemas"]["T"] = json!({"type": "object", "properties": all});
    components["schemas"]["U"] = json!({"type": "object", "properties": properties});
    let paths = json!({"/x": {"get": returning("x", &to("T")), "put": returning("y", &to("U"))}});
    let done = made(paths, components);
    let code = kinds::squeezed(&done.code);
    assert_eq!(counts(&code, ["pubstructA600{", "pubstructUa600{", "pubstructUa601{"]), [1, 1, 0]);
    let areas = many(1_500, |index| {
        (format!("/x{index}"), json!({"get": {"operationId": format!("o{index}"), "tags": [format!("t{index}")]}}))
    });
    assert_eq!(made(areas, json!({})).operations, 1_500);
}

#[test]
fn variants_of_one_name_and_of_one_type() {
    let mapping = many(5_000, |index| (same(index), json!("#/components/schemas/V")));
    let union = json!({"oneOf": [to("V")], "discriminator": {"propertyName": "k", "mapping": mapping}});
    let variant = json!({"type": "object", "properties": {"k": text(), "x": text()}});
    let paths = json!({"/x": {"get": returning("x", &to("U"))}});
    let done = made(paths, json!({"schemas": {"U": union, "V": variant}}));
    assert_eq!(counts(&done.code, ["A4999 (", "impl From < V > for U"]), [1, 0]);
}

/// A circle through unions, in which each struct leads to every other one.
#[test]
fn unions_in_one_circle() {
    let mut schemas = Map::new();
    for index in 0..600 {
        let (union, variant, next) = (format!("U{index}"), format!("V{index}"), format!("U{}", (index + 1) % 600));
        let mapping = json!({"a": format!("#/components/schemas/{variant}")});
        let tagged = json!({"oneOf": [to(&variant)], "discriminator": {"propertyName": "k", "mapping": mapping}});
        schemas.insert(union, tagged);
        schemas.insert(variant, json!({"type": "object", "properties": {"k": text(), "x": to(&next)}}));
    }
    let done = made(json!({"/x": {"get": returning("x", &to("U0"))}}), json!({ "schemas": schemas }));
    let code = kinds::squeezed(&done.code);
    let boxed =
        |index: usize| format!("pubx:::std::option::Option<::std::boxed::Box<crate::generated::types::U{index}>>");
    assert!((0..600).all(|index| code.contains(&boxed(index))));
}

/// Each of these has a default if the next one has.
#[test]
fn defaults_that_depend_on_each_other() {
    let object = |index: usize| {
        let next = json!({"$ref": format!("#/components/schemas/A{}", index + 1), "x-absent": "empty"});
        json!({"type": "object", "required": ["x"], "properties": {"x": next}})
    };
    for (last, defaults) in [(json!([]), 1_001), (json!(["p"]), 0)] {
        let mut schemas = many(1_000, |index| (format!("A{index}"), object(index)));
        schemas["A1000"] = json!({"type": "object", "required": last, "properties": {"p": text()}});
        let done = made(json!({"/x": {"get": returning("x", &to("A0"))}}), json!({ "schemas": schemas }));
        assert_eq!(counts(&done.code, [", Default)] # [non_exhaustive]"])[0], defaults);
    }
}

/// Each operation returns or sends the same object, and reads its last field.
#[test]
fn operations_that_share_a_large_object() {
    let name = |index: usize| format!("p{index}");
    let own = json!({"type": "object", "properties": many(1_500, |index| (name(index), text()))});
    let example = many(1_500, |index| (name(index), json!("v")));
    let paths = many(1_500, |index| {
        let mut operation = returning(&format!("o{index}"), &to("A"));
        operation["x-example-reads"] = json!("p1499");
        (format!("/x{index}"), json!({ "get": operation }))
    });
    let mut paths = paths;
    let content = json!({"application/json": {"example": example, "schema": to("A")}});
    paths["/y"] = json!({"post": {"operationId": "y", "requestBody": {"content": content}}});
    let done = made(paths, json!({"schemas": {"A": own}}));
    assert_eq!(counts(&done.code, ["response.p1499", ".p1499(\\\"v\\\")"]), [1_500, 1]);
}

#[test]
fn alternatives_and_successes() {
    let responses = many(3_000, |index| {
        let schema = json!({"type": "object", "properties": {format!("a{index}"): text()}});
        (format!("2{index}"), json!({"description": "", "content": {"application/json": {"schema": schema}}}))
    });
    let security = list(3_000, |index| json!({ same(index): [] }));
    let operation = json!({"operationId": "x", "responses": responses, "security": security});
    let done = made(json!({"/x": {"get": operation}}), json!({}));
    assert!(done.report.contains("operation x: 3000 different success bodies: any JSON"), "{}", done.report);
    assert_eq!(counts(&done.table, ["Security :: Other"]), [3_000]);
}

/// A backslash takes one of two backticks, so that no other run is as long as what is left.
#[test]
fn backticks_that_nothing_closes() {
    let description = "\\``".repeat(200_000);
    let done = made(json!({"/x": {"get": {"operationId": "x", "description": description}}}), json!({}));
    assert_eq!(counts(&done.code, ["&#96;&#96;"])[0], 200_000);
}

/// Many operations repeat one long text, path, or list of credentials.
#[test]
fn what_references_repeat_is_bounded() {
    let large = "the contract takes more than 32 MiB";
    let operations = |operation: Value| many(2_000, |index| (format!("/x{index}"), json!({ "get": operation })));
    let long = "x".repeat(40_000);
    let parameter = json!({"in": "query", "name": "p", "description": long, "schema": text()});
    let components = json!({
        "parameters": {"p": parameter}, "responses": {"r": {"description": long}},
        "requestBodies": {"b": {"description": long, "content": {"text/plain": {}}}},
        "schemas": {"s": {"type": "string", "example": long}},
    });
    let pointer = |place: &str| json!({"$ref": format!("#/components/{place}")});
    for operation in [
        json!({"operationId": "x", "parameters": [pointer("parameters/p")]}),
        json!({"operationId": "x", "responses": {"404": pointer("responses/r")}}),
        json!({"operationId": "x", "requestBody": pointer("requestBodies/b")}),
        json!({"operationId": "x", "parameters": [{"in": "query", "name": "p", "schema": pointer("schemas/s")}]}),
    ] {
        let fault = fault(operations(operation.clone()), components.clone());
        assert!(fault.starts_with("operation x: ") && fault.ends_with(large), "{operation}: {fault}");
    }
    let mut paths = many(2_000, |index| (format!("/x{index}"), json!({"$ref": "#/paths/~1y"})));
    paths["/y"] = many(8, |index| {
        (
            ["get", "put", "post", "delete", "patch", "head", "options", "trace"][index].to_owned(),
            json!({"operationId": "x", "description": long}),
        )
    });
    assert!(fault(paths, json!({})).ends_with(large));
    let mut document: Value =
        serde_json::from_str(&document(operations(json!({"operationId": "x"})), json!({}))).unwrap();
    document["security"] = list(2_000, |index| json!({ format!("scheme{index}"): [] }));
    assert!(compile(&document.to_string(), &Area::KNOWN).unwrap_err().to_string().ends_with(large));
}

/// What our own contract knows is copied for every operation that has the same place.
#[test]
fn what_is_lent_is_bounded() {
    let large = "the contract takes more than 32 MiB";
    let paths = many(20_000, |index| (format!("/admin/clients/{{c{index}}}"), json!({"put": {"operationId": "x"}})));
    let fault = fault(paths, json!({}));
    assert!(fault.starts_with("operation x: ") && fault.ends_with(large), "{fault}");
}

/// These prefixes were removed one after the other, each by a call inside the call before.
#[test]
fn a_path_of_prefixes_ends() {
    for prefix in ["/api/kratos/public", "/api/kratos/admin", "/backoffice/public"] {
        let path = prefix.repeat(100_000);
        let done = made(json!({ format!("{path}/x"): {"get": {"operationId": "x"}} }), json!({}));
        assert_eq!(done.operations, 1);
    }
    let reads = "a.".repeat(200_000);
    let mut operation = returning("x", &to("A"));
    operation["x-example-reads"] = json!(reads);
    let own = json!({"type": "object", "required": ["a"], "properties": {"a": to("A")}});
    assert_eq!(made(json!({"/x": {"get": operation}}), json!({"schemas": {"A": own}})).operations, 1);
}

/// A few hundred bytes that would be 10^30 values, and brackets that would outgrow the stack.
#[test]
fn what_unfolds_or_is_deep_is_refused() {
    let anchors = (1..30).fold("a0: &a0 [1, 1]\n".to_owned(), |text, step| {
        text + &format!("a{step}: &a{step} [{}]\n", vec![format!("*a{}", step - 1); 10].join(", "))
    });
    let refused = |text: &str| compile(text, &Area::KNOWN).unwrap_err().to_string();
    let fault = refused(&format!("openapi: 3.0.3\n{anchors}"));
    assert!(fault.starts_with("document/a") && fault.ends_with(": the contract takes more than 32 MiB"), "{fault}");
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{{\"a\": {}0{}}}", open.repeat(100_000), close.repeat(100_000));
        let fault = refused(&deep);
        assert!(fault.starts_with("document: is nested deeper than 64 levels at line 1 column "), "{fault}");
    }
}
