//! What several tests share: servers, recordings, the contract as JSON, calls of operations by
//! name, and packages that a test builds.

pub mod dispatch;
pub mod recording;
pub mod server;
pub mod spec;
pub mod stub;
pub mod workspace;
