//! Sending: retries, broken connections, hostile servers, spans, and the underlying HTTP client.

mod faults;
mod hostile;
mod http_client;
mod other_clients;
mod retries;
mod runtime;
pub mod traces;
