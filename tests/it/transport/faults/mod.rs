//! Faults over a real socket. Each ends in a clear error within bounded time and memory, or in a success after a retry,
//! and leaves no connection or task behind.

mod before;
pub mod body;
mod cancel;
mod fault;
mod headers;
mod limits;
mod memory;
pub mod peer;
mod pool;
mod token;
