//! Sends the stand-in what no client of this crate would send. Every request gets a response, and the server lives on.

mod bodies;
mod connections;
mod hosts;
mod numbers;
mod patches;

use std::time::Duration;

use ory_sdk::testing::StandIn;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a response may take. No test gets near it unless the server hangs.
const PATIENCE: Duration = Duration::from_secs(60);

fn address(stand_in: &StandIn) -> &str {
    stand_in.url().strip_prefix("http://").unwrap()
}

/// Sends bytes on a connection of their own and returns the status and the body of the response.
async fn raw(stand_in: &StandIn, request: &[u8]) -> (u16, String) {
    let stream = TcpStream::connect(address(stand_in)).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let writes = async {
        // The server may refuse the request before it has read all of it.
        let _ = write.write_all(request).await;
    };
    let mut response = Vec::new();
    let reads = async {
        let _ = read.read_to_end(&mut response).await;
    };
    let what = String::from_utf8_lossy(&request[..request.len().min(200)]).into_owned();
    let done = tokio::time::timeout(PATIENCE, async { tokio::join!(writes, reads) }).await;
    assert!(done.is_ok(), "no end of the response to {what:?}");
    parse(&response).unwrap_or_else(|| panic!("no response to {what:?}, but {:?}", String::from_utf8_lossy(&response)))
}

fn parse(response: &[u8]) -> Option<(u16, String)> {
    let text = String::from_utf8_lossy(response);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ").or(head.strip_prefix("HTTP/1.0 "))?.get(..3)?.parse().ok()?;
    Some((status, body.to_owned()))
}

/// A request as bytes, with its body in one piece.
fn request(stand_in: &StandIn, method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        address(stand_in),
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Sends JSON and returns the JSON of the response, which must be a success.
async fn exchange(stand_in: &StandIn, method: &str, path: &str, headers: &str, body: &Value) -> Value {
    let (status, text) = raw(stand_in, &request(stand_in, method, path, headers, body.to_string().as_bytes())).await;
    assert!((200..300).contains(&status), "{method} {path}: {status} {text}");
    serde_json::from_str(&text).unwrap()
}

/// Checks that the server still works and still has its state.
async fn lives(stand_in: &StandIn) {
    let traits = json!({"email": "still@example.org"});
    let body = json!({"schema_id": "default", "traits": traits});
    let made = exchange(stand_in, "POST", "/admin/identities", "", &body).await;
    let path = format!("/admin/identities/{}", made["id"].as_str().unwrap());
    assert_eq!(exchange(stand_in, "GET", &path, "", &Value::Null).await["traits"], traits);
    assert_eq!(raw(stand_in, &request(stand_in, "DELETE", &path, "", b"")).await.0, 204);
}
