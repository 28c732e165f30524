//! A stand-in without a connection: a request in, a response out.

use std::net::SocketAddr;

use bytes::Bytes;
use http::request::Parts;
use serde_json::Value;

use super::http::Request;
use super::schema::Schema;
use super::server::respond;
use super::state::State;

/// What a stand-in remembers between the requests.
pub(crate) struct Exchange(State);

impl Exchange {
    pub(crate) fn new() -> Self {
        Self(State::new("http://127.0.0.1:1".to_owned(), Schema::default()))
    }

    /// The status of the response, and its body if that is JSON.
    pub(crate) fn send(&mut self, head: Parts, body: Bytes, peer: SocketAddr) -> (u16, Value) {
        let reply = respond(&mut self.0, &Request::of(head, body, peer));
        self.0.outgoing.clear();
        reply.read()
    }
}
