//! What several tests share: servers, recordings, the contract as JSON, calls of operations by name, and programs of
//! users.

pub mod dispatch;
pub mod package;
pub mod recording;
pub mod server;
pub mod spec;
pub mod stub;
pub mod workspace;
