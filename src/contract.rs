//! What the contract says: the operation table, from which routing, credentials and retries are read.
//!
#![doc = include_str!(concat!(env!("OUT_DIR"), "/operations.md"))]

pub use crate::operation::{Area, Argument, Body, Endpoint, Operation, Place, Repeat, Security};

/// The document that was compiled, so that a test can assert which one it is.
///
/// ```
/// let contract = ory_sdk::contract();
/// println!("{} {}: {} operations", contract.title, contract.version, contract.operations);
/// assert_eq!(contract.sha256.len(), 64);
/// ```
///
/// [`another_contract`](mod@crate::another_contract) has such a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contract {
    /// The document's title.
    pub title: &'static str,
    /// The document's version.
    pub version: &'static str,
    /// SHA-256 of the document's bytes as they were read, in hexadecimal: what `sha256sum` says of the file.
    pub sha256: &'static str,
    /// How many operations were compiled.
    pub operations: usize,
    /// How many things the build dropped or changed; its report names each.
    pub changes: usize,
}
