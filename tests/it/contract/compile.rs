//! The build as a whole: each area compiles alone, the output is deterministic, and every bad document is a one-line
//! error.

use serde_json::{Value, json};

use crate::build::kinds::Area;
use crate::build::{Compiled, compile};
use crate::support::spec::Spec;

#[test]
fn each_area_compiles_alone() {
    let text = Spec::text();
    let spec = Spec::load();
    let all = spec.operations();
    for area in Area::KNOWN {
        let compiled = compile(&text, &[area]).unwrap();
        let (own, others): (Vec<_>, Vec<_>) =
            all.iter().partition(|operation| operation.raw["tags"][0] == area.as_str());
        assert_eq!(compiled.operations, own.len(), "{area}");
        assert!(own.iter().all(|operation| has(&compiled, operation.id)), "{area}");
        assert!(!others.iter().any(|operation| has(&compiled, operation.id)), "{area}");
    }
}

fn has(compiled: &Compiled, id: &str) -> bool {
    compiled.table.contains(&format!("id : \"{id}\""))
}

#[test]
fn the_same_contract_gives_the_same_code() {
    let text = Spec::text();
    let (first, second) = (compile(&text, &Area::KNOWN).unwrap(), compile(&text, &Area::KNOWN).unwrap());
    assert!(first.code == second.code, "two runs, two codes");
    assert_eq!(first.report, second.report);
}

/// The error for a document that cannot be compiled.
fn fault(text: &str) -> String {
    compile(text, &Area::KNOWN).expect_err("it cannot be compiled").to_string()
}

/// A small contract with these operations at `/things`.
fn with(methods: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /things:\n{methods}")
}

#[test]
fn what_is_no_openapi_3_0_is_named() {
    let expected = "document: expected an OpenAPI 3.0 document, found";
    assert_eq!(fault("swagger: '2.0'\npaths: {}\n"), format!("{expected} \"2.0\""));
    assert_eq!(fault("openapi: 3.1.0\npaths: {}\n"), format!("{expected} \"3.1.0\""));
    assert_eq!(fault("openapi: 3.0.3\n---\nopenapi: 3.0.3\n"), "document: expected one YAML document, found 2");
    assert_eq!(fault("[]"), format!("{expected} no version"));
    assert_eq!(fault("just words"), format!("{expected} no version"));
    assert!(fault("").starts_with("document: "), "{}", fault(""));
    assert!(fault("\u{0}\u{1}").starts_with("document: "), "{}", fault("\u{0}\u{1}"));
}

#[test]
fn faults_name_the_operation() {
    let unknown = "    get: {operationId: getThing, responses: {'200': {$ref: '#/components/responses/none'}}}";
    assert_eq!(
        fault(&with(unknown)),
        "operation getThing: reference \"#/components/responses/none\" points to nothing"
    );
    let repeat = "    get: {operationId: getThing, x-repeat: often}";
    assert_eq!(fault(&with(repeat)), "operation getThing: x-repeat is \"often\", expected safe, repeatable or once");
    let path = with("    get: {operationId: getThing}").replace("/things", "things");
    assert_eq!(fault(&path), "operation getThing: path \"things\" does not start with a slash");
    let nameless = with("    get: {operationId: getThing, parameters: [{in: query}]}");
    assert_eq!(fault(&nameless), "operation getThing: a parameter has no name");
}

#[test]
fn faults_name_the_schema() {
    let response = "    get: {operationId: getThing, responses: {'200': {content: {application/json: {schema: \
                  {$ref: '#/components/schemas/thing'}}}}}}\n";
    let holding = |schema: &str| fault(&format!("{}components: {{schemas: {schema}}}\n", with(response)));
    assert_eq!(
        holding("{other: {type: string}}"),
        "operation getThing: reference to the schema \"thing\", which does not exist"
    );
    assert_eq!(
        holding("{thing: {properties: {a: {$ref: '#/components/schemas/none'}}}}"),
        "schema thing: reference to the schema \"none\", which does not exist"
    );
}

/// Whether an error is one line and names the place: the document, an operation or a schema.
pub fn names_a_place(sentence: &str) -> bool {
    let at = sentence.split_once(": ").map(|(at, _)| at).unwrap_or_default();
    let named = ["operation ", "schema "].iter().any(|kind| at.strip_prefix(kind).is_some_and(|name| !name.is_empty()));
    // An operation without an id is named by its method and path.
    let one_line = !sentence.contains('\n');
    one_line && (named || at.contains('/') || ["document", "paths", "components"].contains(&at))
}

/// A generator with a fixed sequence, so that failures are reproducible.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

#[test]
fn a_contract_that_breaks_off_is_a_sentence() {
    let text = Spec::text();
    let mut numbers = Numbers(2_026);
    let mut faults = 0;
    for _ in 0..24 {
        let mut end = numbers.below(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        // If the cut is after the last component that is referred to, the contract still compiles.
        if let Err(fault) = compile(&text[..end], &Area::KNOWN) {
            faults += 1;
            assert!(names_a_place(&fault.to_string()), "cut at {end}: {fault}");
        }
    }
    assert!(faults >= 12, "{faults} of the cut documents were refused");
}

#[test]
fn nonsense_anywhere_in_the_contract_is_a_sentence_or_left_out() {
    let document = only("courier", Spec::load().document);
    assert!(compile(&document.to_string(), &Area::KNOWN).is_ok());
    let mut places = Vec::new();
    each_place("", &document, &mut places);
    let mut numbers = Numbers(2_026);
    let mut faults = 0;
    for _ in 0..80 {
        let place = &places[numbers.below(places.len())];
        let nonsense = [json!(null), json!(7), json!("x"), json!([]), json!({}), json!([{"x": {}}]), json!(true)];
        let mut document = document.clone();
        *document.pointer_mut(place).unwrap() = nonsense[numbers.below(nonsense.len())].clone();
        if let Err(fault) = compile(&document.to_string(), &Area::KNOWN) {
            faults += 1;
            assert!(names_a_place(&fault.to_string()), "nonsense at {place}: {fault}");
        }
    }
    assert!(faults > 5, "{faults} faults");
}

/// The contract reduced to the operations of one area and the components that they reference.
fn only(area: &str, mut document: Value) -> Value {
    for item in document["paths"].as_object_mut().unwrap().values_mut() {
        item.as_object_mut().unwrap().retain(|_, operation| operation["tags"][0] == area);
    }
    document["paths"].as_object_mut().unwrap().retain(|_, item| item != &json!({}));
    let components = document["components"].take();
    let mut reached = json!({});
    loop {
        let text = document["paths"].to_string() + &reached.to_string();
        let mut grown = false;
        for (kind, all) in components.as_object().unwrap() {
            for (name, component) in all.as_object().unwrap() {
                if reached[kind].get(name).is_none() && text.contains(&format!("\"#/components/{kind}/{name}\"")) {
                    reached[kind][name] = component.clone();
                    grown = true;
                }
            }
        }
        if !grown {
            break;
        }
    }
    json!({"openapi": document["openapi"], "paths": document["paths"], "components": reached})
}

/// Collects the JSON pointers of everything in a document except descriptions and summaries.
fn each_place(at: &str, value: &Value, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let mut inner = |key: &str, value: &Value| {
        let key = key.replace('~', "~0").replace('/', "~1");
        if key != "description" && key != "summary" {
            each_place(&format!("{at}/{key}"), value, found);
        }
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inner(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| inner(&index.to_string(), value)),
        _ => {}
    }
}
