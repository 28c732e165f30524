//! Exchanges recorded between a client and a real server, one JSON object each.

use std::path::{Path, PathBuf};

use ory_sdk::contract::Endpoint;
use serde::Deserialize;
use serde_json::Value;

use crate::support::server::Reply;
use crate::support::spec::Operation;

#[derive(Debug, Clone, Deserialize)]
pub struct Recording {
    /// Ory's name for the operation.
    pub operation: String,
    pub case: String,
    pub request: Request,
    pub response: Response,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    pub method: String,
    pub endpoint: Port,
    /// With the query.
    pub path: String,
    /// In the order of the wire.
    pub headers: Vec<(String, String)>,
    pub body: Option<Body>,
}

/// The port of a server that a request went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Port {
    /// Of Kratos and Hydra.
    Public,
    Admin,
    /// Of Keto.
    Read,
    Write,
    Opl,
    Metrics,
    /// Of a receiver that the server called.
    Hook,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Response {
    pub status: u16,
    /// In the order of the wire.
    headers: Vec<(String, String)>,
    pub body: Option<Body>,
}

/// A recorded body.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    Json(Value),
    Form(String),
    Text(String),
    Base64(String),
}

impl Port {
    /// An endpoint of this kind, for the operations that every server has. The client has none for Keto's metrics.
    pub fn endpoint(self) -> Endpoint {
        match self {
            Self::Public | Self::Hook => Endpoint::KratosPublic,
            Self::Admin => Endpoint::KratosAdmin,
            Self::Read | Self::Metrics => Endpoint::KetoRead,
            Self::Write => Endpoint::KetoWrite,
            Self::Opl => Endpoint::KetoOpl,
        }
    }
}

impl Recording {
    /// Whether the server sent the request, so that it is no call of this crate.
    pub fn is_hook(&self) -> bool {
        self.request.endpoint == Port::Hook
    }

    /// Whether the request matches the operation. In some recordings the user followed a link elsewhere.
    pub fn is_of(&self, operation: &Operation) -> bool {
        let path = self.request.path.split('?').next().unwrap_or_default();
        self.request.method == operation.method && operation.has_path(path)
    }
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

impl Body {
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Json(value) => value.to_string().into_bytes(),
            Self::Form(text) | Self::Text(text) => text.clone().into_bytes(),
            Self::Base64(text) => base64(text),
        }
    }
}

impl Response {
    /// The status in the body, if that is an error. Keto sends one with the status 200.
    pub fn status_within(&self) -> Option<u16> {
        let Some(Body::Json(body)) = &self.body else { return None };
        body.get("message").and_then(Value::as_str)?;
        body.get("code")?.as_u64()?.try_into().ok()
    }

    /// The headers, without those that describe the server's original bytes rather than the recorded body.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = |name: &str| ["content-length", "transfer-encoding"].iter().any(|own| name.eq_ignore_ascii_case(own));
        self.headers.iter().filter(move |(name, _)| !own(name)).map(|(name, value)| (name.as_str(), value.trim()))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The response, to be sent again by a test server.
    pub fn reply(&self) -> Reply {
        let headers: Vec<(&str, &str)> = self.headers().collect();
        Reply::new(self.status, &headers, self.body.as_ref().map(Body::bytes).unwrap_or_default())
    }
}

/// A recording, or why it cannot be read, with its place: the file, and the line if the file holds several.
pub struct Found {
    pub place: String,
    pub recording: Result<Recording, String>,
}

/// The recordings that come with this crate.
pub fn own() -> Vec<Found> {
    in_folder(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/wire")))
}

/// All recordings in a folder and its subfolders. A `*.json` file holds one exchange, a `*.jsonl` file one per line.
pub fn in_folder(folder: &Path) -> Vec<Found> {
    let mut found = Vec::new();
    if let Err(why) = collect(folder, &mut found) {
        found.push(Found { place: folder.display().to_string(), recording: Err(format!("cannot be read: {why}")) });
    } else if found.is_empty() {
        found.push(Found { place: folder.display().to_string(), recording: Err("holds no recording".to_owned()) });
    }
    found
}

fn collect(folder: &Path, found: &mut Vec<Found>) -> std::io::Result<()> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.sort();
    for path in paths {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if path.is_dir() {
            collect(&path, found)?;
        } else if extension == "json" {
            found.push(parse(path.display().to_string(), &std::fs::read_to_string(&path)?));
        } else if extension == "jsonl" {
            for (index, line) in std::fs::read_to_string(&path)?.lines().enumerate() {
                if !line.trim().is_empty() {
                    found.push(parse(format!("{}:{}", path.display(), index + 1), line));
                }
            }
        }
    }
    Ok(())
}

fn parse(place: String, text: &str) -> Found {
    Found { place, recording: serde_json::from_str(text).map_err(|why| format!("is no recording: {why}")) }
}

/// Decodes base64 (RFC 4648), with or without padding.
pub fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut word, mut bits, mut out) = (0_u32, 0, Vec::new());
    for byte in text.bytes() {
        let Some(value) = ALPHABET.iter().position(|known| *known == byte) else { continue };
        word = word << 6 | value as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    out
}

#[test]
fn folders_are_searched_and_faults_named() {
    let folder = std::env::temp_dir().join(format!("ory-sdk-recording-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("deep/er")).unwrap();
    let one = r#"{"operation": "toSession", "case": "c", "about": "a", "request":
        {"method": "GET", "endpoint": "public", "path": "/x?y", "headers": [], "body": null}, "response":
        {"status": 200, "headers": [["A", "b"], ["content-length", "7"]], "body": {"base64": "Zm9vYmE="}}}"#;
    std::fs::write(folder.join("deep/er/one.json"), one).unwrap();
    std::fs::write(folder.join("two.jsonl"), format!("{}\n\n{{}}\n", one.replace('\n', " "))).unwrap();
    std::fs::write(folder.join("README.md"), "no recording").unwrap();
    let found = in_folder(&folder);
    let missing = in_folder(&folder.join("missing"));
    let empty = folder.join("empty");
    std::fs::create_dir(&empty).unwrap();
    let empty = in_folder(&empty);
    std::fs::remove_dir_all(&folder).unwrap();

    let ends: Vec<&str> = found.iter().map(|found| found.place.rsplit('/').next().unwrap()).collect();
    assert_eq!(ends, ["one.json", "two.jsonl:1", "two.jsonl:3"]);
    let recording = found[0].recording.as_ref().unwrap();
    assert_eq!(recording.response.body.as_ref().unwrap().bytes(), b"fooba");
    assert_eq!(recording.response.headers().collect::<Vec<_>>(), [("A", "b")]);
    assert_eq!(recording.request.endpoint, Port::Public);
    assert!(found[2].recording.as_ref().unwrap_err().contains("missing field"));
    assert!(missing[0].recording.as_ref().unwrap_err().contains("cannot be read"));
    assert_eq!(empty[0].recording.as_ref().unwrap_err(), "holds no recording");
}
