//! Sessions: the caller's own, those of an identity for administrators, and the JSON of a session.

pub(super) mod admin;
pub(super) mod json;
pub(super) mod manage;
pub(super) mod own;

mod list;
