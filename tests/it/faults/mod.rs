//! Faults over a real socket: each ends in a clear error within bounded time and memory, or in a success by retry, and
//! leaves no connection and no task behind.

mod before;
mod body;
mod cancel;
mod fault;
mod headers;
mod limits;
mod memory;
mod peer;
mod pool;
mod token;
