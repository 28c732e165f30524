//! Sends recordings of real servers through the client again: callers must get all that the servers sent.
//!
//! `ORY_SDK_RECORDINGS=FOLDER cargo test --test it recordings` adds the recordings in a folder.

use std::path::Path;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderValue};
use ory_sdk::{Client, Error, ErrorKind};
use serde_json::Value;

use crate::support::dispatch::{self, Given, Success};
use crate::support::recording::{self, Body, Found, Recording, Response};
use crate::support::server::{Reply, Server};
use crate::support::spec::{Operation, Spec};
use crate::wire::equality::{Difference, differences};

#[tokio::test]
async fn recordings() {
    let mut found = recording::own();
    if let Some(folder) = std::env::var_os("ORY_SDK_RECORDINGS").filter(|folder| !folder.is_empty()) {
        found.extend(recording::in_folder(Path::new(&folder)));
    }
    let replay = Replay::start().await;
    let mut counts = Counts::default();
    for Found { place, recording } in found {
        if recording.as_ref().is_ok_and(|recording| recording.is_hook() || replay.is_left_out(recording)) {
            continue;
        }
        counts.exchanges += 1;
        let failure = match &recording {
            Err(why) => Some(why.clone()),
            Ok(recording) => match replay.run(recording).await {
                Ok(Outcome::Value) => {
                    counts.values += 1;
                    None
                }
                Ok(Outcome::Error) => {
                    counts.errors += 1;
                    None
                }
                Err(Difference { path, reason }) => {
                    Some(format!("{} {}: {path}: {reason}", recording.operation, recording.case))
                }
            },
        };
        if let Some(failure) = failure {
            counts.failures += 1;
            println!("{failure} ({place})");
        }
    }
    let Counts { exchanges, values, errors, failures } = counts;
    println!("{exchanges} exchanges: {values} values, {errors} errors, {failures} failures");
    if failures > 0 {
        // Not `panic!`, so that the counts are the last line.
        std::panic::resume_unwind(Box::new("recordings failed"));
    }
}

#[derive(Default)]
struct Counts {
    exchanges: usize,
    values: usize,
    errors: usize,
    failures: usize,
}

/// How a replayed exchange ended.
#[derive(Debug, PartialEq)]
enum Outcome {
    Value,
    Error,
}

/// A server that sends the recorded responses, and a client for it.
struct Replay {
    spec: Spec,
    client: Client,
    next: Arc<Mutex<Reply>>,
    _server: Server,
}

impl Replay {
    async fn start() -> Self {
        let next = Arc::new(Mutex::new(Reply::new(500, &[], "")));
        let responses = Arc::clone(&next);
        let server = Server::start(move |_| responses.lock().unwrap().clone()).await;
        Self { spec: Spec::load(), client: dispatch::client(&server.url()), next, _server: server }
    }

    /// Whether the operation's area is switched off.
    fn is_left_out(&self, recording: &Recording) -> bool {
        let known = self.spec.operations().iter().any(|operation| operation.id == recording.operation);
        known && !ory_sdk::contract::operations().iter().any(|operation| operation.id == recording.operation)
    }

    async fn run(&self, recording: &Recording) -> Result<Outcome, Difference> {
        let operations = self.spec.operations();
        let operation = operations.iter().find(|operation| operation.id == recording.operation);
        let compiled = ory_sdk::contract::operations().iter().find(|operation| operation.id == recording.operation);
        let (Some(operation), Some(compiled)) = (operation, compiled) else {
            return Err(at_call("no such operation"));
        };
        *self.next.lock().unwrap() = recording.response.reply();
        let given = Given { endpoint: recording.request.endpoint.endpoint(), ..Given::default() };
        let called = dispatch::call_with(&self.client, compiled.name, &given).await;
        match called.expect("every operation is in the table").response {
            Ok(success) => self.check_success(operation, recording, success),
            Err(error) => self.check_error(operation, recording, error),
        }
    }

    fn check_success(
        &self,
        operation: &Operation,
        recording: &Recording,
        success: Success,
    ) -> Result<Outcome, Difference> {
        let response = &recording.response;
        kept(response, success.status.as_u16(), &success.headers, &success.raw)?;
        if !recording.is_of(operation) {
            return Ok(Outcome::Value);
        }
        if !is_success(&self.spec, operation, response) {
            return Err(at_call(format!("{} became a value", response.status)));
        }
        if matches!(response.status, 300..400) {
            let same = success.location.as_deref() == response.header("location");
            return if same { Ok(Outcome::Value) } else { Err(at_call("another Location")) };
        }
        let (schema, sent) = self.body(operation, response);
        match differences(&self.spec, schema, &sent, &success.body).into_iter().next() {
            None => Ok(Outcome::Value),
            Some(difference) => Err(difference),
        }
    }

    fn check_error(&self, operation: &Operation, recording: &Recording, error: Error) -> Result<Outcome, Difference> {
        let response = &recording.response;
        if error.operation() != Some(operation.id) {
            return Err(at_call(format!("an error of {:?}", error.operation())));
        }
        let Some(status) = error.status() else { return Err(at_call(format!("no response: {error}"))) };
        if response.status == 200 && response.status_within() == Some(status.as_u16()) {
            return kept(response, 200, error.headers(), error.body()).map(|()| Outcome::Error);
        }
        kept(response, status.as_u16(), error.headers(), error.body())?;
        if recording.is_of(operation) && is_success(&self.spec, operation, response) {
            return Err(at_call(format!("a success became an error: {error}")));
        }
        if recording.is_of(operation) && matches!(response.status, 302 | 303) {
            // The contract declares this redirect only for browsers: no request that accepts only JSON got one.
            let accepts = recording.request.header("accept");
            if accepts == Some("application/json") {
                return Err(at_call("a redirect that the contract does not declare for requests that accept JSON"));
            }
            let location = error.location().map(|location| location.as_str().to_owned());
            if error.kind() != ErrorKind::Redirect || location.as_deref() != response.header("location") {
                return Err(at_call(format!("not a redirect to the same Location: {error}")));
            }
        }
        Ok(Outcome::Error)
    }

    /// The contract's schema for a 2xx, and the part of its body that the contract describes.
    fn body<'a>(&'a self, operation: &'a Operation, response: &Response) -> (&'a Value, Value) {
        let content = operation.success(&self.spec, response.status).and_then(|declared| declared.get("content"));
        match (content, &response.body) {
            (None, _) | (_, None) => (&Value::Null, Value::Null),
            (Some(content), Some(Body::Json(value))) => (&content["application/json"]["schema"], value.clone()),
            (Some(_), Some(other)) => (&Value::Null, Value::from(String::from_utf8_lossy(&other.bytes()))),
        }
    }
}

/// Whether a response is a result, or a redirect that the contract declares not only for browsers.
fn is_success(spec: &Spec, operation: &Operation, response: &Response) -> bool {
    let redirects = operation.redirects(spec);
    match response.status {
        status if operation.is_result(spec, status) => true,
        302 | 303 => redirects && response.header("location").is_some(),
        _ => false,
    }
}

/// Checks that a success or an error keeps the status, headers and body of its response.
fn kept(response: &Response, status: u16, headers: &HeaderMap, body: &[u8]) -> Result<(), Difference> {
    if status != response.status {
        return Err(at_call(format!("status {} became {status}", response.status)));
    }
    for (name, _) in response.headers() {
        let sent =
            response.headers().filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_bytes());
        if !headers.get_all(name).iter().map(HeaderValue::as_bytes).eq(sent) {
            return Err(at_call(format!("header {name} is not as it was sent")));
        }
    }
    // A 204 has no body, whatever the recording says.
    let sent = response.body.as_ref().map(Body::bytes).unwrap_or_default();
    if status != 204 && body != sent { Err(at_call("the body is not as it was sent")) } else { Ok(()) }
}

fn at_call(reason: impl Into<String>) -> Difference {
    Difference { path: "$".to_owned(), reason: reason.into() }
}
