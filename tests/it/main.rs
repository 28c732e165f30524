//! The integration tests, one binary: pure functions first, then a socket, then (ignored by default) servers.

/// The build's own code, so that its passes are tested like everything else.
#[path = "../../build/mod.rs"]
#[allow(dead_code)]
mod build;

/// The checks of the build's fuzz targets.
#[path = "../fuzz/lowering.rs"]
#[allow(dead_code)]
mod lowering;

mod another_contract;
mod answers;
mod compile;
mod contract;
mod contract_kinds;
mod contract_mutants;
mod coverage;
mod dispatch;
mod equality;
mod errors;
mod faults;
mod fuzz_seeds;
mod hostile;
mod http_client;
mod live;
mod mutations;
mod pages;
mod places;
mod readme;
mod recording;
mod recordings;
mod requests;
mod retries;
mod routing;
mod secrets;
mod server;
mod spec;
mod specs;
mod stand_in;
mod stub;
mod surface;
mod traces;
