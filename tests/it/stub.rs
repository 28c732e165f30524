//! A server that gives the next answer that it is told, and a client before it that tries once.

use std::sync::{Arc, Mutex};

use ory_sdk::{Client, ClientBuilder, Error, Retry};

use crate::dispatch::{self, Success};
use crate::server::{Answer, Server};

pub struct Stub {
    pub client: Client,
    next: Arc<Mutex<Answer>>,
    _server: Server,
}

impl Stub {
    pub async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// With other settings of the client.
    pub async fn with(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let next = Arc::new(Mutex::new(Answer::new(500, &[], "")));
        let answers = Arc::clone(&next);
        let server = Server::start(move |_| answers.lock().unwrap().clone()).await;
        let builder = dispatch::builder(&server.url()).retry(Retry::off());
        Self { client: dispatch::with_handles(change(builder)), next, _server: server }
    }

    /// Sets what the server answers from now on.
    pub fn next(&self, answer: Answer) {
        *self.next.lock().unwrap() = answer;
    }

    /// Calls an operation by Ory's name for it and gives it this answer.
    pub async fn call(&self, id: &str, answer: Answer) -> Result<Success, Error> {
        self.next(answer);
        let name = method(id).unwrap_or_else(|| panic!("{id} is not compiled"));
        dispatch::call(&self.client, name).await.expect("every operation is in the table")
    }
}

/// The client's method for Ory's name of an operation; `None` if its area is switched off.
pub fn method(id: &str) -> Option<&'static str> {
    ory_sdk::operations().iter().find(|operation| operation.id == id).map(|operation| operation.name)
}
