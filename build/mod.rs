//! The build: a contract goes in, Rust code comes out. `build.rs` calls it, and so do the tests.

pub mod emit;
pub mod fault;
pub mod generate;
pub mod lend;
pub mod lower;
pub mod names;
pub mod operation;
pub mod operations;
pub mod read;
pub mod report;
pub mod route;
pub mod walk;

use fault::Result;
use lower::Lowering;

/// Methods that every operation's builder has, so that no argument may be named like one.
pub const RESERVED_SETTERS: [&str; 14] = [
    "new",
    "send",
    "query",
    "header",
    "json_body",
    "timeout",
    "stall_timeout",
    "body",
    "body_map",
    "by_page",
    "by_item",
    "client",
    "draft",
    "options",
];

/// What a contract was compiled to.
#[derive(Debug)]
pub struct Compiled {
    /// Rust code, for one `include!`.
    pub code: String,
    /// The table of operations for the docs, as Markdown.
    pub table: String,
    /// What the lowering dropped or changed, a line each.
    pub report: String,
    /// How many operations were compiled.
    pub operations: usize,
}

/// Compiles an OpenAPI 3.0 document (JSON or YAML). Operations of other areas than `areas` are left out; those
/// of areas that are no feature of the crate always stay.
pub fn compile(text: &str, areas: &[&str]) -> Result<Compiled> {
    let mut document = read::document(text)?;
    let mut lowering = Lowering::default();
    lowering.operations = operations::read(&document, &mut lowering.report)?;
    lowering.operations.retain(|op| areas.contains(&op.area.as_str()) || !route::AREAS.contains(&op.area.as_str()));
    lowering.schemas = std::mem::take(walk::schemas(&mut document)?);
    lend::lend(text, &document, &mut lowering)?;
    lowering.run(&document)?;
    let generated = generate::generate(&lowering)?;
    let code = emit::code(&lowering, generated, &document)?;
    Ok(Compiled {
        code,
        table: emit::table::markdown(&lowering, &document),
        report: lowering.report.to_string(),
        operations: lowering.operations.len(),
    })
}
