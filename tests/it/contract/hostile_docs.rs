//! Texts of a contract in the docs, read the way rustdoc reads them: no HTML, no script in a link, no code that is run as a
//! test, and no end of a code block that the text did not begin.

use std::collections::BTreeSet;
use std::path::Path;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag};
use serde_json::{Value, json};

use crate::build::kinds::Area;
use crate::build::markdown::{block, code, line};
use crate::build::{compile, read};
use crate::contract::specs;

/// As rustdoc sets them.
fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    Parser::new_ext(markdown, options)
}

/// What a text must not become in the docs. `own` allows what the build itself writes around texts: links to items, and
/// examples.
fn danger(markdown: &str, own: bool) -> Option<String> {
    events(markdown).find_map(|event| match event {
        Event::InlineHtml(tag) if ["<code>", "</code>"].contains(&&*tag) => None,
        Event::Html(_) | Event::InlineHtml(_) => Some(format!("{event:?}")),
        Event::FootnoteReference(_) | Event::Start(Tag::Image { .. } | Tag::FootnoteDefinition(_)) => {
            Some(format!("{event:?}"))
        }
        Event::Start(Tag::Link { link_type, ref dest_url, .. }) => {
            let is_url = link_type == LinkType::Autolink
                && ["https://", "http://"].iter().any(|scheme| dest_url.starts_with(scheme));
            let is_item = ["crate::", "super::"].iter().any(|start| dest_url.starts_with(start));
            (!(is_url || (own && is_item))).then(|| format!("{event:?}"))
        }
        Event::Start(Tag::CodeBlock(ref kind)) => {
            let language = match kind {
                CodeBlockKind::Indented => "indented",
                CodeBlockKind::Fenced(language) => language,
            };
            let is_fine = ["text", "json"].contains(&language) || (own && language == "no_run");
            (!is_fine).then(|| format!("{event:?}"))
        }
        _ => None,
    })
}

/// A generator with a fixed sequence, so that failures are reproducible.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Pieces that mean something to Markdown, to HTML or to rustdoc.
const PIECES: [&str; 70] = [
    "`",
    "``",
    "```",
    "````",
    "~",
    "~~",
    "~~~",
    "~~~~",
    "\\",
    "\\\\",
    "<",
    ">",
    "[",
    "]",
    "(",
    ")",
    "!",
    "|",
    "*",
    "_",
    "#",
    "-",
    "+",
    "1.",
    ":",
    "=",
    "&",
    "&lt;",
    "&#60;",
    "&#x3C;",
    "\"",
    "'",
    "/",
    "{",
    "}",
    "^",
    " ",
    "    ",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\u{85}",
    "\u{2028}",
    "\u{202e}",
    "\u{200b}",
    "\u{a0}",
    "word",
    "rust",
    "json",
    "script",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1) x=",
    "<!--",
    "-->",
    "<?x?>",
    "<![CDATA[x]]>",
    "</code>",
    "<code>",
    "javascript:alert(1)",
    "[a](javascript:b)",
    "[a]: javascript:b",
    "![a](https://b)",
    "https://a.b/c",
    "<https://a.b>",
    "HTTPS://A.B",
    "|---|---|",
    "[^1]: x",
];

fn some(pieces: usize, numbers: &mut Numbers) -> String {
    (0..pieces).map(|_| PIECES[numbers.below(PIECES.len())]).collect()
}

#[test]
fn no_text_becomes_more_than_text() {
    let mut numbers = Numbers(2_026);
    for round in 0..30_000 {
        let count = 1 + numbers.below(14);
        let text = some(count, &mut numbers);
        for safe in [block(&text), line(&text), code(&text), format!("- 404: {}", line(&text))] {
            assert_eq!(danger(&safe, false), None, "round {round}: {text:?} is {safe:?}");
        }
        // What comes after it in the docs is read as if it stood alone.
        let after = format!("{}\n\n```no_run\nfn f() {{}}\n```\n\nEnd.", block(&text));
        assert_eq!(danger(&after, true), None, "round {round}: {text:?}");
        let last =
            events(&after).filter_map(|event| if let Event::Text(text) = event { Some(text) } else { None }).last();
        assert_eq!(last.as_deref(), Some("End."), "round {round}: {text:?} is {after:?}");
        assert!(!line(&text).contains('\n') && !code(&text).contains('\n'), "round {round}: {text:?}");
    }
}

#[test]
fn the_search_finds_what_it_looks_for() {
    for text in [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)>",
        "[a](javascript:b)",
        "[a]\n\n[a]: javascript:b",
        "![a](https://b)",
        "    let indented;",
        "- ~~~rust",
        "-     let indented;",
        "```\nx\n```",
        "a[^1]\n\n[^1]: x",
        "<javascript:alert(1)>",
        "\\\\<img src=x onerror=alert(1) x=\\>",
        "| a | b |\n|---|---|\n| `x | <b>` | y |",
    ] {
        assert!(danger(text, true).is_some(), "{text:?}");
        assert_eq!(danger(&block(text), false), None, "{text:?}");
    }
}

/// What people write in descriptions keeps its meaning.
#[test]
fn ordinary_markdown_stays() {
    let text = "# Heading\n\nSome *emphasis*, **more** and `Vec<String>`.\nSee https://a.b/c and <https://d.e>.\n\n\
                - one\n- two\n\n1. first\n\n| a | b |\n|---|---|\n| `x` | y |\n\n```json\n{\"a\": [1]}\n```";
    let safe = block(text);
    let tags: Vec<String> = events(&safe)
        .filter_map(|event| match event {
            Event::Start(tag) => Some(format!("{tag:?}").split([' ', '(']).next().unwrap_or_default().to_owned()),
            Event::Code(code) => Some(format!("`{code}`")),
            _ => None,
        })
        .collect();
    let expected = "Heading Paragraph Emphasis Strong `Vec<String>` Link Link List Item Item List Item Table TableHead TableCell \
                    TableCell TableRow TableCell `x` TableCell CodeBlock";
    assert_eq!(tags.join(" "), expected, "{safe}");
    // Generics in a block of code are shown as they are.
    let fenced = block("```\nlet all: Vec<Option<T>> = [];\n```");
    let texts = events(&fenced).filter_map(|event| if let Event::Text(text) = event { Some(text) } else { None });
    let shown: Vec<String> = texts.map(|text| text.to_string()).collect();
    assert_eq!(shown.concat(), "let all: Vec<Option<T>> = [];\n");
}

/// Every doc comment in code, the lines of one item together.
fn docs(code: &str) -> Vec<String> {
    fn of(attrs: &[syn::Attribute], found: &mut Vec<String>) {
        let lines = attrs.iter().filter_map(|attr| match &attr.meta {
            syn::Meta::NameValue(syn::MetaNameValue { path, value: syn::Expr::Lit(text), .. })
                if path.is_ident("doc") =>
            {
                if let syn::Lit::Str(text) = &text.lit {
                    Some(text.value())
                } else {
                    None
                }
            }
            _ => None,
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        if !text.is_empty() {
            found.push(text);
        }
    }
    fn items(all: &[syn::Item], found: &mut Vec<String>) {
        for item in all {
            match item {
                syn::Item::Mod(item) => items(item.content.as_ref().map_or(&[], |(_, items)| items), found),
                syn::Item::Struct(item) => {
                    of(&item.attrs, found);
                    item.fields.iter().for_each(|field| of(&field.attrs, found));
                }
                syn::Item::Impl(item) => {
                    of(&item.attrs, found);
                    for item in &item.items {
                        if let syn::ImplItem::Fn(function) = item {
                            of(&function.attrs, found);
                        }
                    }
                }
                // Enums and unions are calls of macros, with their docs as attributes or as literals.
                syn::Item::Macro(item) => literals(item.mac.tokens.clone(), found),
                _ => {}
            }
        }
    }
    fn literals(tokens: proc_macro2::TokenStream, found: &mut Vec<String>) {
        let mut is_doc = false;
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Group(group) => literals(group.stream(), found),
                proc_macro2::TokenTree::Ident(name) => is_doc = name == "doc",
                proc_macro2::TokenTree::Literal(literal) if is_doc => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        found.push(text.value());
                    }
                    is_doc = false;
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    items(&syn::parse_file(code).unwrap().items, &mut found);
    found
}

/// Replaces every text of a document that may be shown in the docs, and some names.
fn spoil(value: &mut Value, key: &str, text: &str) {
    match value {
        Value::String(own) if ["description", "summary", "title", "example"].contains(&key) => text.clone_into(own),
        Value::Array(items) if key == "enum" => items.push(json!(text)),
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, key, text)),
        Value::Object(map) => {
            if map.contains_key("operationId") {
                for key in ["summary", "description"] {
                    map.insert(key.to_owned(), json!(text));
                }
                if let Some(responses) = map.get_mut("responses").and_then(Value::as_object_mut) {
                    responses.insert(format!("4{text}"), json!({ "description": text }));
                }
            }
            if map.contains_key("type") && !map.contains_key("in") {
                map.entry("description").or_insert(json!(text));
            }
            map.iter_mut().for_each(|(key, value)| spoil(value, key, text));
        }
        _ => {}
    }
}

#[test]
fn the_docs_of_any_contract_are_safe() {
    let mut numbers = Numbers(2_026);
    let mut seen = BTreeSet::new();
    for file in specs::documents(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/kinds"))) {
        let document = read::document(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for round in 0..3 {
            let mut spoiled = document.clone();
            if round > 0 {
                let text = format!("<script>alert(1)</script>{}", some(12, &mut numbers));
                spoil(&mut spoiled, "", &text);
                spoiled["tags"] =
                    json!([{"name": "frontend", "description": text}, {"name": "other", "description": text}]);
            }
            let compiled = compile(&spoiled.to_string(), &Area::KNOWN).unwrap();
            for text in docs(&compiled.code).into_iter().chain([compiled.table_docs]) {
                assert_eq!(danger(&text, true), None, "{}: {text}", file.display());
                if text.contains("alert") {
                    seen.insert(text);
                }
            }
        }
    }
    assert!(seen.len() > 100, "{} docs had a hostile text", seen.len());
}
