//! Responses of Kratos that the stand-in does not give, from a server that gives just those.

use axum::body::Body;
use http::{Method, Request};
use ory_sdk::Client;
use ory_sdk::flow::FlowKind;
use ory_sdk::http::Response;
use ory_sdk::retry::Retry;
use ory_sdk::web::pages::{PageAnswer, Pages};
use serde_json::{Value, json};

use crate::support::server::{Reply, Server};

const FLOW: &str = "0192f8a4-0000-7000-8000-000000000001";

fn pages(server: &Server) -> Pages {
    let client = Client::builder().kratos_public_url(server.url()).retry(Retry::off()).build().unwrap();
    Pages::builder(&client).public_url("https://app.example.org").build().unwrap()
}

pub fn request(method: Method, uri: &str) -> http::request::Parts {
    let form = "application/x-www-form-urlencoded";
    let request = Request::builder().method(method).uri(uri).header("content-type", form);
    request.header("cookie", "csrf_token_a=b; mine=c").body(Body::empty()).unwrap().into_parts().0
}

/// Kratos decides first, but what it allows is not what this service must allow.
#[tokio::test]
async fn whoever_is_signed_in_goes_to_a_configured_origin() {
    let error = json!({"error": {"id": "session_already_available", "code": 400, "message": "x"}});
    let server = Server::always(Reply::json(400, &error)).await;
    let client = Client::builder().kratos_public_url(server.url()).retry(Retry::off()).build().unwrap();
    let builder = Pages::builder(&client).public_url("https://app.example.org");
    let pages = builder.allow_return_to("https://shop.example.org").build().unwrap();
    for (wanted, to) in [
        ("https://shop.example.org/cart", "https://shop.example.org/cart"),
        ("http://shop.example.org/", "https://app.example.org/"),
        ("https://shop.example.org:8443/", "https://app.example.org/"),
        ("https://x.shop.example.org/", "https://app.example.org/"),
        ("https://evil.example/", "https://app.example.org/"),
    ] {
        let uri = format!("/login?return_to={wanted}");
        let answer = pages.get(FlowKind::Login, &request(Method::GET, &uri)).await;
        assert_eq!(location(&answer.draw(|_| unreachable!())), to);
    }
}

/// Submits a form to which Kratos gives this response.
async fn submit(kind: FlowKind, uri: &str, reply: Reply) -> (PageAnswer, Server) {
    let server = Server::always(reply).await;
    let answer = pages(&server).post(kind, &request(Method::POST, uri), "method=password&a=%2B+b").await;
    (answer, server)
}

fn with_cookies(mut reply: Reply) -> Reply {
    for name in ["csrf_token_a", "ory_kratos_session", "ory_kratos_continuity"] {
        reply
            .headers
            .push(("Set-Cookie".to_owned(), format!("{name}=x; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT")));
    }
    reply
}

fn flow(message: &str) -> Value {
    let messages = json!([{"id": 4_000_006, "type": message, "text": "x"}]);
    json!({"id": FLOW, "ui": {"action": "https://k/x", "method": "POST", "nodes": [], "messages": messages}})
}

fn location(response: &Response<String>) -> &str {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap()
}

#[tokio::test]
async fn each_cookie_line_of_each_outcome_stays_a_line() {
    let error = |id: &str, code: u16| json!({"error": {"id": id, "code": code, "message": "x", "reason": "x"}});
    let replies = [
        (200, json!({"session": {"id": FLOW}, "continue_with": null})),
        (200, flow("info")),
        (200, flow("error")),
        (400, flow("error")),
        (400, error("session_already_available", 400)),
        (403, error("security_csrf_violation", 403)),
        (401, error("session_inactive", 401)),
        (410, json!({"use_flow_id": FLOW, "error": {"id": "self_service_flow_expired", "code": 410, "message": "x"}})),
        (422, json!({"redirect_browser_to": "https://accounts.example.com/auth"})),
        (500, error("x", 500)),
    ];
    for (status, body) in replies {
        let reply = || with_cookies(Reply::json(status, &body));
        let (posted, server) = submit(FlowKind::Settings, &format!("/settings?flow={FLOW}"), reply()).await;
        let sent = server.seen()[0].clone();
        assert_eq!(sent.header("cookie"), Some("csrf_token_a=b"), "other cookies do not concern Kratos");
        assert_eq!(sent.text(), "method=password&a=%2B+b", "the body goes on as it came");
        let got =
            pages(&server).get(FlowKind::Settings, &request(Method::GET, &format!("/settings?flow={FLOW}"))).await;
        let new = pages(&server).get(FlowKind::Settings, &request(Method::GET, "/settings")).await;
        let mut answers = vec![posted];
        // Only flows are a success there.
        if status != 200 || body["ui"].is_object() {
            answers.extend([got, new]);
        }
        for answer in answers {
            assert!(!format!("{answer:?}").contains(FLOW), "{answer:?}");
            let response = answer.draw(|_| String::new());
            let lines: Vec<&str> =
                response.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
            assert_eq!(lines.len(), 3, "{status} {body}: {lines:?}");
            assert!(lines.iter().all(|line| line.ends_with("Expires=Thu, 01 Jan 2099 00:00:00 GMT")));
            assert_eq!(response.headers()["cache-control"], "no-store");
            assert!(
                !format!("{response:?}").contains(FLOW) && !format!("{response:?}").contains("=x;"),
                "{response:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_registration_goes_on_with_the_verification() {
    let url = format!("https://auth.example.org/verification?flow={FLOW}");
    let verification = json!({"action": "show_verification_ui", "flow": {"id": FLOW, "url": url}});
    let orders = json!({"action": "redirect_browser_to", "redirect_browser_to": "https://app.example.org/orders"});
    // Kratos 26 lists the verification after the end of it all.
    for next in [json!([verification]), json!([verification, orders]), json!([orders, verification])] {
        let body = json!({"session": {"id": FLOW}, "identity": {"id": FLOW}, "continue_with": next});
        let uri = format!("/registration?flow={FLOW}&return_to=/orders");
        let (answer, _server) = submit(FlowKind::Registration, &uri, Reply::json(200, &body)).await;
        let response = answer.draw(|_| unreachable!());
        let page = format!("https://app.example.org/verification?flow={FLOW}");
        assert_eq!(location(&response), format!("{page}&return_to=https%3A%2F%2Fapp.example.org%2Forders"));
    }
}

#[tokio::test]
async fn an_old_server_does_not_say_where_to_go() {
    for (query, to) in [("", "/"), ("&return_to=/orders", "/orders"), ("&return_to=https://evil.example", "/")] {
        let body = json!({"session": {"id": FLOW}});
        let (answer, _server) =
            submit(FlowKind::Login, &format!("/login?flow={FLOW}{query}"), Reply::json(200, &body)).await;
        assert_eq!(location(&answer.draw(|_| unreachable!())), format!("https://app.example.org{to}"));
    }
}

#[tokio::test]
async fn a_redirect_leads_where_kratos_says() {
    let there = "https://accounts.example.com/auth?client_id=x&state=y";
    let body = json!({"redirect_browser_to": there, "error": {"id": "browser_location_change_required", "code": 422}});
    let json = format!("http://kratos:4433/self-service/recovery/flows?id={FLOW}");
    let page = format!("https://app.example.org/recovery?flow={FLOW}");
    for (reply, to) in [
        (Reply::json(422, &body), there),
        (Reply::new(303, &[("Location", there)], ""), there),
        (Reply::new(303, &[("Location", &json)], ""), &page),
    ] {
        let (answer, _server) = submit(FlowKind::Recovery, &format!("/recovery?flow={FLOW}"), reply).await;
        assert_eq!(location(&answer.draw(|_| unreachable!())), to);
    }
    let strange = json!({"redirect_browser_to": "https://a.example/\r\nSet-Cookie: evil=1"});
    let (answer, _server) = submit(FlowKind::Login, &format!("/login?flow={FLOW}"), Reply::json(422, &strange)).await;
    let response = answer.draw(|_| unreachable!());
    assert!(!response.headers().contains_key("set-cookie"));
}

#[tokio::test]
async fn an_address_that_must_be_verified_first() {
    // Kratos 26.
    let next = json!([{"action": "show_verification_ui", "flow": {"id": FLOW, "url": "https://k/verification"}}]);
    let error = json!({"id": "session_verified_address_required", "code": 403, "message": "x",
        "details": {"continue_with": next}});
    let uri = format!("/login?flow={FLOW}");
    let (answer, _server) = submit(FlowKind::Login, &uri, Reply::json(403, &json!({"error": error}))).await;
    let page = format!("https://app.example.org/verification?flow={FLOW}");
    assert_eq!(location(&answer.draw(|_| unreachable!())), page);
    // Before that, a message of the form.
    let mut form = flow("error");
    form["ui"]["messages"][0]["id"] = json!(4_000_010);
    let (answer, _server) = submit(FlowKind::Login, &uri, Reply::json(400, &form)).await;
    let response = answer.draw(|form| format!("{} messages", form.messages.len()));
    assert_eq!((response.status().as_u16(), response.body().as_str()), (400, "1 messages"));
}

#[tokio::test]
async fn what_a_page_is_asked_for_is_what_the_contract_knows() {
    let server = Server::always(Reply::json(200, &flow("info"))).await;
    let query = "aal=aal2&refresh=true&login_challenge=c%26d&via=a%40b&organization=o&identity_schema=s&skip_settings=true&\
                 after_verification_return_to=v&return_to=/x&id=evil&aal=aal1&code=1&empty=";
    let asked = async |kind: FlowKind| {
        pages(&server).get(kind, &request(Method::GET, &format!("/{kind}?{query}"))).await;
        let seen = server.seen().pop().unwrap();
        let url = url::Url::parse(&format!("http://k{}", seen.target)).unwrap();
        assert_eq!(url.path(), format!("/self-service/{kind}/browser"));
        let mut pairs: Vec<String> = url.query_pairs().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.sort();
        pairs.join(" ")
    };
    let back = "return_to=https://app.example.org/x";
    let login = format!("aal=aal2 identity_schema=s login_challenge=c&d organization=o refresh=true {back} via=a@b");
    assert_eq!(asked(FlowKind::Login).await, login);
    let registration =
        format!("after_verification_return_to=v identity_schema=s login_challenge=c&d organization=o {back} via=a@b");
    assert_eq!(asked(FlowKind::Registration).await, registration);
    assert_eq!(asked(FlowKind::Settings).await, format!("organization=o {back}"));
    assert_eq!(asked(FlowKind::Recovery).await, format!("{back} skip_settings=true"));
    assert_eq!(asked(FlowKind::Verification).await, back);
}
