//! The only door to the generated code, and the only place that silences anything.

#![allow(missing_docs, unreachable_pub, rustdoc::redundant_explicit_links)]
#![allow(clippy::all, clippy::pedantic, clippy::missing_errors_doc)]

include!(concat!(env!("OUT_DIR"), "/ory.rs"));
