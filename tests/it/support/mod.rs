//! What several tests share: servers, recordings, the contract as JSON, and calls of operations by name.

pub mod dispatch;
pub mod recording;
pub mod server;
pub mod spec;
pub mod stub;
