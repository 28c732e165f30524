//! The identity schema: the traits of an identity, and what is wrong with a given set of them.

mod field;
mod identity_schema;
mod validate;

pub(crate) use field::{Field, form_name};
pub(crate) use identity_schema::Schema;
pub(crate) use validate::{Fault, Violation, is_email};
