//! Runs the build on any document. The result is either a fault that says what is wrong, or code that parses, is the
//! same each time, and defines every name that it uses exactly once.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proc_macro2::{TokenStream, TokenTree};
use serde_json::{Map, Value, json};

use crate::build::fault::Fault;
use crate::build::kinds::Area;
use crate::build::one_line::is_invisible;
use crate::build::{compile, lower, read};

/// Small contracts that together contain everything the lowering knows.
pub const DOCUMENTS: [&str; 5] = [
    include_str!("../data/lowering/answers.yaml"),
    include_str!("../data/lowering/unions.yaml"),
    include_str!("../data/lowering/objects.yaml"),
    include_str!("../data/lowering/forms.yaml"),
    include_str!("../data/lowering/names.yaml"),
];

/// Builds any text.
pub fn document(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        compiles_or_says_why(text);
    }
}

/// Runs a changed contract through the lowering only, which is a hundred times as fast as the whole build.
pub fn lowering(data: &[u8]) {
    let text = changed(data).to_string();
    let run = || {
        lower(&text, &Area::KNOWN).map(|(lowering, document)| {
            let report = lowering.report.to_string();
            let one_each = report.lines().count() == lowering.report.len();
            assert!(one_each && report.lines().all(is_one_line), "{report}");
            format!("{lowering:?} {document}")
        })
    };
    match (run(), run()) {
        (Err(fault), Err(again)) => {
            assert_eq!(fault, again);
            says_why(&fault);
        }
        (first, second) => assert!(first == second, "two runs, two results"),
    }
}

/// Runs a changed contract through the whole build.
pub fn contract(data: &[u8]) {
    compiles_or_says_why(&changed(data).to_string());
}

/// A contract from [`DOCUMENTS`], chosen by the first byte, with one change for each four bytes that follow.
pub fn changed(data: &[u8]) -> Value {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    static READ: LazyLock<Vec<Value>> =
        LazyLock::new(|| DOCUMENTS.iter().map(|text| read::document(text).unwrap()).collect());
    let mut document = READ[usize::from(*first) % DOCUMENTS.len()].clone();
    for change in rest.chunks_exact(4).take(12) {
        apply(&mut document, change[0], u16::from_le_bytes([change[1], change[2]]).into(), change[3].into());
    }
    document["openapi"] = json!("3.0.3");
    document
}

fn compiles_or_says_why(text: &str) {
    let (first, second) = (compile(text, &Area::KNOWN), compile(text, &Area::KNOWN));
    match (first, second) {
        (Ok(first), Ok(second)) => {
            assert!(first.code == second.code && first.report == second.report, "two runs, two codes");
            assert!(first.report.lines().all(is_one_line), "{}", first.report);
            assert!(first.table == second.table);
            check_code(&first.code);
        }
        (Err(first), Err(second)) => {
            assert_eq!(first, second);
            says_why(&first);
        }
        _ => panic!("compiled once of two times"),
    }
}

/// Checks that a fault is one short line that says where and what.
fn says_why(fault: &Fault) {
    let sentence = fault.to_string();
    let (at, what) = sentence.split_once(": ").unwrap_or_default();
    assert!(!at.is_empty() && !what.is_empty() && is_one_line(&sentence), "{sentence:?}");
}

/// Whether a text is short and has no character that breaks a line or hides in it.
fn is_one_line(text: &str) -> bool {
    text.chars().count() < 1_000 && !text.contains(is_invisible)
}

fn check_code(code: &str) {
    let file = syn::parse_file(code).unwrap_or_else(|error| panic!("{error}: {code}"));
    let mut types = BTreeSet::new();
    for item in &file.items {
        match item {
            syn::Item::Mod(module) => {
                let names = defined(module.content.as_ref().map(|(_, items)| items.as_slice()).unwrap_or_default());
                if module.ident == "types" {
                    types = names;
                }
            }
            syn::Item::Impl(item) => once(item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            })),
            _ => {}
        }
    }
    used(code.parse().unwrap(), &types);
}

/// The names that a module defines. No name, and no field or method of an item, may occur twice.
fn defined(items: &[syn::Item]) -> BTreeSet<String> {
    let mut names = Vec::new();
    for item in items {
        match item {
            syn::Item::Struct(item) => {
                names.push(item.ident.to_string());
                once(item.fields.iter().filter_map(|field| Some(field.ident.as_ref()?.to_string())));
            }
            syn::Item::Enum(item) => names.push(item.ident.to_string()),
            syn::Item::Type(item) => names.push(item.ident.to_string()),
            syn::Item::Mod(module) => {
                defined(module.content.as_ref().map(|(_, items)| items.as_slice()).unwrap_or_default());
            }
            // `crate::codegen::open_enum! { Name { .. } }`, with attributes before the name.
            syn::Item::Macro(item) => names.extend(item.mac.tokens.clone().into_iter().find_map(|token| match token {
                TokenTree::Ident(name) => Some(name.to_string()),
                _ => None,
            })),
            syn::Item::Impl(item) => once(item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            })),
            _ => {}
        }
    }
    once(names.iter().cloned());
    names.into_iter().collect()
}

fn once(names: impl Iterator<Item = String>) {
    let mut seen = BTreeSet::new();
    for name in names {
        assert!(seen.insert(name.clone()), "{name} is defined twice");
    }
}

/// Checks that every `crate::generated::types::Name` exists.
fn used(tokens: TokenStream, types: &BTreeSet<String>) {
    let mut path: Vec<String> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                used(group.stream(), types);
                path.clear();
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            TokenTree::Ident(name) => {
                path.push(name.to_string());
                if let [.., parent, module, name] = path.as_slice()
                    && parent == "generated"
                    && module == "types"
                    && name != "builder"
                {
                    assert!(types.contains(name), "{name} is used and not defined");
                }
            }
            _ => path.clear(),
        }
    }
}

const WORDS: [&str; 24] = [
    "",
    "x",
    "X",
    "self",
    "Self",
    "type",
    "Unknown",
    "a-b",
    "a_b",
    "1st",
    "é",
    "日本",
    "\u{0}",
    "\"",
    "{a}",
    "/",
    "a b",
    "crate",
    "OrySdkSecret",
    "Vec",
    "string",
    "object",
    "array",
    "r#fn",
];

/// Keys that mean something somewhere in a contract.
const KEYS: &str = "$ref type format properties required items additionalProperties nullable enum oneOf anyOf allOf \
    discriminator propertyName mapping description schema content in name parameters responses \
    requestBody operationId tags security deprecated minimum maximum minLength default x-repeat x-absent \
    x-sensitive x-legacy x-required-in-requests not 200 summary title";

/// Applies one change, chosen by the numbers. A change that makes no sense at its place does nothing.
fn apply(document: &mut Value, kind: u8, place: usize, argument: usize) {
    let mut places = Vec::new();
    each_place("", document, &mut places);
    let at = places[place % places.len()].clone();
    let other = places[(place / 7 + argument * 31) % places.len()].clone();
    let word = WORDS[argument % WORDS.len()];
    let key = KEYS.split(' ').nth(argument % KEYS.split(' ').count()).unwrap();
    let (parent, last) = at.rsplit_once('/').unwrap_or(("", ""));
    let last = last.replace("~1", "/").replace("~0", "~");
    match kind % 12 {
        0 => match document.pointer_mut(parent) {
            Some(Value::Object(map)) => _ = map.remove(&last),
            Some(Value::Array(items)) if !items.is_empty() => _ = items.remove(argument % items.len()),
            _ => {}
        },
        1 => set(document, &at, nonsense(argument)),
        2 => {
            let copy = document.pointer(&other).cloned().unwrap_or_default();
            set(document, &at, copy);
        }
        3 => {
            let (here, there) = (document.pointer(&at).cloned(), document.pointer(&other).cloned());
            if let (Some(here), Some(there)) = (here, there) {
                set(document, &other, here);
                set(document, &at, there);
            }
        }
        // Rename a key.
        4 => {
            if let Some(Value::Object(map)) = document.pointer_mut(parent)
                && let Some(value) = map.remove(&last)
            {
                map.insert(word.to_owned(), value);
            }
        }
        5 => set(document, &at, json!(word)),
        6 => {
            let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
            let names: Vec<&String> = schemas.map(|schemas| schemas.keys().collect()).unwrap_or_default();
            let name = names.get(argument % (names.len() + 1)).map_or("none", |name| name.as_str());
            set(document, &at, json!({"$ref": format!("#/components/schemas/{name}")}));
        }
        7 => {
            if let Some(Value::Object(map)) = document.pointer_mut(&at) {
                map.insert(key.to_owned(), nonsense(argument / 4));
            }
        }
        8 => {
            let copy = document.pointer(&other).cloned().unwrap_or_default();
            if let Some(Value::Object(map)) = document.pointer_mut(&at) {
                map.insert(key.to_owned(), copy);
            }
        }
        9 => {
            let inner = document.pointer(&at).cloned().unwrap_or_default();
            let more = document.pointer(&other).cloned().unwrap_or_default();
            set(document, &at, wrapped(inner, more, argument));
        }
        // Add a copy under a similar name.
        10 => {
            if let Some(Value::Object(map)) = document.pointer_mut(parent)
                && let Some(value) = map.get(&last).cloned()
            {
                let alike = [last.to_uppercase(), last.to_lowercase(), format!("{last}_"), format!("-{last}")];
                map.insert(alike[argument % 4].clone(), value);
            }
        }
        _ => match document.pointer_mut(&at) {
            Some(Value::Array(items)) => items.push(json!(word)),
            Some(Value::String(text)) => text.push_str(word),
            Some(Value::Bool(flag)) => *flag = !*flag,
            _ => {}
        },
    }
}

fn set(document: &mut Value, at: &str, value: Value) {
    if let Some(place) = document.pointer_mut(at)
        && !at.is_empty()
    {
        *place = value;
    }
}

fn nonsense(number: usize) -> Value {
    match number % 16 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(false),
        3 => json!(7),
        4 => json!(-1.5),
        5 => json!([]),
        6 => json!({}),
        7 => json!([{"x": {}}]),
        8 => json!({"type": "object"}),
        9 => json!({"type": "array"}),
        10 => json!({"type": "string", "enum": ["a", null, "a"]}),
        11 => json!({"type": ["string", "null"]}),
        12 => json!(u64::MAX),
        13 => json!({"type": "integer", "enum": [1], "format": "password"}),
        14 => json!("a"),
        _ => json!([["a"], null]),
    }
}

fn wrapped(inner: Value, more: Value, how: usize) -> Value {
    match how % 10 {
        0 => json!({"allOf": [inner]}),
        1 => json!({"allOf": [inner, more]}),
        2 => json!({"oneOf": [inner, more]}),
        3 => json!({"anyOf": [inner, more, {"type": "string"}]}),
        4 => json!({"type": "array", "items": inner}),
        5 => json!({"type": "object", "additionalProperties": inner}),
        6 => json!({"type": "object", "properties": {"inner": inner, "more": more}}),
        7 => json!([inner]),
        8 => json!({"not": inner}),
        _ => {
            let mut map = more.as_object().cloned().unwrap_or_else(Map::new);
            map.extend(inner.as_object().cloned().unwrap_or_default());
            Value::Object(map)
        }
    }
}

/// Collects the JSON pointers of all places in a document.
fn each_place(at: &str, value: &Value, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                each_place(&format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), value, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                each_place(&format!("{at}/{index}"), value, found);
            }
        }
        _ => {}
    }
}
