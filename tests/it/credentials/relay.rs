//! Cookies of responses and errors on their way to the user's browser.

use http::{HeaderMap, HeaderValue, header};
use ory_sdk::credentials::SetCookie;
use ory_sdk::flow::FlowKind;
use serde_json::json;

use crate::support::recording::{self, Recording};
use crate::support::server::Reply;
use crate::support::stub::Stub;

fn recorded(operation: &str, case: &str) -> Recording {
    let all = recording::own().into_iter().filter(|found| found.place.contains("/kratos-26.2.0."));
    let mut all = all.map(|found| found.recording.unwrap());
    all.find(|it| it.operation == operation && it.case == case).unwrap_or_else(|| panic!("no {operation} {case}"))
}

/// The `Set-Cookie` lines of a recording, as the server sent them.
fn lines(recording: &Recording) -> Vec<String> {
    let cookies = recording.response.headers().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    cookies.map(|(_, line)| line.to_owned()).collect()
}

/// The headers of a web service's own response.
fn own() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, HeaderValue::from_static("/login"));
    headers.insert(header::SET_COOKIE, HeaderValue::from_static("own=1; Path=/"));
    headers
}

/// Checks that only cookies were added: after the service's own cookie come those of Kratos, each in its own line.
fn check(at: &str, relayed: &HeaderMap, expected: &[String]) {
    let seen: Vec<&str> = relayed.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
    let mut all = vec!["own=1; Path=/"];
    all.extend(expected.iter().map(String::as_str));
    assert_eq!(seen, all, "{at}");
    assert_eq!(relayed.len(), all.len() + 1, "{at}");
    assert_eq!(relayed[header::LOCATION], "/login", "{at}");
    let mut cookies = relayed.get_all(header::SET_COOKIE).iter();
    assert!(!cookies.next().unwrap().is_sensitive(), "{at}");
    assert!(cookies.all(HeaderValue::is_sensitive), "{at}: no log shows a relayed cookie");
}

#[tokio::test]
async fn errors_relay_their_cookies() {
    let stub = Stub::start().await;
    for (operation, case, status, count) in [
        ("submitSelfServiceRecoveryFlow", "code-used", 400, 1),
        ("initializeSelfServiceLoginFlowForBrowsers", "return-to-forbidden", 400, 1),
        ("submitSelfServiceRecoveryFlow", "browser-csrf", 403, 1),
        ("submitSelfServiceLoginFlow", "browser-aal2-still-needed", 422, 2),
        ("submitSelfServiceLoginFlow", "browser-csrf", 403, 0),
    ] {
        let recording = recorded(operation, case);
        let expected = lines(&recording);
        let error = stub.call(operation, recording.response.reply()).await.unwrap_err();
        let at = format!("{operation} {case}");
        assert_eq!((error.status().unwrap().as_u16(), expected.len()), (status, count), "{at}");
        let mut headers = own();
        error.relay_to(&mut headers);
        check(&at, &headers, &expected);
        let cookies: Vec<SetCookie> = error.set_cookies().collect();
        assert!(cookies.iter().map(|cookie| cookie.line().expose()).eq(&expected), "{at}: {cookies:?}");
    }
}

/// A recorded form with status 400, with cookies from another recorded response.
#[tokio::test]
async fn a_form_with_400_relays_its_cookies() {
    let stub = Stub::start().await;
    let mut reply = recorded("submitSelfServiceLoginFlow", "api-unknown-user").response.reply();
    let expected = lines(&recorded("submitSelfServiceLoginFlow", "browser-ok"));
    assert_eq!((reply.status, expected.len()), (400, 2));
    reply.headers.extend(expected.iter().map(|line| ("Set-Cookie".to_owned(), line.clone())));
    let error = stub.call("submitSelfServiceLoginFlow", reply).await.unwrap_err();
    assert!(error.form().is_some());
    let mut headers = own();
    error.relay_to(&mut headers);
    check("a form", &headers, &expected);
    let names: Vec<String> = error.set_cookies().map(|cookie| cookie.name().to_owned()).collect();
    assert_eq!(names.iter().map(|name| name.split_at(10).0).collect::<Vec<_>>(), ["csrf_token", "ory_kratos"]);
}

#[tokio::test]
async fn responses_relay_their_cookies() {
    let stub = Stub::start().await;
    let recording = recorded("submitSelfServiceLoginFlow", "browser-ok");
    let expected = lines(&recording);
    assert_eq!(expected.len(), 2);
    stub.next(recording.response.reply());
    let response = stub.client.submit_flow(FlowKind::Login, "f").json_body(json!({})).await.unwrap();
    let mut headers = own();
    response.relay_to(&mut headers);
    check("a success", &headers, &expected);
    let cookies: Vec<SetCookie> = response.set_cookies().collect();
    assert!(cookies.iter().map(|cookie| cookie.line().expose()).eq(&expected), "{cookies:?}");

    // A line that names no cookie, or is not ASCII, is relayed unchanged.
    let odd = Reply::new(200, &[("Set-Cookie", "odd"), ("Set-Cookie", "ü=ü")], r#"{"session": {}}"#);
    stub.next(odd);
    let response = stub.client.submit_flow(FlowKind::Login, "f").json_body(json!({})).await.unwrap();
    let mut headers = HeaderMap::new();
    response.relay_to(&mut headers);
    let relayed: Vec<&[u8]> = headers.get_all(header::SET_COOKIE).iter().map(HeaderValue::as_bytes).collect();
    assert_eq!(relayed, [b"odd".as_slice(), "ü=ü".as_bytes()]);
}

/// An error without a response has nothing to relay.
#[tokio::test]
async fn without_a_response_nothing_is_relayed() {
    let client = ory_sdk::Client::builder().kratos_public_url("http://127.0.0.1:9").build().unwrap();
    let error = client.get_flow(FlowKind::Login, "f").header("a b", "").await.unwrap_err();
    assert_eq!(error.status(), None);
    let mut headers = own();
    error.relay_to(&mut headers);
    check("no response", &headers, &[]);
    assert_eq!(error.set_cookies().count(), 0);
}
