//! A server that gives the response set last, and a client for it that never retries.

use std::sync::{Arc, Mutex};

use ory_sdk::retry::Retry;
use ory_sdk::{Client, ClientBuilder, Error};

use crate::support::dispatch::{self, Success};
use crate::support::server::{Reply, Server};

pub struct Stub {
    pub client: Client,
    next: Arc<Mutex<Reply>>,
    _server: Server,
}

impl Stub {
    pub async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// Like `start`, with other client settings.
    pub async fn with(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let next = Arc::new(Mutex::new(Reply::new(500, &[], "")));
        let responses = Arc::clone(&next);
        let server = Server::start(move |_| responses.lock().unwrap().clone()).await;
        let builder = dispatch::builder(&server.url()).retry(Retry::off());
        Self { client: dispatch::with_handles(change(builder)), next, _server: server }
    }

    /// Sets the response that the server gives from now on.
    pub fn next(&self, response: Reply) {
        *self.next.lock().unwrap() = response;
    }

    /// Calls an operation by Ory's name for it, and gives it this response.
    pub async fn call(&self, id: &str, response: Reply) -> Result<Success, Error> {
        self.next(response);
        let name = method(id).unwrap_or_else(|| panic!("{id} is not compiled"));
        dispatch::call(&self.client, name).await.expect("every operation is in the table")
    }
}

/// The client method of the operation that Ory calls `id`. Returns `None` if the operation's area is disabled.
pub fn method(id: &str) -> Option<&'static str> {
    ory_sdk::contract::operations().iter().find(|operation| operation.id == id).map(|operation| operation.name)
}
