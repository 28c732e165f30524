//! The contract and the build: what `openapi.yaml` contains, and what the build makes of it and of other documents.

mod another_contract;
mod api;
pub mod compile;
mod coverage;
mod document;
mod examples;
mod fuzz_seeds;
mod hostile_bounds;
mod hostile_docs;
mod hostile_growth;
pub mod kinds;
mod lent_bodies;
mod mutants;
mod packages;
mod published;
mod rooms;
pub mod specs;
mod surface;
