//! A token endpoint that says what the test wants, and applications on the stand-in.

use std::sync::{Arc, Mutex};

use ory_sdk::retry::Retry;
use ory_sdk::testing::StandIn;
use ory_sdk::tokens::{ClientCredentials, TokenErrorKind};
use ory_sdk::{Client, Secret};
use serde_json::{Value, json};

use crate::support::server::{Reply, Request, Server};

type Answer = Box<dyn FnMut(usize, &Request) -> Reply + Send>;

/// A Hydra that answers as the test says. The function gets the number of the request, from 1 on.
pub struct Hydra {
    pub server: Server,
    answer: Arc<Mutex<Answer>>,
}

impl Hydra {
    pub async fn start(answer: impl FnMut(usize, &Request) -> Reply + Send + 'static) -> Self {
        let answer: Arc<Mutex<Answer>> = Arc::new(Mutex::new(Box::new(answer)));
        let current = Arc::clone(&answer);
        let mut number = 0;
        let count = Mutex::new(move || {
            number += 1;
            number
        });
        let server = Server::start(move |request| {
            let number = (count.lock().unwrap())();
            (current.lock().unwrap())(number, request)
        })
        .await;
        Self { server, answer }
    }

    /// A Hydra whose access tokens are `at-1`, `at-2` and so on.
    pub async fn of_life(expires_in: impl Into<Value>) -> Self {
        let expires_in = expires_in.into();
        Self::start(move |number, _| token(number, &expires_in)).await
    }

    pub fn says(&self, answer: impl FnMut(usize, &Request) -> Reply + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }

    pub fn calls(&self) -> usize {
        self.server.seen().len()
    }

    pub fn client(&self) -> Client {
        Client::builder().hydra_public_url(self.server.url()).retry(Retry::off()).build().unwrap()
    }

    pub fn credentials(&self) -> ClientCredentials {
        ClientCredentials::builder(&self.client()).client_id("reports").client_secret("hunter2").build().unwrap()
    }

    /// Waits until so many requests came.
    pub async fn wait_for(&self, calls: usize) {
        for _ in 0..2_000 {
            if self.calls() >= calls {
                return;
            }
            // The clock may be stopped.
            tokio::task::spawn_blocking(|| std::thread::sleep(std::time::Duration::from_millis(5))).await.unwrap();
        }
        panic!("{} calls instead of {calls}", self.calls());
    }
}

/// A token as Hydra sends it. Null is left out.
pub fn token(number: usize, expires_in: &Value) -> Reply {
    let mut body = json!({"access_token": format!("at-{number}"), "scope": "", "token_type": "bearer"});
    if !expires_in.is_null() {
        body["expires_in"] = expires_in.clone();
    }
    Reply::json(200, &body)
}

/// A refusal as Hydra sends it.
pub fn refusal(status: u16, error: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": "why"}))
}

pub fn expose(token: Result<Secret, ory_sdk::tokens::TokenError>) -> Result<String, TokenErrorKind> {
    token.map(|token| token.expose().to_owned()).map_err(|error| error.kind())
}

/// Registers an application at the stand-in.
pub async fn register(client: &Client, changes: Value) -> (String, Option<Secret>) {
    let mut body =
        json!({"grant_types": ["client_credentials"], "scope": "read write", "audience": ["https://api.example"]});
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let made = client.admin_create_oauth2_client().json_body(body).await.unwrap().into_body();
    (made.client_id.unwrap(), made.client_secret)
}

/// A service at the stand-in that gets tokens for itself.
pub async fn service(ory: &StandIn) -> ClientCredentials {
    let client = ory.client_builder().retry(Retry::off()).build().unwrap();
    let (id, secret) = register(&client, json!({})).await;
    ClientCredentials::builder(&client).client_id(id).client_secret(secret.unwrap()).scope(["read"]).build().unwrap()
}
