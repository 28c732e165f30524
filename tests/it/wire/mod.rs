//! Response bodies: how the client decodes and keeps what servers send.

pub mod equality;
mod foreign;
mod forms;
mod memory;
mod mutations;
pub mod places;
mod recordings;
pub mod responses;
