//! What an error reports for each shape of body and each status.

use std::time::Duration;

use chrono::DateTime;
use ory_sdk::error::{ErrorId, NextStep, OAuth2ErrorCode};
use ory_sdk::response::Location;
use ory_sdk::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::support::server::Reply;
use crate::support::stub::Stub;
use crate::wire::responses::GZIP;

const STATUSES: [u16; 16] = [400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 429, 431, 500, 502, 503, 504];

/// One operation of a user, one of an OAuth2 provider, one of an administrator.
const OPERATIONS: [&str; 3] = ["toSession", "adminGetOAuth2LoginRequest", "adminGetIdentity"];

/// What an error reads from the body, whatever the status.
#[derive(Debug, Default, PartialEq)]
struct Says {
    id: Option<ErrorId>,
    oauth_error: Option<OAuth2ErrorCode>,
    reason: Option<&'static str>,
    message: Option<&'static str>,
    redirect_to: Option<&'static str>,
    form: bool,
}

impl Says {
    fn of(error: &Error) -> Self {
        let known = |text: Option<&str>| text.map(|text| &*text.to_owned().leak());
        Self {
            id: error.id(),
            oauth_error: error.oauth2_error(),
            reason: known(error.reason()),
            message: known(error.message()),
            redirect_to: known(error.redirect_to().as_ref().map(Location::as_str)),
            form: error.form().is_some(),
        }
    }
}

/// The six shapes of an error body, with `code` as the code in the body.
fn shapes(code: u16) -> Vec<(Vec<u8>, Says)> {
    let text = |value: Value| value.to_string().into_bytes();
    let flow = json!({"id": "f", "type": "api", "ui": {"action": "a", "method": "POST", "nodes": [],
        "messages": [{"id": 4000006, "type": "error", "text": "wrong", "context": {}}]}});
    let kratos = json!({"error": {"id": "session_inactive", "code": code, "status": "S", "request": "q",
        "reason": "why", "details": {"a": [null]}, "message": "what"}});
    let oauth = json!({"error": "invalid_grant", "error_description": "why"});
    let new = json!({"error": "a code of tomorrow", "error_description": "", "code": code});
    let bare = json!({"message": "what", "code": code, "id": "an id of tomorrow"});
    vec![
        (text(flow), Says { message: Some("wrong"), form: true, ..Says::default() }),
        (
            text(kratos),
            Says { id: Some(ErrorId::SessionInactive), reason: Some("why"), message: Some("what"), ..Says::default() },
        ),
        (
            text(oauth),
            Says { oauth_error: Some(OAuth2ErrorCode::InvalidGrant), reason: Some("why"), ..Says::default() },
        ),
        (
            text(new),
            Says { oauth_error: Some(OAuth2ErrorCode::Unknown("a code of tomorrow".to_owned())), ..Says::default() },
        ),
        (text(json!({"redirect_to": "https://a/b"})), Says { redirect_to: Some("https://a/b"), ..Says::default() }),
        (
            text(bare),
            Says {
                id: Some(ErrorId::Unknown("an id of tomorrow".to_owned())),
                message: Some("what"),
                ..Says::default()
            },
        ),
        (b"404 page not found\n".to_vec(), Says::default()),
    ]
}

#[tokio::test]
async fn six_shapes_with_every_status() {
    let stub = Stub::start().await;
    let mut count = 0;
    for status in STATUSES {
        for code in [status, 200, 400, 500] {
            for (index, (body, says)) in shapes(code).into_iter().enumerate() {
                for (operation, media) in OPERATIONS.into_iter().zip(["application/json", "text/html", ""]) {
                    let headers = [("Content-Type", media), ("X-Request-Id", "r-1"), ("Retry-After", "7")];
                    let error = stub.call(operation, Reply::new(status, &headers, body.clone())).await.unwrap_err();
                    let at = format!("{operation} {status} {code} shape {index}");
                    is_kept(&at, &error, operation, status, &body);
                    assert_eq!(Says::of(&error), says, "{at}");
                    assert_eq!(error.request_id(), Some("r-1"), "{at}");
                    agrees_with_the_status(&at, &error, status);
                    count += 1;
                }
            }
        }
    }
    println!("{count} errors");
}

/// Whatever the body is, the error keeps it and displays as one line.
fn is_kept(at: &str, error: &Error, operation: &str, status: u16, body: &[u8]) {
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Api, Some(operation)), "{at}");
    assert_eq!(error.status().unwrap().as_u16(), status, "{at}");
    assert_eq!(error.body().as_ref(), body, "{at}");
    let predicates = [
        error.is_unauthorized(),
        error.is_forbidden(),
        error.is_not_found(),
        error.is_conflict(),
        error.is_rate_limited(),
        error.is_server_error(),
        error.is_unavailable(),
        error.is_timeout(),
        error.is_connect(),
    ];
    let (limited, failed) = (status == 429, status >= 500);
    let expected =
        [status == 401, status == 403, status == 404, status == 409, limited, failed, limited || failed, false, false];
    assert_eq!(predicates, expected, "{at}");
    assert!(std::error::Error::source(error).is_none(), "{at}");
    let line = error.to_string();
    assert!(line.starts_with(&format!("{operation}: {status}")), "{at}: {line}");
    assert!(!line.contains(char::is_control) && line.len() < 600, "{at}: {line}");
}

/// The status of the response decides the next step, not the code in the body.
fn agrees_with_the_status(at: &str, error: &Error, status: u16) {
    let next = error.next_step();
    let agrees = match (status, &next) {
        (400..500, None) if error.is_from_gateway() && status != 429 => true,
        (429 | 503, Some(NextStep::Wait(time))) => *time == Duration::from_secs(7),
        (500.., next) => next.is_none(),
        (400..500, Some(NextStep::ShowFlow(form))) => form.id == "f",
        (_, Some(NextStep::SignIn)) => status == 401 || error.id() == Some(ErrorId::SessionInactive),
        (401 | 410, Some(NextStep::Expired { .. }))
        | (403, Some(NextStep::NotAllowed))
        | (404, Some(NextStep::NotFound)) => true,
        (410, Some(NextStep::AlreadyUsed { location })) => location.as_str() == "https://a/b",
        (400 | 401 | 405 | 406 | 409 | 415 | 422 | 431, None) => !error.is_from_gateway(),
        _ => false,
    };
    assert!(agrees, "{at}: {next:?}");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_leave_the_status() {
    let stub = Stub::with(|builder| builder.error_limit(10_000).customize(|http| http.no_gzip())).await;
    let huge = format!("{{\"error\":{{\"id\":\"session_inactive\",\"reason\":\"{}\"}}}}", "x".repeat(20_000));
    let html = "<html>\r\n<body>hunter2</body></html>";
    for status in STATUSES {
        for operation in OPERATIONS {
            let empty = stub.call(operation, Reply::new(status, &[], "")).await.unwrap_err();
            for (name, encoding, body, says) in [
                ("HTML", "", html.as_bytes(), ": the response is HTML, as from a proxy or a wrong port"),
                ("text", "", b"hunter2".as_slice(), ""),
                ("truncated", "", b"{\"error\":{\"id\":\"session_aal2_required\",\"rea", ""),
                ("null", "", b"null", ""),
                ("list", "", b"[{\"error\":\"hunter2\"}]", ""),
                ("compressed", "gzip", GZIP, ": the response is a compressed body, which was not asked for"),
                ("huge", "", huge.as_bytes(), ""),
            ] {
                let at = format!("{operation} {status} {name}");
                let response = Reply::new(status, &[("Content-Encoding", encoding), ("X-Request-Id", "r-1")], body);
                let error = stub.call(operation, response).await.unwrap_err();
                // The body is cut at the limit.
                is_kept(&at, &error, operation, status, &body[..body.len().min(10_000)]);
                assert_eq!((Says::of(&error), error.request_id()), (Says::default(), Some("r-1")), "{at}");
                // Ory's servers send none of these, so they say nothing about the user.
                let from_gateway = ["HTML", "text", "null", "list"].contains(&name);
                assert_eq!(error.is_from_gateway(), from_gateway, "{at}");
                let waits = matches!(empty.next_step(), Some(NextStep::Wait(_)));
                let expected = empty.next_step().filter(|_| waits || !from_gateway);
                assert_eq!(error.next_step(), expected, "{at}");
                assert_eq!(error.to_string(), format!("{empty}{says}"), "{at}");
            }
        }
    }
    // The default limit is 1 MiB.
    let stub = Stub::start().await;
    let error = stub.call("toSession", Reply::new(500, &[], vec![b' '; (1 << 20) + 1])).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.body().len()), (500, 1 << 20));
}

#[tokio::test]
async fn what_can_be_read_is_read() {
    let stub = Stub::with(|builder| builder.customize(|http| http.no_gzip())).await;
    // If the body has two JSON documents, as in a recording, the first one counts.
    let two = "{\"error\":\"invalid_request\",\"error_description\":\"one\"}{\"error\":\"server_error\"}";
    let error = stub.call("adminCreateJsonWebKeySet", Reply::new(400, &[], two)).await.unwrap_err();
    assert_eq!((error.oauth2_error(), error.reason()), (Some(OAuth2ErrorCode::InvalidRequest), Some("one")));
    assert_eq!(error.body().as_ref(), two.as_bytes());
    // A byte order mark is skipped, and so is a `Content-Encoding` on a body that is not compressed.
    let marked = "\u{feff}{\"error\":{\"id\":\"session_inactive\"}}";
    let error = stub.call("toSession", Reply::new(401, &[("Content-Encoding", "gzip")], marked)).await.unwrap_err();
    assert_eq!(error.to_string(), "toSession: 401 Unauthorized: session_inactive");
    // A text that is no Unicode costs only its bad characters.
    for text in [b"a\xffb".as_slice(), b"a\\ud83db"] {
        let body = [b"{\"error\":{\"id\":\"session_inactive\",\"reason\":\"", text, b"\"}}"].concat();
        let error = stub.call("toSession", Reply::new(401, &[], body)).await.unwrap_err();
        assert_eq!((error.id(), error.reason()), (Some(ErrorId::SessionInactive), Some("a\u{fffd}b")));
    }
    // The id is also in a header, for when the body cannot be read.
    let headers = [("Content-Encoding", "gzip"), ("Ory-Error-Id", "session_aal2_required")];
    let error = stub.call("toSession", Reply::new(403, &headers, GZIP)).await.unwrap_err();
    assert_eq!(
        (error.id(), error.next_step()),
        (Some(ErrorId::SessionAal2Required), Some(NextStep::StepUp { url: None }))
    );
    let headers = [
        ("Ory-Error-Id", ""),
        ("X-Request-Id", ""),
        ("CF-Ray", "ray"),
        ("X-RateLimit-Limit", "10, 10;w=1"),
        ("X-RateLimit-Remaining", "0"),
        ("X-RateLimit-Reset", "3"),
    ];
    let error = stub.call("toSession", Reply::new(429, &headers, "<html>")).await.unwrap_err();
    assert_eq!((error.id(), error.request_id()), (None, Some("ray")));
    let limit = error.rate_limit().unwrap();
    assert_eq!((limit.limit, limit.remaining, limit.reset), (Some(10), Some(0), Some(Duration::from_secs(3))));
    assert_eq!(error.next_step(), Some(NextStep::Wait(Duration::from_secs(3))));
    assert_eq!(error.headers()["x-ratelimit-reset"], "3");
    // An empty request id in the header does not hide the one in the body.
    let body = json!({"error": {"request": "of the body", "message": ""}});
    let error = stub.call("toSession", Reply::new(400, &[("X-Request-Id", "")], body.to_string())).await.unwrap_err();
    assert_eq!((error.request_id(), error.message()), (Some("of the body"), None));
}

#[tokio::test]
async fn what_stands_at_several_places_is_found_at_each() {
    let stub = Stub::start().await;
    let facts = json!({"redirect_browser_to": "https://a/?b=c", "redirect_to": "/d", "use_flow_id": "f",
        "expired_at": "2026-11-22T13:49:08.110559847Z", "since": 785_824_822, "continue_with": [{"action": "x"}]});
    let mut inside = facts.clone();
    inside["message"] = json!("m");
    for body in [
        facts.clone(),
        inside.clone(),
        json!({"error": inside}),
        json!({"error": {"message": "m", "details": facts}}),
        json!({"message": "m", "details": facts}),
    ] {
        let error = stub.call("getSelfServiceRecoveryFlow", Reply::json(410, &body)).await.unwrap_err();
        assert_eq!(error.redirect_browser_to(), Some(Location::from("https://a/?b=c")), "{body}");
        assert_eq!((error.redirect_to(), error.use_flow_id()), (Some(Location::from("/d")), Some("f")), "{body}");
        assert_eq!(error.since(), Some(Duration::from_nanos(785_824_822)), "{body}");
        let time = DateTime::parse_from_rfc3339("2026-11-22T13:49:08.110559847Z").unwrap();
        assert_eq!((error.expired_at(), error.continue_with().len()), (Some(time.into()), 1), "{body}");
        assert_eq!(error.next_step(), Some(NextStep::RestartFlow { flow: "f".to_owned() }), "{body}");
    }
}

#[test]
fn the_error_is_small_and_goes_between_threads() {
    fn bounds<T: std::error::Error + Send + Sync + 'static>() {}
    bounds::<Error>();
    assert!(size_of::<Error>() < 128);
}
