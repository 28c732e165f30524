//! Finds the recordings that cases take their responses from.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::recording::{self, Body, Recording};

/// Each recording with its server, such as `kratos-26.2.0`, taken from the file name.
static ALL: LazyLock<Vec<(String, Recording)>> = LazyLock::new(|| {
    let all = recording::own().into_iter().map(|found| {
        let file = found.place.split(".jsonl").next().unwrap_or_default();
        let server = Path::new(file).file_name().unwrap().to_str().unwrap().to_owned();
        (server, found.recording.unwrap())
    });
    all.collect()
});

/// The first recorded 2xx of this operation.
pub fn first_success(operation: &str) -> &'static Recording {
    let mut ours = ALL.iter().map(|(_, recording)| recording).filter(|recording| recording.operation == operation);
    let found = ours.find(|recording| (200..300).contains(&recording.response.status));
    found.unwrap_or_else(|| panic!("no success of {operation} was recorded"))
}

/// The recording with this name: `kratos-26.2.0/toSession.cookie`.
pub fn named(name: &str) -> &'static Recording {
    let has_name = |server: &str, it: &Recording| format!("{server}/{}.{}", it.operation, it.case) == name;
    let found = ALL.iter().find(|(server, recording)| has_name(server, recording));
    &found.unwrap_or_else(|| panic!("no recording {name}")).1
}

/// The response body if it is JSON, otherwise null.
pub fn json(recording: &Recording) -> Value {
    match &recording.response.body {
        Some(Body::Json(value)) => value.clone(),
        _ => Value::Null,
    }
}
