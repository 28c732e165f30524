//! Errors: what each shape of body says with each status, and what to do next, told from what real servers sent.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::DateTime;
use ory_sdk::{Error, ErrorId, ErrorKind, Next, OAuthError, types};
use serde_json::{Value, json};

use crate::answers::GZIP;
use crate::recording::{self, Body, Recording};
use crate::server::Answer;
use crate::stub::{self, Stub};

const STATUSES: [u16; 16] = [400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 429, 431, 500, 502, 503, 504];

/// One of a person, one of an OAuth2 provider, one of an administrator.
const OPERATIONS: [&str; 3] = ["toSession", "adminGetOAuth2LoginRequest", "adminGetIdentity"];

/// What a body says, whatever its status.
#[derive(Debug, Default, PartialEq)]
struct Says {
    id: Option<ErrorId>,
    oauth_error: Option<OAuthError>,
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
            oauth_error: error.oauth_error(),
            reason: known(error.reason()),
            message: known(error.message()),
            redirect_to: known(error.redirect_to().as_deref()),
            form: error.form().is_some(),
        }
    }
}

/// The six shapes of an error's body, with the code that the body has.
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
        (text(oauth), Says { oauth_error: Some(OAuthError::InvalidGrant), reason: Some("why"), ..Says::default() }),
        (
            text(new),
            Says { oauth_error: Some(OAuthError::Unknown("a code of tomorrow".to_owned())), ..Says::default() },
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
                    let error = stub.call(operation, Answer::new(status, &headers, body.clone())).await.unwrap_err();
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

/// Whatever the body is, the error keeps what came and has one line to say.
fn is_kept(at: &str, error: &Error, operation: &str, status: u16, body: &[u8]) {
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Api, operation), "{at}");
    assert_eq!(error.status().unwrap().as_u16(), status, "{at}");
    assert_eq!(error.body().as_ref(), body, "{at}");
    let predicates = [
        error.is_unauthorized(),
        error.is_forbidden(),
        error.is_not_found(),
        error.is_conflict(),
        error.is_rate_limited(),
        error.is_server_error(),
        error.is_timeout(),
        error.is_connect(),
    ];
    let expected =
        [status == 401, status == 403, status == 404, status == 409, status == 429, status >= 500, false, false];
    assert_eq!(predicates, expected, "{at}");
    assert!(std::error::Error::source(error).is_none(), "{at}");
    let line = error.to_string();
    assert!(line.starts_with(&format!("{operation}: {status}")), "{at}: {line}");
    assert!(!line.contains(char::is_control) && line.len() < 600, "{at}: {line}");
}

/// The status decides what is next, not what the body says of it.
fn agrees_with_the_status(at: &str, error: &Error, status: u16) {
    let next = error.next();
    let agrees = match (status, &next) {
        (429 | 503, Some(Next::Wait(time))) => *time == Duration::from_secs(7),
        (500.., next) => next.is_none(),
        (400..500, Some(Next::ShowFlow(form))) => form.id == "f",
        (_, Some(Next::SignIn)) => status == 401 || error.id() == Some(ErrorId::SessionInactive),
        (401 | 410, Some(Next::Expired { .. })) | (403, Some(Next::NotAllowed)) | (404, Some(Next::NotFound)) => true,
        (410, Some(Next::AlreadyUsed { location })) => location.as_str() == "https://a/b",
        (400 | 401 | 405 | 406 | 409 | 415 | 422 | 431, None) => true,
        _ => false,
    };
    assert!(agrees, "{at}: {next:?}");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_leave_the_status() {
    let stub = Stub::with(|builder| builder.error_limit(10_000)).await;
    let huge = format!("{{\"error\":{{\"id\":\"session_inactive\",\"reason\":\"{}\"}}}}", "x".repeat(20_000));
    let html = "<html>\r\n<body>hunter2</body></html>";
    for status in STATUSES {
        for operation in OPERATIONS {
            let empty = stub.call(operation, Answer::new(status, &[], "")).await.unwrap_err();
            for (name, encoding, body, says) in [
                ("HTML", "", html.as_bytes(), ": the answer is HTML, as from a proxy or a wrong port"),
                ("text", "", b"hunter2".as_slice(), ""),
                ("truncated", "", b"{\"error\":{\"id\":\"session_aal2_required\",\"rea", ""),
                ("not UTF-8", "", b"{\"error\":{\"id\":\"\xff\xfe\"}}", ""),
                ("null", "", b"null", ""),
                ("list", "", b"[{\"error\":\"hunter2\"}]", ""),
                ("compressed", "gzip", GZIP, ": the answer is a compressed body, which was not asked for"),
                ("huge", "", huge.as_bytes(), ""),
            ] {
                let at = format!("{operation} {status} {name}");
                let answer = Answer::new(status, &[("Content-Encoding", encoding), ("X-Request-Id", "r-1")], body);
                let error = stub.call(operation, answer).await.unwrap_err();
                // What is beyond the limit is cut.
                is_kept(&at, &error, operation, status, &body[..body.len().min(10_000)]);
                assert_eq!((Says::of(&error), error.request_id()), (Says::default(), Some("r-1")), "{at}");
                assert_eq!(error.next(), empty.next(), "{at}");
                assert_eq!(error.to_string(), format!("{empty}{says}"), "{at}");
            }
        }
    }
    // Without a setting the limit is 1 MiB.
    let stub = Stub::start().await;
    let error = stub.call("toSession", Answer::new(500, &[], vec![b' '; (1 << 20) + 1])).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.body().len()), (500, 1 << 20));
}

#[tokio::test]
async fn what_can_be_read_is_read() {
    let stub = Stub::start().await;
    // Of two documents the first one counts, as in the recorded one.
    let two = "{\"error\":\"invalid_request\",\"error_description\":\"one\"}{\"error\":\"server_error\"}";
    let error = stub.call("adminCreateJsonWebKeySet", Answer::new(400, &[], two)).await.unwrap_err();
    assert_eq!((error.oauth_error(), error.reason()), (Some(OAuthError::InvalidRequest), Some("one")));
    assert_eq!(error.body().as_ref(), two.as_bytes());
    // A byte order mark hides nothing, and a body that only claims to be compressed neither.
    let marked = "\u{feff}{\"error\":{\"id\":\"session_inactive\"}}";
    let error = stub.call("toSession", Answer::new(401, &[("Content-Encoding", "gzip")], marked)).await.unwrap_err();
    assert_eq!(error.to_string(), "toSession: 401 Unauthorized: session_inactive");
    // The id stands in a header too, which tells it when the body cannot.
    let headers = [("Content-Encoding", "gzip"), ("Ory-Error-Id", "session_aal2_required")];
    let error = stub.call("toSession", Answer::new(403, &headers, GZIP)).await.unwrap_err();
    assert_eq!((error.id(), error.next()), (Some(ErrorId::SessionAal2Required), Some(Next::StepUp { url: None })));
    let headers = [
        ("Ory-Error-Id", ""),
        ("X-Request-Id", ""),
        ("CF-Ray", "ray"),
        ("X-RateLimit-Limit", "10, 10;w=1"),
        ("X-RateLimit-Remaining", "0"),
        ("X-RateLimit-Reset", "3"),
    ];
    let error = stub.call("toSession", Answer::new(429, &headers, "<html>")).await.unwrap_err();
    assert_eq!((error.id(), error.request_id()), (None, Some("ray")));
    let limit = error.rate_limit().unwrap();
    assert_eq!((limit.limit, limit.remaining, limit.reset), (Some(10), Some(0), Some(Duration::from_secs(3))));
    assert_eq!(error.next(), Some(Next::Wait(Duration::from_secs(3))));
    assert_eq!(error.headers()["x-ratelimit-reset"], "3");
    // An empty id hides no other.
    let body = json!({"error": {"request": "of the body", "message": ""}});
    let error = stub.call("toSession", Answer::new(400, &[("X-Request-Id", "")], body.to_string())).await.unwrap_err();
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
        let error = stub.call("getSelfServiceRecoveryFlow", Answer::json(410, &body)).await.unwrap_err();
        assert_eq!(error.redirect_browser_to().as_deref(), Some("https://a/?b=c"), "{body}");
        assert_eq!((error.redirect_to().as_deref(), error.use_flow_id().as_deref()), (Some("/d"), Some("f")), "{body}");
        assert_eq!(error.since(), Some(Duration::from_nanos(785_824_822)), "{body}");
        let time = DateTime::parse_from_rfc3339("2026-11-22T13:49:08.110559847Z").unwrap();
        assert_eq!((error.expired_at(), error.continue_with().len()), (Some(time.into()), 1), "{body}");
        assert_eq!(error.next(), Some(Next::RestartFlow { flow: "f".to_owned() }), "{body}");
    }
}

#[test]
fn the_error_is_small_and_goes_between_threads() {
    fn bounds<T: std::error::Error + Send + Sync + 'static>() {}
    bounds::<Error>();
    assert!(size_of::<Error>() < 128);
}

fn recordings() -> Vec<(String, Recording)> {
    let server = |place: &str| place.rsplit('/').next().unwrap().split(".jsonl").next().unwrap().to_owned();
    recording::own().into_iter().map(|found| (server(&found.place), found.recording.unwrap())).collect()
}

/// The error that the client makes of a recording.
async fn replay(stub: &Stub, all: &[(String, Recording)], server: &str, operation: &str, case: &str) -> Error {
    let is = |(from, recording): &&(String, Recording)| {
        from == server && recording.operation == operation && recording.case == case
    };
    let (_, recording) = all.iter().find(is).unwrap_or_else(|| panic!("no recording {server} {operation} {case}"));
    stub.call(operation, recording.response.answer()).await.unwrap_err()
}

fn name(next: &Next) -> &'static str {
    match next {
        Next::SignIn => "SignIn",
        Next::AlreadySignedIn => "AlreadySignedIn",
        Next::StepUp { .. } => "StepUp",
        Next::Reauthenticate { .. } => "Reauthenticate",
        Next::GoTo(_) => "GoTo",
        Next::RestartFlow { .. } => "RestartFlow",
        Next::ShowFlow(_) => "ShowFlow",
        Next::VerifyAddress { .. } => "VerifyAddress",
        Next::AlreadyUsed { .. } => "AlreadyUsed",
        Next::Expired { .. } => "Expired",
        Next::Wait(_) => "Wait",
        Next::NotAllowed => "NotAllowed",
        Next::NotFound => "NotFound",
        other => panic!("a step without a name here: {other:?}"),
    }
}

/// What is next after recorded errors, and a part of the URL or id that it leads to.
const STEPS: &[(&str, &str, &str, &str, &str)] = &[
    ("kratos-0.11.1", "toSession", "bad-token-and-cookie", "SignIn", ""),
    ("kratos-26.2.0", "toSession", "bad-token-and-cookie", "SignIn", ""),
    ("kratos-0.11.1", "initializeSelfServiceSettingsFlowForBrowsers", "no-session", "SignIn", ""),
    ("kratos-26.2.0", "initializeSelfServiceSettingsFlowForBrowsers", "no-session", "SignIn", ""),
    ("kratos-0.11.1", "initializeSelfServiceLoginFlowForBrowsers", "aal2-no-session", "SignIn", ""),
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "aal2-no-session", "SignIn", ""),
    ("kratos-0.11.1", "initializeSelfServiceLoginFlowForBrowsers", "session-present", "AlreadySignedIn", ""),
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "session-present", "AlreadySignedIn", ""),
    ("kratos-0.11.1", "toSession", "aal2-required-cookie", "StepUp", "/self-service/login/browser?aal=aal2"),
    ("kratos-26.2.0", "toSession", "aal2-required-cookie", "StepUp", "/self-service/login/browser?aal=aal2"),
    ("kratos-26.2.0", "listSessions", "aal2-required", "StepUp", "aal=aal2"),
    ("kratos-0.11.1", "submitSelfServiceSettingsFlow", "browser-refresh-required", "Reauthenticate", "refresh=true"),
    ("kratos-26.2.0", "submitSelfServiceSettingsFlow", "browser-refresh-required", "Reauthenticate", "refresh=true"),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-aal2-still-needed", "GoTo", "http"),
    ("kratos-0.11.1", "submitSelfServiceRecoveryFlow", "admin-code", "GoTo", "/settings?flow="),
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "api-expired", "RestartFlow", "-"),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "api-expired", "RestartFlow", "-"),
    ("kratos-0.11.1", "submitSelfServiceVerificationFlow", "code-passed-resend", "RestartFlow", "-"),
    ("kratos-26.2.0", "submitSelfServiceVerificationFlow", "code-passed-resend", "RestartFlow", "-"),
    (
        "kratos-26.2.0",
        "submitSelfServiceRecoveryFlow",
        "code-used",
        "RestartFlow",
        "c7323b3f-1bad-48e1-a9c3-fd2a7491525f",
    ),
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "api-unknown-user", "ShowFlow", "4000006"),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "api-unknown-user", "ShowFlow", "4000006"),
    ("kratos-0.11.1", "submitSelfServiceRegistrationFlow", "api-short-password", "ShowFlow", "4000005"),
    ("kratos-26.2.0", "submitSelfServiceRegistrationFlow", "api-short-password", "ShowFlow", "4000032"),
    ("kratos-0.11.1", "submitSelfServiceSettingsFlow", "password-short", "ShowFlow", "4000005"),
    ("kratos-26.2.0", "submitSelfServiceSettingsFlow", "profile-bad-trait", "ShowFlow", "4000040"),
    ("kratos-0.11.1", "submitSelfServiceRecoveryFlow", "code-bad-email", "ShowFlow", "4000001"),
    ("kratos-26.2.0", "submitSelfServiceVerificationFlow", "code-bad-email", "ShowFlow", "4000040"),
    ("hydra-2.0.3", "adminGetOAuth2LoginRequest", "rejected", "AlreadyUsed", "/oauth2/auth?client_id="),
    ("hydra-2.0.3", "adminGetOAuth2ConsentRequest", "rejected", "AlreadyUsed", "/oauth2/auth?client_id="),
    ("hydra-2.0.3", "adminGetOAuth2LogoutRequest", "finished", "AlreadyUsed", "/oauth2/sessions/logout?id_token_hint="),
    ("kratos-0.11.1", "getSelfServiceLoginFlow", "browser-expired", "Expired", "/self-service/login/browser"),
    ("kratos-26.2.0", "getSelfServiceLoginFlow", "browser-expired", "Expired", "/self-service/login/browser"),
    ("kratos-0.11.1", "getSelfServiceSettingsFlow", "browser-expired", "Expired", "/self-service/settings/browser"),
    ("kratos-0.11.1", "getSelfServiceRecoveryFlow", "api-expired", "Expired", ""),
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "browser-csrf-no-cookie", "NotAllowed", ""),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-csrf-no-cookie", "NotAllowed", ""),
    ("kratos-0.11.1", "getSelfServiceSettingsFlow", "browser-other-user", "NotAllowed", ""),
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "not-found", "NotFound", ""),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "not-found", "NotFound", ""),
    ("hydra-2.0.3", "adminGetOAuth2LoginRequest", "not-found", "NotFound", ""),
];

#[tokio::test]
async fn what_is_next_after_recorded_errors() {
    let stub = Stub::start().await;
    let all = recordings();
    for (server, operation, case, step, leads_to) in STEPS {
        let error = replay(&stub, &all, server, operation, case).await;
        let at = format!("{server} {operation} {case}");
        let next = error.next().unwrap_or_else(|| panic!("{at}: nothing: {error}"));
        assert_eq!(name(&next), *step, "{at}: {next:?}");
        let target = match &next {
            Next::StepUp { url } | Next::Reauthenticate { url } | Next::Expired { url, .. } => {
                url.as_ref().map(|url| url.as_str().to_owned())
            }
            Next::GoTo(url) | Next::AlreadyUsed { location: url } => Some(url.as_str().to_owned()),
            Next::RestartFlow { flow } => Some(flow.clone()),
            Next::ShowFlow(form) => form.all_messages().map(|message| message.id.to_string()).next(),
            _ => None,
        };
        assert_eq!(target.is_some(), !leads_to.is_empty(), "{at}: {target:?}");
        assert!(target.unwrap_or_default().contains(leads_to), "{at}: {next:?}");
    }
}

/// Steps of which there is no recording.
#[tokio::test]
async fn what_is_next_after_errors_of_other_servers() {
    let stub = Stub::start().await;
    let step = async |operation: &str, status: u16, body: Value| {
        stub.call(operation, Answer::json(status, &body)).await.unwrap_err().next()
    };
    // Kratos 26 says 400 in the body, and which flow it began.
    let verify = json!({"error": {"id": "session_verified_address_required", "code": 400, "details": {"continue_with": [
        {"action": "show_verification_ui", "flow": {"id": "v", "url": "https://a/v?flow=v"}}]}}});
    match step("toSession", 403, verify).await {
        Some(Next::VerifyAddress { flow: Some(flow), url: Some(url) }) => {
            assert_eq!((flow.as_str(), url.as_str()), ("v", "https://a/v?flow=v"));
        }
        other => panic!("{other:?}"),
    }
    // Before, a message says it.
    let flow = json!({"id": "f", "ui": {"messages": [{"id": 4_000_010, "type": "error", "text": "not verified"}]}});
    let next = step("submitSelfServiceLoginFlow", 400, flow).await;
    assert_eq!(next, Some(Next::VerifyAddress { flow: None, url: None }));
    // An expired challenge of Hydra 26; the same code of a token is only a bad token.
    let unauthorized = json!({"error": "request_unauthorized", "error_description": "The login request has expired."});
    let expired = Some(Next::Expired { since: None, url: None });
    assert_eq!(step("adminGetOAuth2LoginRequest", 401, unauthorized.clone()).await, expired);
    assert_eq!(step("adminAcceptOAuth2ConsentRequest", 401, unauthorized.clone()).await, expired);
    assert_eq!(step("getOidcUserInfo", 401, unauthorized).await, None);
    // An inactive identity gets nowhere by signing in again.
    let inactive = json!({"error": {"code": 401, "reason": "disabled", "details": {"identity_id": "i"}}});
    assert_eq!(step("submitSelfServiceLoginFlow", 401, inactive).await, Some(Next::NotAllowed));
    // Of an administrator's call a 401 means that the credential is wrong, not that a person has to sign in.
    assert_eq!(step("adminGetIdentity", 401, json!({"error": {"code": 401}})).await, None);
    assert_eq!(
        step("toSession", 429, json!({"error": {"id": "session_inactive"}})).await,
        Some(Next::Wait(Duration::from_secs(1)))
    );
    assert_eq!(step("toSession", 500, json!({"error": {"id": "session_inactive", "code": 401}})).await, None);
}

/// Every recorded error, by what a reader of its status and shape would do.
#[tokio::test]
async fn every_recorded_error_leads_where_its_status_says() {
    let stub = Stub::start().await;
    let mut counts: BTreeMap<(u16, &str), usize> = BTreeMap::new();
    for (server, recording) in recordings() {
        let status = recording.response.status;
        if status < 400 || stub::method(&recording.operation).is_none() {
            continue;
        }
        let error = stub.call(&recording.operation, recording.response.answer()).await.unwrap_err();
        let next = error.next();
        let step = next.as_ref().map_or("none", name);
        *counts.entry((status, step)).or_default() += 1;
        let is_flow = matches!(&recording.response.body, Some(Body::Json(body)) if body.get("ui").is_some());
        let right: &[&str] = match status {
            400 if is_flow => &["ShowFlow"],
            400 => &["none", "AlreadySignedIn", "RestartFlow"],
            401 if recording.operation.contains("OAuth2") || recording.operation.contains("Oidc") => &["none"],
            401 => &["SignIn"],
            403 => &["NotAllowed", "StepUp", "Reauthenticate"],
            404 => &["NotFound"],
            410 => &["AlreadyUsed", "Expired", "RestartFlow"],
            422 => &["GoTo"],
            _ => &["none"],
        };
        assert!(right.contains(&step), "{server} {} {}: {status} {next:?}", recording.operation, recording.case);
        if is_flow {
            types_agree(&recording.operation, &error);
        }
    }
    println!("{counts:?}");
    let steps = [
        "SignIn",
        "AlreadySignedIn",
        "StepUp",
        "Reauthenticate",
        "GoTo",
        "RestartFlow",
        "ShowFlow",
        "AlreadyUsed",
        "Expired",
        "NotAllowed",
        "NotFound",
    ];
    for step in steps {
        assert!(counts.keys().any(|(_, seen)| *seen == step), "{step} was never recorded");
    }
}

/// A flow that came as an error is its own type, with the same messages.
fn types_agree(operation: &str, error: &Error) {
    use ory_sdk::Flow;
    let form = match operation {
        "submitSelfServiceLoginFlow" => error.flow::<types::SelfServiceLoginFlow>().map(|flow| flow.form()),
        "submitSelfServiceRegistrationFlow" => {
            error.flow::<types::SelfServiceRegistrationFlow>().map(|flow| flow.form())
        }
        "submitSelfServiceSettingsFlow" => error.flow::<types::SelfServiceSettingsFlow>().map(|flow| flow.form()),
        "submitSelfServiceRecoveryFlow" => error.flow::<types::SelfServiceRecoveryFlow>().map(|flow| flow.form()),
        "submitSelfServiceVerificationFlow" => {
            error.flow::<types::SelfServiceVerificationFlow>().map(|flow| flow.form())
        }
        other => panic!("{other} answers with a flow"),
    };
    let ids = |form: &ory_sdk::Form| form.all_messages().map(|message| message.id).collect::<Vec<_>>();
    let (form, shown) = (form.unwrap(), error.form().unwrap());
    assert_eq!((form.id.as_str(), ids(&form)), (shown.id.as_str(), ids(&shown)), "{operation}");
}

/// A 200 that means "wrong code" is told from one that means success, on every version.
#[tokio::test]
async fn wrong_codes_are_told_from_right_ones() {
    use ory_sdk::Flow;
    let stub = Stub::start().await;
    let mut counts: BTreeMap<(String, String, bool), usize> = BTreeMap::new();
    for (server, recording) in recordings() {
        let kind = recording.operation.as_str();
        let is_one = ["submitSelfServiceRecoveryFlow", "submitSelfServiceVerificationFlow"].contains(&kind);
        if !is_one || recording.response.status != 200 {
            continue;
        }
        stub.next(recording.response.answer());
        let form = if kind == "submitSelfServiceRecoveryFlow" {
            let call = stub.client.submit_self_service_recovery_flow().flow("f").json_body(json!({}));
            call.send().await.unwrap().value().unwrap().form()
        } else {
            let call = stub.client.submit_self_service_verification_flow().flow("f").json_body(json!({}));
            call.send().await.unwrap().value().unwrap().form()
        };
        let wrong = recording.case.contains("wrong") && recording.case.contains("code");
        assert_eq!(form.is_rejected(), wrong, "{server} {kind} {}: {form:?}", recording.case);
        *counts.entry((server, kind.to_owned(), wrong)).or_default() += 1;
    }
    println!("{counts:?}");
    for server in ["kratos-0.11.1", "kratos-26.2.0"] {
        for kind in ["submitSelfServiceRecoveryFlow", "submitSelfServiceVerificationFlow"] {
            for wrong in [false, true] {
                assert!(counts.contains_key(&(server.to_owned(), kind.to_owned(), wrong)), "{server} {kind} {wrong}");
            }
        }
    }
}
