//! Schemas and the types generated from them.

use super::{code, compiled, has};
use crate::build::generate::generate;
use crate::build::lower::Lowering;

#[test]
fn references() {
    let code = code("references.yaml");
    has(
        &code,
        &[
            "pub fn get_item(&self)",
            "pub of_answer: ::std::option::Option<crate::generated::types::ResponsesGone>",
            "pub elsewhere: ::std::option::Option<::serde_json::Value>",
            "pub bare: ::std::option::Option<crate::generated::types::Item>",
            "pub braces: ::std::option::Option<crate::generated::types::Braces>",
            "pub id: ::std::option::Option<::uuid::Uuid>",
            "minimum: Some(1i64), maximum: Some(10i64)",
        ],
    );
    let report = compiled("references.yaml").report;
    let away = "reference \"https://example.org/schema.json\" leaves the document: any JSON";
    assert!(report.contains(away), "{report}");
}

#[test]
fn unions() {
    let of = |name: &str| {
        let code = code("unions.yaml");
        code.split("crate::codegen::tagged_union!{").find_map(|union| {
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
        "schema Missing: maps \"bird\" to a schema that does not exist: an unknown variant",
        "schema OfTexts: a union without a tag for each variant: any JSON",
        "schema withProperties: has properties and alternatives: keys of the alternatives are kept as unknown keys",
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
            "pub parent: ::std::option::Option<::std::boxed::Box<crate::generated::types::Direct>>",
            "pub next: ::std::boxed::Box<crate::generated::types::Needed>",
            "pub children: ::std::vec::Vec<crate::generated::types::ViaArray>",
            "pub left: ::std::boxed::Box<crate::generated::types::Union>",
            "pub maybe: ::std::option::Option<::std::boxed::Box<crate::generated::types::Union>>",
            "pub list_of_itself: ::std::vec::Vec<::serde_json::Value>",
            "pub alias_a: ::std::option::Option<::serde_json::Value>",
        ],
    );
    assert!(compiled("recursion.yaml").report.contains("schema AliasA: an alias that contains itself: any JSON there"));
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
            "pub referred: ::std::option::Option<crate::generated::types::Word>",
            "pub described: ::std::option::Option<crate::generated::types::Word>",
            "pub list: ::std::vec::Vec<::std::option::Option<crate::generated::types::HolderList>>",
            "pub map: ::std::collections::BTreeMap<::std::string::String, crate::generated::types::HolderMap>",
        ],
    );
    // Duplicate values are dropped.
    assert!(code.contains("HolderDuplicates{#[doc=\"`a`\"]A=\"a\",#[doc=\"`b`\"]B=\"b\",}"));
    assert!(
        compiled("enums.yaml")
            .report
            .contains("schema holder, property mixed: its enum has values that are not texts: any value of its type")
    );
}

#[test]
fn shapes_that_no_type_says() {
    let code = code("schemas.yaml");
    has(
        &code,
        &[
            "pub several_types: ::std::option::Option<::serde_json::Value>",
            "pub nullable_required: ::std::option::Option<crate::generated::types::Open>",
            "pub list: ::std::vec::Vec<::std::option::Option<crate::generated::types::NullableObject>>",
            "pub only_format: ::std::option::Option<i64>",
            "pub int_text: ::std::option::Option<i64>",
            "pub text_int: ::std::option::Option<::std::string::String>",
            "pub uuid4: ::std::option::Option<::uuid::Uuid>",
            "pub untyped_items: ::std::vec::Vec<::std::string::String>",
            "pub map_of_secrets: ::std::collections::BTreeMap<::std::string::String, crate::codegen::Secret>",
            "pub tuple: ::std::vec::Vec<::serde_json::Value>",
            "pub required_number: f64",
        ],
    );
    let report = compiled("schemas.yaml").report;
    for line in [
        "schema holder, property pattern: not checked: pattern, minLength, maxLength",
        "schema holder, property wrongDefault: its default is left to the server",
        "schema holder, property ipv4: the format ipv4 is only a hint",
        "schema holder, property unknownType: \"any\" is not a type: any JSON",
        "schema closed: is closed: unknown keys are accepted anyway",
        "schema openTyped: unknown keys may hold any JSON",
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
            "pub nullable_part: ::std::option::Option<crate::generated::types::Base>",
            "pub with_union: ::std::option::Option<::serde_json::Value>",
            "pub one_union: ::std::option::Option<crate::generated::types::Union>",
            "pub deep: ::std::option::Option<crate::generated::types::Base>",
            "pub text_twice: ::std::option::Option<::std::string::String>",
            "pub different: ::std::option::Option<::serde_json::Value>",
        ],
    );
    let report = compiled("all_of.yaml").report;
    assert!(
        report.contains("schema holder, property different: allOf of schemas that are not all plain objects: any JSON")
    );
}

/// If the generator fails, the one-line error names the bad schema, not the good one next to it.
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
