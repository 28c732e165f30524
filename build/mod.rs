//! The build compiles a contract to Rust code. `build.rs` calls it, and so do the tests.
//!
//! `read` parses the document and `operations` reads its operations. `lend` adds what the crate's own contract knows.
//! `lower` simplifies the schemas until the generator (`generate`) takes them. `emit` writes the code.

pub mod compiled;
pub mod document;
pub mod emit;
pub mod fault;
pub mod fingerprint;
pub mod generate;
// Only the crate uses all of it.
#[allow(dead_code)]
#[path = "../src/contract/kinds.rs"]
pub mod kinds;
pub mod lend;
pub mod lower;
pub mod markdown;
pub mod names;
pub mod one_line;
pub mod operation;
pub mod operations;
pub mod read;
pub mod report;
pub mod reserved;
pub mod route;
pub mod schema;
pub mod size;
pub mod yaml;

pub use compiled::Compiled;
use document::References;
use fault::Result;
use kinds::Area;
use lower::Lowering;
use serde_json::Value;

/// Compiles an OpenAPI 3.0 document (JSON or YAML). Of the areas that are features of the crate, it keeps only the
/// operations of `areas`. It keeps all operations of other areas.
pub fn compile(text: &str, areas: &[Area]) -> Result<Compiled> {
    let (lowering, document) = lower(text, areas)?;
    let generated = generate::generate(&lowering)?;
    let made = emit::Made::read(&lowering, generated)?;
    Ok(Compiled {
        code: emit::code(&lowering, &made, &document)?,
        table: emit::table::code(&lowering, &made, &document, &fingerprint::sha256(text))?,
        table_docs: emit::table_docs::emit(&lowering),
        names_guide: emit::names_guide::emit(&lowering, &made),
        report: lowering.report.to_string(),
        operations: lowering.operations.len(),
    })
}

/// The first half of the build: the lowered schemas and operations, and the document without its schemas.
pub fn lower(text: &str, areas: &[Area]) -> Result<(Lowering, Value)> {
    let mut document = read::document(text)?;
    let mut lowering = Lowering::default();
    let Lowering { room, report, .. } = &mut lowering;
    lowering.operations = operations::read(References { document: &document, room }, report)?;
    lowering.operations.retain(|operation| route::known(&operation.area).is_none_or(|area| areas.contains(&area)));
    lowering.schemas = std::mem::take(document::schemas(&mut document)?);
    lend::lend(text, &document, &mut lowering)?;
    lower::passes::run(&mut lowering, &document)?;
    Ok((lowering, document))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proc_macro2::{TokenStream, TokenTree};

    use super::*;

    /// Collects the name after each `crate` in code. Docs and texts are literals, so they do not count.
    fn names_after_crate(code: TokenStream, found: &mut BTreeSet<String>) {
        let mut tokens = code.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => names_after_crate(group.stream(), found),
                TokenTree::Ident(name) if name == "crate" => {
                    while tokens
                        .next_if(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ':'))
                        .is_some()
                    {}
                    found.insert(tokens.peek().map(ToString::to_string).unwrap_or_default());
                }
                _ => {}
            }
        }
    }

    #[test]
    fn emitted_code_names_one_door_of_the_crate() {
        let compiled = compile(include_str!("../openapi.yaml"), &Area::KNOWN).unwrap();
        let names = |code: &str| {
            let mut found = BTreeSet::new();
            names_after_crate(code.parse().unwrap(), &mut found);
            found
        };
        assert_eq!(names(&compiled.code), BTreeSet::from(["codegen".to_owned(), "generated".to_owned()]));
        assert_eq!(names(&compiled.table), BTreeSet::new());
        assert_eq!(names("use crate::a; pub(crate) struct B; // crate::c").len(), 2, "the search finds something");
    }
}
