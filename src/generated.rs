//! The generated code, and the only place that silences lints for it.

#![allow(missing_docs, unreachable_pub, rustdoc::redundant_explicit_links)]
#![allow(clippy::all, clippy::pedantic, clippy::missing_errors_doc)]

include!(concat!(env!("OUT_DIR"), "/ory.rs"));
