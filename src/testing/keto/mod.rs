//! Keto: its routes, and between each request and the model the JSON that Keto reads and writes.

mod check;
mod opl;
mod read;
mod refusals;
mod routes;
mod tuple;
mod write;

pub(crate) use routes::{owns, respond};
