//! Sending: retries, broken connections, hostile servers, spans, and the underlying HTTP client.

mod faults;
mod gzip;
mod hostile;
mod http2;
mod http_client;
mod other_clients;
mod retries;
mod runtime;
pub mod traces;
