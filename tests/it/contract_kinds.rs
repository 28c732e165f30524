//! Every kind of thing that a document may hold: each compiles, and the report names what was dropped or changed.
//!
//! The documents stand in `tests/data/kinds`; `specs` compiles the whole crate with each.

use std::collections::BTreeMap;
use std::path::Path;

use crate::build::generate::generate;
use crate::build::lower::Lowering;
use crate::build::{Compiled, RESERVED_SETTERS, compile, operations, route::AREAS};
use crate::specs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/kinds");

fn compiled(name: &str) -> Compiled {
    let text = std::fs::read_to_string(Path::new(FOLDER).join(name)).unwrap();
    compile(&text, &AREAS).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

/// The code without blanks, so that what is looked for can be written as usual.
fn code(name: &str) -> String {
    squeezed(&compiled(name).code)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[track_caller]
fn has(code: &str, parts: &[&str]) {
    for part in parts {
        assert!(code.contains(&squeezed(part)), "no {part}");
    }
}

#[test]
fn every_operation_of_every_kind_is_there() {
    let files = specs::documents(Path::new(FOLDER));
    assert!(files.len() >= 19, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let done = compile(&text, &AREAS).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
        assert_eq!(done.operations, specs::operations_in(&text), "{}", file.display());
        let parsed = syn::parse_file(&done.code);
        assert!(parsed.is_ok(), "{}: {:?}", file.display(), parsed.err());
        assert_eq!(done.code, compile(&text, &AREAS).unwrap().code, "{}", file.display());
    }
}

/// What a success of an operation gives, as its `send` says.
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
fn answers() {
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
        ("plainEnum", "PlainEnumAnswer"),
        ("inlineAnswer", "InlineAnswerAnswer"),
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
            "draft.form(body, false);",
        ],
    );
    let report = compiled("bodies.yaml").report;
    assert!(report.contains("operation anyBody: body is */*: application/json is sent\n"), "{report}");
    assert!(report.contains("operation noContent: its body has no content: dropped\n"), "{report}");
}

#[test]
fn references() {
    let code = code("references.yaml");
    has(
        &code,
        &[
            "pub fn get_item(&self)",
            "pub of_answer: ::std::option::Option<crate::types::ResponsesGone>",
            "pub elsewhere: ::std::option::Option<::serde_json::Value>",
            "pub bare: ::std::option::Option<crate::types::Item>",
            "pub braces: ::std::option::Option<crate::types::Braces>",
            "pub id: ::std::option::Option<::uuid::Uuid>",
            "minimum: Some(1i64), maximum: Some(10i64)",
        ],
    );
    let report = compiled("references.yaml").report;
    let away = "reference \"https://example.org/schema.json\" leaves the document: any JSON";
    assert!(report.contains(away), "{report}");
}

#[test]
fn names_that_collide_or_mean_something_to_rust() {
    let code = code("names.yaml");
    has(
        &code,
        &["struct NullTime {", "struct NullTime2 {", "struct NullTime3 {", "struct NullTime4 {", "struct OptionType {"],
    );
    has(&code, &["struct N1st {", "struct Self_ {", "pub a_b2:", "pub a_b3:", "pub extra2:", "pub fn build_<V>"]);
    assert!(compiled("names.yaml").report.contains("schema null.time: NullTime is taken: it is NullTime3\n"));
    // The same twice is one type.
    assert!(!code.contains("structNullTime5{"));
}

#[test]
fn unions() {
    let of = |name: &str| {
        let code = code("unions.yaml");
        code.split("crate::tagged_union!{").find_map(|union| {
            let (head, rest) = union.split_once("by#[")?;
            head.ends_with(name).then(|| rest.split_once("}}").unwrap().0.to_owned())
        })
    };
    let tags = |name: &str, tags: &[&str]| {
        let union = of(name).unwrap_or_else(|| panic!("no union {name}"));
        for tag in tags {
            assert!(union.contains(&format!("={tag:?}")), "{name} has no {tag}: {union}");
        }
        assert_eq!(union.matches(")=\"").count(), tags.len(), "{union}");
    };
    tags("Full", &["cat", "dog"]);
    tags("Incomplete", &["cat", "dog"]);
    tags("Unmapped", &["cat", "dogForm"]);
    tags("Twice", &["cat", "kitten", "dog"]);
    tags("Missing", &["cat"]);
    tags("Bare", &["cat", "dog"]);
    tags("AnyTagged", &["cat", "dogForm"]);
    for untold in ["OfTexts", "OfUnions", "OfInline", "Nameless", "UntaggedPart"] {
        assert!(of(untold).is_none(), "{untold}");
    }
    let report = compiled("unions.yaml").report;
    for line in [
        "schema unmapped: does not map dogForm: taken as \"dogForm\"",
        "schema Missing: maps \"bird\" to nothing: an unknown variant",
        "schema OfTexts: a union that no tag tells apart: any JSON",
        "schema withProperties: its own properties count, its alternatives are unknown keys",
        "schema oldDiscriminator: discriminator cannot be a text: dropped",
    ] {
        assert!(report.contains(line), "{line}\nin\n{report}");
    }
}

#[test]
fn types_that_hold_themselves() {
    let code = code("recursion.yaml");
    has(
        &code,
        &[
            "pub parent: ::std::option::Option<::std::boxed::Box<crate::types::Direct>>",
            "pub next: ::std::boxed::Box<crate::types::Needed>",
            "pub children: ::std::vec::Vec<crate::types::ViaArray>",
            "pub left: ::std::boxed::Box<crate::types::Union>",
            "pub maybe: ::std::option::Option<::std::boxed::Box<crate::types::Union>>",
            "pub list_of_itself: ::std::vec::Vec<::serde_json::Value>",
            "pub alias_a: ::std::option::Option<::serde_json::Value>",
        ],
    );
    assert!(compiled("recursion.yaml").report.contains("schema AliasA: an alias that holds itself: any JSON there"));
}

#[test]
fn enums() {
    let code = code("enums.yaml");
    has(
        &code,
        &[
            "Empty = \"\"",
            "N3rd = \"3rd\"",
            "Ab = \"a-b\"",
            "pub integers: ::std::option::Option<i64>",
            "pub mixed: ::std::option::Option<::serde_json::Value>",
            "pub referred: ::std::option::Option<crate::types::Word>",
            "pub described: ::std::option::Option<crate::types::Word>",
            "pub list: ::std::vec::Vec<::std::option::Option<crate::types::HolderList>>",
            "pub map: ::std::collections::BTreeMap<::std::string::String, crate::types::HolderMap>",
        ],
    );
    // Each value once.
    assert!(code.contains("HolderDuplicates{#[doc=\"`a`\"]A=\"a\",#[doc=\"`b`\"]B=\"b\",}"));
    assert!(
        compiled("enums.yaml")
            .report
            .contains("schema holder, property mixed: its values are no texts: any of its type")
    );
}

#[test]
fn shapes_that_no_type_says() {
    let code = code("schemas.yaml");
    has(
        &code,
        &[
            "pub several_types: ::std::option::Option<::serde_json::Value>",
            "pub nullable_required: ::std::option::Option<crate::types::Open>",
            "pub list: ::std::vec::Vec<::std::option::Option<crate::types::NullableObject>>",
            "pub only_format: ::std::option::Option<i64>",
            "pub int_text: ::std::option::Option<i64>",
            "pub text_int: ::std::option::Option<::std::string::String>",
            "pub uuid4: ::std::option::Option<::uuid::Uuid>",
            "pub untyped_items: ::std::vec::Vec<::std::string::String>",
            "pub map_of_secrets: ::std::collections::BTreeMap<::std::string::String, crate::Secret>",
            "pub tuple: ::std::vec::Vec<::serde_json::Value>",
            "pub required_number: f64",
        ],
    );
    let report = compiled("schemas.yaml").report;
    for line in [
        "schema holder, property pattern: not checked: pattern, minLength, maxLength",
        "schema holder, property wrongDefault: its default is the server's to fill in",
        "schema holder, property ipv4: the format ipv4 is only a hint",
        "schema holder, property unknownType: \"any\" is no type: any JSON",
        "schema closed: is closed: keys that it does not know are taken all the same",
        "schema openTyped: keys that it does not know may be any JSON",
    ] {
        assert!(report.contains(line), "{line}\nin\n{report}");
    }
}

#[test]
fn all_of() {
    let code = code("all_of.yaml");
    has(
        &code,
        &[
            "pub struct Three { pub id: ::std::string::String",
            "pub nullable_part: ::std::option::Option<crate::types::Base>",
            "pub with_union: ::std::option::Option<::serde_json::Value>",
            "pub one_union: ::std::option::Option<crate::types::Union>",
            "pub deep: ::std::option::Option<crate::types::Base>",
            "pub text_twice: ::std::option::Option<::std::string::String>",
            "pub different: ::std::option::Option<::serde_json::Value>",
        ],
    );
    let report = compiled("all_of.yaml").report;
    assert!(report.contains("schema holder, property different: all of several that are not plain objects: any JSON"));
}

#[test]
fn arguments() {
    let code = code("parameters.yaml");
    has(
        &code,
        &[
            "pub fn id_query<V>",
            "pub fn id_header<V>",
            "pub fn query_query<V>",
            "pub fn type_<V>",
            "pub fn gen_<V>",
            "pub fn words<V>(mut self, values: impl IntoIterator<Item = V>)",
            "draft.header(\"X-List\", x_list, false);",
        ],
    );
    let done = compiled("parameters.yaml");
    for line in [
        "operation undeclared: path parameter other is not declared: added",
        "operation notInPath: path parameter id is not in the path: dropped",
        "operation overridden: parameter page is declared twice: the last one counts",
        "operation everywhere: cookie id is the client's to send: dropped",
        "operation headers: header Content-Type is not an argument: dropped",
        "operation shapes: argument object is no text: any JSON, which is written as such",
        "operation shapes: parameter comma is a list in one text: its key is repeated",
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
    has(&keto, &[&named("keto_read"), &named("keto_write")]);
    let gate = code("oathkeeper.yaml");
    has(&gate, &[&named("oathkeeper")]);
    let hydra = code("hydra.yaml");
    has(&hydra, &["endpoint: Endpoint::HydraAdmin", "endpoint: Endpoint::HydraPublic"]);
    assert!(!keto.contains("Endpoint::Kratos") && !gate.contains("Endpoint::Kratos"));
    has(&code("old_kratos.yaml"), &["impl crate::Flow for SelfServiceLoginFlow {}"]);
}

/// Should the generator stop all the same, a sentence names the schema, and not the good one beside it.
#[test]
fn what_stops_the_generator_is_named() {
    let mut lowering = Lowering::default();
    for (name, kind) in [("Bad", "x"), ("Good", "string")] {
        let schema = serde_json::json!({"type": "object", "properties": {"a": {"type": kind}}});
        lowering.schemas.insert(name.to_owned(), schema);
    }
    let fault = generate(&lowering).err().unwrap().to_string();
    assert!(fault.starts_with("schema Bad: cannot be compiled: ") && !fault.contains('\n'), "{fault}");
}

/// The names that the client has already are those that the build keeps operations from having.
#[test]
fn reserved_names_are_all_there() {
    let mut methods = Vec::new();
    let mut builder = Vec::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for item in syn::parse_file(&text).unwrap().items {
            let syn::Item::Impl(item) = item else { continue };
            let syn::Type::Path(ty) = item.self_ty.as_ref() else { continue };
            if item.trait_.is_none() && ty.path.is_ident("Client") {
                methods.extend(item.items.iter().filter_map(|item| match item {
                    syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                    _ => None,
                }));
            }
        }
        if path.ends_with("call.rs") {
            let options = text.split_once("macro_rules! options").unwrap().1.split_once("\n}\n").unwrap().0;
            builder.extend(options.split("pub fn ").skip(1).map(|rest| rest.split_once('(').unwrap().0.to_owned()));
        }
    }
    assert!(methods.len() > 15 && builder.len() >= 4, "{methods:?} {builder:?}");
    let missing: Vec<&String> = (methods.iter())
        .filter(|name| !operations::RESERVED_METHODS.contains(&name.as_str()))
        .chain(builder.iter().filter(|name| !RESERVED_SETTERS.contains(&name.as_str())))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
