//! What a contract becomes.

/// The result of compiling a contract.
#[derive(Debug)]
pub struct Compiled {
    /// Types, builders and the client's methods.
    pub code: String,
    /// The table of operations.
    pub table: String,
    /// The table of operations for the docs, as Markdown.
    pub table_docs: String,
    /// The tables of Ory's names of today for the docs, as Markdown.
    pub names_guide: String,
    /// What the build dropped or changed, one line each.
    pub report: String,
    /// How many operations were compiled.
    pub operations: usize,
}
