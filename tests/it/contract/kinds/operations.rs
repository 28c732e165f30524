//! Operations: their parameters, bodies, responses and servers.

use std::collections::BTreeMap;

use super::{code, compiled, has};

/// The success type of each operation by id, from the `success` entries of the generated table.
fn successes(name: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for row in code(name).split("pubstatic").skip(1) {
        let text = |key: &str| {
            let rest = row.split_once(&format!("{key}:\""))?.1;
            Some(rest.split_once('"')?.0.to_owned())
        };
        if let (Some(id), Some(success)) = (text("id"), text("success")) {
            found.insert(id, success);
        }
    }
    found
}

#[test]
fn responses() {
    let of = successes("answers.yaml");
    for (id, success) in [
        ("severalTypes", "Value"),
        ("sameTypeTwice", "One"),
        ("withAndWithout", "Option<One>"),
        ("defaultOnly", "One"),
        ("defaultBeside", "One"),
        ("range", "One"),
        ("errorsOnly", "()"),
        ("noResponses", "()"),
        ("emptyResponses", "()"),
        ("jsonAndText", "JsonOrText<One>"),
        ("jsonOrToken", "JsonOrText<One>"),
        ("jsonAndForm", "JsonOrText<One>"),
        ("xmlOnly", "bytes::Bytes"),
        ("anything", "One"),
        ("anyText", "bytes::Bytes"),
        ("charset", "One"),
        ("problem", "One"),
        ("scim", "Vec<One>"),
        ("bytesOfFile", "bytes::Bytes"),
        ("html", "String"),
        ("script", "String"),
        ("textAndBytes", "bytes::Bytes"),
        ("jsonAndBytes", "JsonOrText<Value>"),
        ("noSchema", "Value"),
        ("emptyContent", "()"),
        ("redirect", "OrRedirect<()>"),
        ("redirectOrValue", "OrRedirect<Option<One>>"),
        ("plainText", "String"),
        ("plainNumber", "i32"),
        ("plainMap", "BTreeMap<String,bool>"),
        ("plainEnum", "PlainEnumResponse"),
        ("inlineAnswer", "InlineAnswerResponse"),
        ("headOf", "()"),
        ("optionsOf", "()"),
        ("traceOf", "bytes::Bytes"),
        ("secretText", "Secret"),
        ("listOfNulls", "Vec<Option<String>>"),
    ] {
        assert_eq!(of.get(id).map(String::as_str), Some(success), "{id}");
    }
    assert_eq!(of.len(), 37);
}

#[test]
fn bodies() {
    let code = code("bodies.yaml");
    let json = "content_type: \"application/json\"";
    has(
        &code,
        &[
            json,
            "content_type: \"application/x-www-form-urlencoded\", required: false, ty: \"Form\"",
            "content_type: \"application/json-patch+json\", required: false, ty: \"Vec<Change>\"",
            "content_type: \"text/plain\", required: true, ty: \"String\"",
            "content_type: \"application/octet-stream\", required: false, ty: \"Bytes\"",
            "content_type: \"multipart/form-data\", required: false, ty: \"Bytes\"",
            "content_type: \"application/json; charset=utf-8\"",
            "ty: \"InlineBodyBody\"",
            "ty: \"BTreeMap<String, String>\"",
            "ty: \"Either\"",
            "_draft.form(body, false);",
        ],
    );
    let report = compiled("bodies.yaml").report;
    assert!(report.contains("operation anyBody: body is */*: application/json is sent\n"), "{report}");
    assert!(report.contains("operation noContent: its body has no content: dropped\n"), "{report}");
}

#[test]
fn arguments() {
    let code = code("parameters.yaml");
    has(
        &code,
        &[
            "pub fn id_query<By>",
            "pub fn id_header<By>",
            "pub fn query_query<By>",
            "pub fn type_<By>",
            "pub fn gen_<By>",
            "pub fn words<By>(mut self, values: impl crate::codegen::IntoArguments<crate::generated::types::Word, By>)",
            "_draft.header(\"X-List\", x_list, false);",
        ],
    );
    let done = compiled("parameters.yaml");
    for line in [
        "operation undeclared: path parameter other is not declared: added",
        "operation notInPath: path parameter id is not in the path: dropped",
        "operation overridden: parameter page is declared twice: the last one counts",
        "operation everywhere: cookie id is left to the client: dropped",
        "operation headers: header Content-Type is not an argument: dropped",
        "operation shapes: parameter object is not a text, number or list of them: any JSON, sent as JSON",
        "operation shapes: parameter comma is a list in one value: sent as a value for each item",
        "operation swaggerParameters: parameter payload in body: taken as the JSON body",
        "operation swaggerForm: parameter a in formData: taken as a field of the form",
    ] {
        assert!(done.report.contains(line), "{line}\nin\n{}", done.report);
    }
}

#[test]
fn operations_without_a_name_of_their_own() {
    let code = code("operations.yaml");
    for name in ["get_nameless_id", "twice", "twice_post", "twice_post2", "a_b", "a_b_put", "a_b_post", "type_", "gen_"]
    {
        has(&code, &[&format!("pub fn {name}(&self)")]);
    }
    for taken in ["builder", "clone", "request", "call", "operations"] {
        assert!(!code.contains(&format!("pubfn{taken}(&self)->operation")), "{taken}");
    }
    has(&code, &["area: Area::Frontend", "area: Area::Other(\"some_tag\")", "Security::Other(\"unheard\")"]);
}

#[test]
fn other_products_have_endpoints_of_their_own() {
    let named = |name: &str| format!("endpoint: Endpoint::Named(std::borrow::Cow::Borrowed(\"{name}\"))");
    let keto = code("keto.yaml");
    has(&keto, &["endpoint: Endpoint::KetoRead", "endpoint: Endpoint::KetoWrite", "endpoint: Endpoint::KetoOpl"]);
    // What the crate's own contract knows of them.
    has(&keto, &["results: &[403u16]", "pub fn subject(&self) -> Option<crate::codegen::Subject>"]);
    let gate = code("oathkeeper.yaml");
    has(&gate, &[&named("oathkeeper")]);
    let hydra = code("hydra.yaml");
    has(&hydra, &["endpoint: Endpoint::HydraAdmin", "endpoint: Endpoint::HydraPublic"]);
    assert!(!keto.contains("endpoint:Endpoint::Kratos") && !gate.contains("endpoint:Endpoint::Kratos"));
    let flow = "impl crate::codegen::Flow for SelfServiceLoginFlow {
            type Ui = crate::generated::types::UiContainer;
            #[inline] fn ui(&self) -> &Self::Ui { &self.ui }
            #[inline] fn id(&self) -> String { crate::codegen::text_of(&self.id).unwrap_or_default() }
        }";
    has(&code("old_kratos.yaml"), &[flow]);
}
