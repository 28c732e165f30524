//! The calls that Kratos and Hydra make to a service, as they were recorded, and as a stand-in makes them.

mod answers;
mod auth;
mod bodies;
mod recorded;
mod secrets;
mod service;
mod templates;

use std::path::Path;
use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue};
use ory_sdk::actions::{Action, ActionAuth, ActionRefused};
use serde::de::DeserializeOwned;

use crate::support::recording::{self, Recording};

/// Each recorded call with its server, such as `kratos-26.2.0`.
static RECORDED: LazyLock<Vec<(String, Recording)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hooks");
    let all = recording::in_folder(&folder).into_iter().map(|found| {
        let file = found.place.split(".jsonl").next().unwrap_or_default();
        let server = Path::new(file).file_name().unwrap().to_str().unwrap().to_owned();
        (server, found.recording.unwrap_or_else(|why| panic!("{}: {why}", found.place)))
    });
    all.collect()
});

/// The recorded calls of an operation, such as `hook.token`.
fn recorded(operation: &str) -> impl Iterator<Item = &'static (String, Recording)> {
    let found: Vec<_> = RECORDED.iter().filter(|(_, recording)| recording.operation == operation).collect();
    assert!(!found.is_empty(), "{operation} was never recorded");
    found.into_iter()
}

/// The recording with this name: `kratos-26.2.0/hook.login.204`.
fn named(name: &str) -> &'static Recording {
    let is = |(server, it): &&(String, Recording)| format!("{server}/{}.{}", it.operation, it.case) == name;
    &RECORDED.iter().find(is).unwrap_or_else(|| panic!("no recording {name}")).1
}

/// The headers of a recorded call, with a key.
fn headers(recording: &Recording) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &recording.request.headers {
        headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    headers.insert("x-test-key", HeaderValue::from_static("test-key"));
    headers
}

fn body(recording: &Recording) -> Vec<u8> {
    recording.request.body.as_ref().map(recording::Body::bytes).unwrap_or_default()
}

fn auth() -> ActionAuth {
    ActionAuth::header("x-test-key", "test-key").unwrap()
}

fn read<T: DeserializeOwned>(recording: &Recording) -> Result<Action<T>, ActionRefused> {
    Action::read(&auth(), &headers(recording), body(recording).into())
}

/// Reads a body that is no recording.
fn read_text<T: DeserializeOwned>(body: impl Into<ory_sdk::bytes::Bytes>) -> Result<Action<T>, ActionRefused> {
    let mut headers = HeaderMap::new();
    headers.insert("x-test-key", HeaderValue::from_static("test-key"));
    Action::read(&auth(), &headers, body.into())
}
