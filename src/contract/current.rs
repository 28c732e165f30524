//! The contract that was compiled.

use super::operation::Operation;
use super::table;

/// The document that was compiled: [`current`].
///
/// ```
/// let contract = ory_sdk::contract::current();
/// println!("{} {}: {} operations", contract.title, contract.version, contract.operations);
/// assert_eq!(contract.sha256.len(), 64);
/// ```
///
/// A test can assert that it is the document that you chose: see the guide
/// [another contract](crate::docs::another_contract).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contract {
    /// The document's title.
    pub title: &'static str,
    /// The document's version.
    pub version: &'static str,
    /// SHA-256 of the document's bytes, in hexadecimal, as `sha256sum` prints it.
    pub sha256: &'static str,
    /// The number of operations that were compiled.
    pub operations: usize,
    /// The number of things that the build dropped or changed. Its report lists them.
    pub changes: usize,
}

/// Returns every operation that was compiled, in the order of the contract.
///
/// ```
/// for operation in ory_sdk::contract::operations() {
///     println!("{} {} {}", operation.name, operation.method, operation.path);
/// }
/// ```
pub fn operations() -> &'static [&'static Operation] {
    table::OPERATIONS
}

/// Returns the document that was compiled.
///
/// ```
/// assert_eq!(ory_sdk::contract::current().title, "Ory");
/// ```
pub fn current() -> Contract {
    use table::{CHANGES, SHA256, TITLE, VERSION};

    Contract { title: TITLE, version: VERSION, sha256: SHA256, operations: operations().len(), changes: CHANGES }
}
