//! Successes with an unexpected body: every operation gives a value or an error that says what came.

use std::collections::BTreeMap;

use ory_sdk::{Error, ErrorKind};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::dispatch::{self, Success};
use crate::support::recording::{self, Body};
use crate::support::server::Reply;
use crate::support::spec::{Operation, Shape, Spec};
use crate::support::stub::{self, Stub};

const JSON: &str = "application/json";

/// `{"error":{"id":"session_inactive"}}`, compressed.
pub const GZIP: &[u8] =
    b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xab\x56\x4a\x2d\x2a\xca\x2f\x52\xb2\xaa\x56\xca\x4c\x51\xb2\x52\
    \x2a\x4e\x2d\x2e\xce\xcc\xcf\x8b\xcf\xcc\x4b\x4c\x2e\xc9\x2c\x4b\x55\xaa\xad\x05\0\x7e\x28\x7d\x18\x23\0\0\0";

/// What the contract lets a caller expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hope {
    Nothing,
    Text,
    Value,
    List,
    /// A value, or none with a 204.
    Optional,
    /// A JSON value or a signed text.
    JsonOrText,
    AnyJson,
}

fn hope(spec: &Spec, operation: &Operation) -> Hope {
    let responses = operation.raw["responses"].as_object().unwrap();
    let successes: Vec<(&String, &Value)> =
        responses.iter().filter(|(s, _)| s.starts_with('2')).map(|(s, raw)| (s, spec.resolve(raw))).collect();
    let types: BTreeMap<&str, &Value> = successes
        .iter()
        .flat_map(|(_, raw)| raw.get("content").and_then(Value::as_object).into_iter().flatten())
        .map(|(name, media)| (name.as_str(), media))
        .collect();
    let bare = successes.iter().any(|(_, raw)| raw.get("content").is_none());
    match (types.get(JSON), types.len()) {
        (None, 0) => Hope::Nothing,
        (None, _) => Hope::Text,
        (Some(_), 2..) => Hope::JsonOrText,
        (Some(_), _) if bare => Hope::Optional,
        (Some(media), _) => match spec.shape(&media["schema"]) {
            Shape::List(_) => Hope::List,
            Shape::Any => Hope::AnyJson,
            _ => Hope::Value,
        },
    }
}

/// An unexpected body, and its outcome.
struct Case {
    name: &'static str,
    response: Reply,
    /// The expectations for which it still gives a value.
    value_for: &'static [Hope],
    /// What the error says for the others.
    says: &'static str,
}

fn cases() -> Vec<Case> {
    use Hope::{AnyJson, List, Nothing, Optional, Text};
    const JSON_TYPE: (&str, &str) = ("Content-Type", JSON);
    let case = |name, response, value_for, says| Case { name, response, value_for, says };
    let json = |status, body: &[u8]| Reply::new(status, &[JSON_TYPE, ("X-Request-Id", "r-1")], body);
    vec![
        case("204", json(204, b""), &[Nothing, Text, List, Optional], "expected JSON, found an empty body"),
        case("empty", json(200, b""), &[Nothing, Text, List, Optional], "expected JSON, found an empty body"),
        case("spaces", json(200, b" \r\n"), &[Nothing, Text, List, Optional], "expected JSON, found an empty body"),
        case("null", json(200, b"null\n"), &[Nothing, Text, List, Optional, AnyJson], "expected a value, found null"),
        case("created null", json(201, b"null"), &[Nothing, Text, List, Optional, AnyJson], "found null"),
        case("truncated", json(200, b"{\"new\":{\"a\":\"hunter2\""), &[Nothing, Text], " at line 1 column "),
        case("number", json(200, b"7"), &[Nothing, Text, AnyJson], "invalid type: integer, expected "),
        case("text", json(200, b"\"hunter2\""), &[Nothing, Text, AnyJson], "invalid type: string, expected "),
        case("not UTF-8", json(200, b"[\"hunter2\xff\"]"), &[Nothing, Text, AnyJson], "invalid type: "),
        case("not JSON", json(200, b"hunter2"), &[Nothing, Text], "expected value at line 1 column 1"),
        case(
            "HTML",
            Reply::new(200, &[("Content-Type", "text/html"), ("X-Request-Id", "r-1")], "\n<!DOCTYPE html>hunter2"),
            &[Nothing, Text],
            "expected JSON, found HTML, as from a proxy or a wrong port",
        ),
        case("HTML that says JSON", json(200, b"<html>hunter2</html>"), &[Nothing, Text], "expected JSON, found HTML"),
        case(
            "compressed",
            Reply::new(200, &[JSON_TYPE, ("Content-Encoding", "gzip"), ("X-Request-Id", "r-1")], GZIP),
            &[Nothing],
            ", found a compressed body, which was not asked for",
        ),
    ]
}

#[tokio::test]
async fn every_operation_gives_a_value_or_a_named_error() {
    let spec = Spec::load();
    let stub = Stub::with(|builder| builder.customize(|http| http.no_gzip())).await;
    let mut counts: BTreeMap<Hope, usize> = BTreeMap::new();
    for operation in spec.operations() {
        if stub::method(operation.id).is_none() {
            continue;
        }
        let hope = hope(&spec, &operation);
        *counts.entry(hope).or_default() += 1;
        for Case { name, response, value_for, says } in cases() {
            let result = stub.call(operation.id, response.clone()).await;
            let at = format!("{} ({hope:?}) {name}", operation.id);
            assert_eq!(result.is_ok(), value_for.contains(&hope), "{at}: {result:?}");
            match result {
                Ok(success) => {
                    assert_eq!((success.status.as_u16(), success.raw), (response.status, response.body), "{at}");
                    assert_eq!(success.headers["x-request-id"], "r-1", "{at}");
                }
                Err(error) => check(&at, operation.id, &error, &response, says),
            }
        }
    }
    println!("{counts:?}");
    assert_eq!(counts.len(), 7, "every kind of success: {counts:?}");
}

fn check(at: &str, id: &str, error: &Error, response: &Reply, says: &str) {
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some(id)), "{at}");
    assert_eq!(error.status().unwrap().as_u16(), response.status, "{at}");
    assert_eq!((error.body().as_ref(), error.request_id()), (&response.body[..], Some("r-1")), "{at}");
    let line = error.to_string();
    assert!(line.starts_with(&format!("{id}: {} ", response.status)), "{at}: {line}");
    assert!(line.contains(": the response cannot be decoded") && line.contains(says), "{at}: {line}");
    assert!(!line.contains("hunter2") && !line.contains(char::is_control), "{at}: {line}");
    assert!(error.next_step().is_none() && error.id().is_none(), "{at}");
}

/// The first recorded JSON success of each operation.
fn recorded() -> BTreeMap<String, Value> {
    let mut first = BTreeMap::new();
    for found in recording::own() {
        let recording = found.recording.unwrap();
        if let (200..300, Some(Body::Json(body))) = (recording.response.status, recording.response.body)
            && stub::method(&recording.operation).is_some()
            && !body.is_null()
        {
            first.entry(recording.operation).or_insert(body);
        }
    }
    first
}

#[tokio::test]
async fn any_2xx_with_a_whole_value_is_that_value() {
    let stub = Stub::start().await;
    let recorded = recorded();
    assert!(recorded.len() > 50);
    for (operation, body) in recorded {
        let text = body.to_string();
        let same = |result: Result<Success, Error>| result.unwrap_or_else(|error| panic!("{error}")).body;
        let plain = same(stub.call(&operation, Reply::json(200, &body)).await);
        for status in [201, 202, 203, 206, 299] {
            assert_eq!(same(stub.call(&operation, Reply::json(status, &body)).await), plain, "{operation} {status}");
        }
        let marked = Reply::new(200, &[], format!("\u{feff}{text}"));
        assert_eq!(same(stub.call(&operation, marked).await), plain, "{operation} after a byte order mark");
        // Neither two documents nor a truncated one may decode, if the operation expects a value.
        if plain.is_null() {
            continue;
        }
        let two = Reply::new(200, &[("X-Request-Id", "r-1")], format!("{text}\n{text}"));
        let error = stub.call(&operation, two.clone()).await.unwrap_err();
        check(&operation, &operation, &error, &two, "trailing characters");
        let cut = Reply::new(200, &[("X-Request-Id", "r-1")], &text[..text.len() - 1]);
        let error = stub.call(&operation, cut.clone()).await.unwrap_err();
        check(&operation, &operation, &error, &cut, "EOF while parsing");
    }
}

#[tokio::test]
async fn the_path_of_the_trouble_is_named_and_no_value() {
    let stub = Stub::start().await;
    let id = "00000000-0000-4000-8000-000000000000";
    let node =
        json!({"type": "input", "group": "default", "attributes": {"node_type": "input", "required": "hunter2"}});
    for (operation, body, says) in [
        ("toSession", json!({}), "the response cannot be decoded: missing field `id` at line 1 column 2"),
        ("toSession", json!({"id": id, "identity": {"id": 7}}), " at identity.id: "),
        ("toSession", json!({"id": id, "expires_at": "hunter2"}), " at expires_at: "),
        ("toSession", json!({"id": id, "active": "hunter2"}), " at active: invalid type: string, expected a boolean"),
        (
            "toSession",
            json!({"id": id, "identity": {"id": id, "schema_id": {"de": "hunter2"}}}),
            " at identity.schema_id: invalid type: map, expected a string",
        ),
        (
            "toSession",
            json!({"id": id, "devices": {"0": {"id": id}}}),
            " at devices: invalid type: map, expected a sequence",
        ),
        (
            "adminListIdentities",
            json!({"0": {"id": id}}),
            "the response cannot be decoded: invalid type: map, expected a sequence",
        ),
        ("adminListIdentities", json!(["hunter2"]), " at [0]: invalid type: string, expected struct Identity"),
        (
            "getSelfServiceLoginFlow",
            json!({"id": id, "ui": {"nodes": [node]}}),
            " at ui.nodes[0].attributes.required: in variant input of UiNodeAttributes: ",
        ),
        (
            "submitSelfServiceLoginFlow",
            json!({"session": {"id": id, "devices": [{"id": 1}]}}),
            " at session.devices[0].id: ",
        ),
    ] {
        let error = stub.call(operation, Reply::json(200, &body)).await.unwrap_err();
        let line = error.to_string();
        assert!(line.contains(says) && line.starts_with(&format!("{operation}: 200 ")), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
        assert_eq!(error.body().as_ref(), body.to_string().as_bytes());
    }
}

#[tokio::test]
async fn bodies_are_read_up_to_the_limit() {
    let stub = Stub::with(|builder| builder.success_limit(1000)).await;
    let body = |length: usize| {
        let frame = json!({"id": "00000000-0000-4000-8000-000000000000", "filler": ""}).to_string();
        frame.replace("\"\"", &format!("\"{}\"", "x".repeat(length - frame.len())))
    };
    let response = |length| Reply::new(200, &[("X-Request-Id", "r-1")], body(length));
    assert!(stub.call("toSession", response(1000)).await.is_ok());
    for id in ["toSession", "adminListIdentities", "adminDeleteIdentity", "getWebAuthnJavaScript", "getOidcUserInfo"] {
        let error = stub.call(id, response(1001)).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::TooLarge, Some(id)));
        assert_eq!((error.status().unwrap().as_u16(), error.request_id()), (200, Some("r-1")));
        assert!(error.body().len() <= 1000 && body(1001).as_bytes().starts_with(error.body()));
        assert_eq!(error.to_string(), format!("{id}: 200 OK: the response is larger than 1000 bytes"));
    }
    // The default limit is 64 MiB.
    let stub = Stub::start().await;
    assert!(stub.call("toSession", response(64 << 20)).await.is_ok());
    let error = stub.call("toSession", response((64 << 20) + 1)).await.unwrap_err();
    assert_eq!(error.to_string(), "toSession: 200 OK: the response is larger than 67108864 bytes");
}

/// The error for a response that ends before its `Content-Length`.
async fn cut_off(head: &'static str) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // Closing a socket with unread data resets the connection, and the response is lost.
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            stream.read_buf(&mut request).await.unwrap();
        }
        let response = format!("HTTP/1.1 {head}\r\nContent-Length: 100\r\nX-Request-Id: r-1\r\n\r\n{{\"id\":");
        stream.write_all(response.as_bytes()).await.unwrap();
    });
    let builder = dispatch::builder(&url).retry(ory_sdk::retry::Retry::off());
    let error = dispatch::with_handles(builder).to_session().send().await.unwrap_err();
    server.await.unwrap();
    error
}

#[tokio::test]
async fn a_response_that_breaks_off_keeps_what_came() {
    let error = cut_off("200 OK").await;
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Transport, 200));
    assert_eq!((error.request_id(), error.body().as_ref()), (Some("r-1"), &b"{\"id\":"[..]));
    assert_eq!(
        error.to_string(),
        "toSession: 200 OK: the response broke off: end of file before message length reached"
    );
    assert!(std::error::Error::source(&error).is_some() && !error.is_connect() && error.next_step().is_none());
    let error = cut_off("503 Down").await;
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 503));
    assert_eq!((error.request_id(), error.body().as_ref()), (Some("r-1"), &b"{\"id\":"[..]));
}

/// Decodes the traits of a recorded identity as a custom type, and encodes them again.
#[tokio::test]
async fn traits_are_a_type_of_the_callers_own() {
    #[derive(serde::Deserialize, serde::Serialize)]
    struct Traits {
        email: String,
        #[serde(flatten)]
        rest: serde_json::Map<String, Value>,
    }
    let body = recorded().remove("adminGetIdentity").unwrap();
    let stub = Stub::start().await;
    stub.next(Reply::json(200, &body));
    let identity = stub.client.admin_get_identity().id("x").send().await.unwrap();
    let mut traits: Traits = ory_sdk::traits::decode(identity.traits.as_ref()).unwrap();
    assert_eq!(ory_sdk::traits::encode(&traits).unwrap(), body["traits"]);
    traits.email = "new@example.org".to_owned();
    let changed = ory_sdk::traits::encode(&traits).unwrap();
    assert_eq!(
        (&changed["email"], traits.rest.len()),
        (&json!("new@example.org"), body["traits"].as_object().unwrap().len() - 1)
    );
}
