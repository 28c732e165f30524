//! The contract: its operations, from which routing, credentials, retries and lists are read.
//!
//! ```
//! for operation in ory_sdk::contract::operations() {
//!     println!("{} {} {}", operation.method, operation.path, operation.name);
//! }
//! ```
//!
//! # Operations, endpoints and credentials
//!
#![doc = include_str!(concat!(env!("OUT_DIR"), "/operations.md"))]

mod current;
mod kinds;
mod operation;
pub(crate) mod table;

pub use current::{Contract, current, operations};
pub(crate) use kinds::availability;
pub use kinds::{Area, Endpoint, Place, Repeat, Security};
pub use operation::{Body, Operation, Parameter};
