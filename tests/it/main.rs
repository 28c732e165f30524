//! The integration tests in one binary: tests of pure functions, tests with local sockets, and tests with real servers,
//! which are ignored by default.

/// The code of the build script, so that its passes are tested like everything else.
#[path = "../../build/mod.rs"]
#[allow(dead_code)]
mod build;

/// The checks of the build's fuzz targets.
#[allow(dead_code)]
mod lowering;

/// Counts what is allocated, for the tests of memory.
#[global_allocator]
static ALLOCATED: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

mod actions;
mod contract;
mod credentials;
mod docs;
mod error;
mod jwt;
mod lists;
mod live;
mod requests;
mod routing;
mod secrets;
mod sessions;
mod support;
mod testing;
mod tokens;
mod transport;
mod web;
mod wire;
