//! The lowering simplifies the contract until the generator takes it and its types decode what servers send. Each pass
//! handles one kind of thing, and none handles one particular schema.

pub mod aliases;
pub mod combine;
pub mod constraints;
pub mod discriminators;
pub mod docs;
pub mod enums;
pub mod fields;
pub mod hide;
pub mod inline;
pub mod lowering;
pub mod marks;
pub mod naming;
pub mod own_types;
pub mod parameters;
pub mod passes;
pub mod prune;
pub mod references;
pub mod repair;
pub mod secret_names;
pub mod settle;
pub mod today;
mod unions;

pub use lowering::{Lowering, Marked};
