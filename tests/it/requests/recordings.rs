//! Exchanges that were recorded with real servers: `tests/data/wire/*.jsonl`, one a line.

use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::server::Answer;

#[derive(Debug, Clone, Deserialize)]
pub struct Recording {
    /// Such as `kratos-26.2.0`: the file's name.
    #[serde(skip)]
    server: String,
    pub operation: String,
    case: String,
    response: Response,
}

#[derive(Debug, Clone, Deserialize)]
struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Option<Body>,
}

/// How a body is kept: by what it was.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Body {
    Json(Value),
    Text(String),
    Form(String),
}

static ALL: LazyLock<Vec<Recording>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/wire");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let server = file.file_stem().unwrap().to_str().unwrap();
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let recording: Recording = serde_json::from_str(line).unwrap();
            all.push(Recording { server: server.to_owned(), ..recording });
        }
    }
    all
});

/// The first 2xx that a server gave to this operation.
pub fn first_success(operation: &str) -> Recording {
    let mut ours = ALL.iter().filter(|recording| recording.operation == operation);
    let found = ours.find(|recording| (200..300).contains(&recording.response.status));
    found.unwrap_or_else(|| panic!("no success of {operation} was recorded")).clone()
}

/// The recording with this name: `kratos-26.2.0/toSession.cookie`.
pub fn named(name: &str) -> Recording {
    let has_name =
        |recording: &&Recording| format!("{}/{}.{}", recording.server, recording.operation, recording.case) == name;
    ALL.iter().find(has_name).unwrap_or_else(|| panic!("no recording {name}")).clone()
}

impl Recording {
    /// The body, if it is JSON.
    pub fn json(&self) -> Value {
        match &self.response.body {
            Some(Body::Json(value)) => value.clone(),
            _ => Value::Null,
        }
    }

    /// The answer, with the body sent anew: its length is not that of the server's own bytes.
    pub fn answer(&self) -> Answer {
        let headers = self.response.headers.iter().filter(|(name, _)| {
            let name = name.to_ascii_lowercase();
            !matches!(name.as_str(), "content-length" | "transfer-encoding" | "connection")
        });
        let body = match &self.response.body {
            None => String::new(),
            Some(Body::Json(value)) => value.to_string(),
            Some(Body::Text(text) | Body::Form(text)) => text.clone(),
        };
        Answer { status: self.response.status, headers: headers.cloned().collect(), body: body.into_bytes() }
    }
}
