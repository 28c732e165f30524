//! Every recorded response of a real Kratos, and what a page makes of it.

use std::collections::BTreeMap;

use http::Method;
use ory_sdk::Client;
use ory_sdk::flow::FlowKind;
use ory_sdk::retry::Retry;
use ory_sdk::web::pages::{PageAnswer, Pages};

use super::relayed::request;
use crate::support::recording::{self, Recording};
use crate::support::server::Server;

const FLOW: &str = "0192f8a4-0000-7000-8000-000000000001";

/// The page that makes the call of a recording: its kind, and the method and query of its request.
fn page(recording: &Recording) -> Option<(FlowKind, Method, &'static str)> {
    let wanted = |header: &str| recording.request.header(header).unwrap_or_default().contains("json");
    let path = recording.request.path.split('?').next()?;
    let (kind, rest) = path.strip_prefix("/self-service/")?.split_once('/').unwrap_or((path.rsplit('/').next()?, ""));
    let kind = kind.parse().ok()?;
    match (recording.request.method.as_str(), rest) {
        ("GET", "browser") if wanted("accept") => Some((kind, Method::GET, "return_to=/orders")),
        ("GET", "flows") => Some((kind, Method::GET, "flow=FLOW&return_to=/orders")),
        // A page for a browser is no response to this crate, which asks for JSON.
        ("POST", "") if wanted("accept") || wanted("content-type") => {
            Some((kind, Method::POST, "flow=FLOW&return_to=/orders"))
        }
        _ => None,
    }
}

async fn answer(recording: &Recording) -> Option<(FlowKind, PageAnswer)> {
    let (kind, method, query) = page(recording)?;
    let server = Server::always(recording.response.reply()).await;
    let client = Client::builder().kratos_public_url(server.url()).retry(Retry::off()).build().unwrap();
    let pages = Pages::builder(&client).public_url("https://app.example.org").build().unwrap();
    let request = request(method.clone(), &format!("/{kind}?{}", query.replace("FLOW", FLOW)));
    let answer = match method {
        Method::POST => pages.post(kind, &request, "method=password").await,
        _ => pages.get(kind, &request).await,
    };
    Some((kind, answer))
}

/// What the browser sees.
fn outcome(response: &http::Response<String>) -> String {
    let location = response.headers().get("location").map(|location| location.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let Some(location) = location else { return format!("{status} {}", response.body().lines().next().unwrap()) };
    // The time of the restart and the ids of flows differ.
    let url = url::Url::parse(&location).unwrap();
    let pairs = url.query_pairs().map(|(name, value)| match &*name {
        "again" | "flow" => format!("{name}="),
        _ => format!("{name}={value}"),
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    let page = location.split('?').next().unwrap();
    format!("{status} {page}{}{query}", if query.is_empty() { "" } else { "?" }).replace("https://app.example.org", "")
}

/// Recorded responses, and what the browser sees then: the server, the operation, the case. The page has `return_to=/orders`.
const SEEN: &[(&str, &str, &str, &str)] = &[
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "ok", "303 /login?flow=&return_to=/orders"),
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "session-present", "303 /orders"),
    ("kratos-0.11.1", "initializeSelfServiceLoginFlowForBrowsers", "session-present", "303 /orders"),
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "return-to-forbidden", "303 /login?again="),
    (
        "kratos-26.2.0",
        "initializeSelfServiceLoginFlowForBrowsers",
        "aal2-no-session",
        "303 /login?return_to=/orders&again=",
    ),
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "bad-challenge", "503 <!doctype html>"),
    ("kratos-26.2.0", "getSelfServiceLoginFlow", "browser-expired", "303 /login?return_to=/orders&again="),
    ("kratos-0.11.1", "getSelfServiceSettingsFlow", "other-user", "303 /settings?return_to=/orders&again="),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-wrong-password", "400 [4000006]"),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-code-sent", "303 /login?flow=&return_to=/orders"),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-return-to", "303 http://127.0.0.1:4455/back?a=b"),
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "browser-ok", "303 /orders"),
    (
        "kratos-26.2.0",
        "submitSelfServiceLoginFlow",
        "browser-aal2-still-needed",
        "303 /login?aal=aal2&return_to=/orders",
    ),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-expired", "303 /login?flow=&return_to=/orders&again="),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-csrf", "303 /login?return_to=/orders&again="),
    ("kratos-26.2.0", "submitSelfServiceRegistrationFlow", "browser-conflict", "400 [4000007]"),
    (
        "kratos-26.2.0",
        "submitSelfServiceRegistrationFlow",
        "browser-two-steps-profile",
        "303 /registration?flow=&return_to=/orders",
    ),
    ("kratos-1.3.1", "submitSelfServiceRegistrationFlow", "hook-ways", "303 /verification?flow=&return_to=/orders"),
    ("kratos-1.3.1", "submitSelfServiceRegistrationFlow", "hook-inactive", "403 <!doctype html>"),
    ("kratos-0.11.1", "submitSelfServiceRecoveryFlow", "browser-code-ok", "303 http://127.0.0.1:4455/settings?flow="),
    ("kratos-26.2.0", "submitSelfServiceRecoveryFlow", "browser-code-ok", "303 /settings?flow=&return_to=/orders"),
    ("kratos-26.2.0", "submitSelfServiceRecoveryFlow", "browser-code-wrong", "200 [4060006]"),
    ("kratos-26.2.0", "submitSelfServiceRecoveryFlow", "browser-expired", "303 /recovery?flow=&return_to=/orders"),
    ("kratos-26.2.0", "submitSelfServiceRecoveryFlow", "code-used", "303 /recovery?flow=&return_to=/orders&again="),
    (
        "kratos-26.2.0",
        "submitSelfServiceVerificationFlow",
        "code-passed-resend",
        "303 /verification?flow=&return_to=/orders&again=",
    ),
    ("kratos-0.11.1", "submitSelfServiceSettingsFlow", "browser-profile-ok", "303 /settings?flow=&return_to=/orders"),
];

#[tokio::test]
async fn every_recorded_response_becomes_a_page() {
    let (mut seen, mut count) = (Vec::new(), BTreeMap::new());
    for found in recording::own() {
        let recording = found.recording.unwrap();
        let Some((_, answer)) = answer(&recording).await else { continue };
        let place = format!("{} {} {}", found.place, recording.operation, recording.case);
        let response = answer.draw(|form| format!("{:?}", form.all_messages().map(|it| it.id).collect::<Vec<_>>()));
        let (status, recorded) = (response.status().as_u16(), recording.response.status);
        *count.entry(status).or_insert(0) += 1;
        match status {
            200 => assert_eq!(recorded, 200, "{place}"),
            // An outage is one in the recording too, and never becomes anything else.
            503 => assert!(recorded >= 500, "{place}"),
            400 | 403 => assert!((400..500).contains(&recorded), "{place}: {status}"),
            303 => assert!(recorded < 500, "{place}"),
            _ => panic!("{place}: {status}"),
        }
        assert_eq!(recorded >= 500, status == 503, "{place}");
        // Nothing of what Kratos sets is lost, merged or reordered.
        let lines: Vec<&str> = response.headers().get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
        let set = recording.response.headers().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        assert_eq!(lines, set.map(|(_, line)| line).collect::<Vec<_>>(), "{place}");
        assert_eq!(response.headers()["cache-control"], "no-store", "{place}");
        if let Some(location) = response.headers().get("location").map(|it| it.to_str().unwrap()) {
            let reply = recording.response.reply();
            let said =
                format!("{:?} {}", reply.headers, String::from_utf8(reply.body).unwrap().replace("\\u0026", "&"));
            let is_own = location.starts_with("https://app.example.org/");
            assert!(is_own || said.contains(location), "{place}: {location}");
            assert!(!location.split('?').next().unwrap().contains("/self-service/"), "{place}: {location}");
        }
        let server = found.place.rsplit('/').next().unwrap().split('.').take(3).collect::<Vec<_>>().join(".");
        seen.push((server, recording.operation, recording.case, outcome(&response)));
    }
    for (server, operation, case, expected) in SEEN {
        let is_it = |row: &&(String, String, String, String)| {
            row.0.starts_with(server) && row.1 == *operation && row.2 == *case
        };
        let found = seen.iter().find(is_it).unwrap_or_else(|| panic!("{server} {operation} {case} is not recorded"));
        assert_eq!(found.3, *expected, "{server} {operation} {case}");
    }
    assert!(count.values().sum::<usize>() > 450, "{count:?}");
}
