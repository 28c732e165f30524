//! Every operation, sent with a secret in every argument to a server that responds with secrets.

use std::sync::{Arc, Mutex};

use ory_sdk::flow::Form;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, Error, ErrorKind};
use serde_json::{Value, json};

use super::marked::Marked;
use super::types::spoiled;
use super::{SECRET, chain, hidden, panic_of};
use crate::support::dispatch::{self, Called, Given, shown};
use crate::support::server::{Reply, Server};
use crate::support::spec::{Operation, Spec};

/// A server with a configurable response, and a client with a secret in every credential.
struct Calls {
    client: Client,
    next: Arc<Mutex<Reply>>,
    _server: Server,
}

impl Calls {
    async fn start() -> Self {
        let next = Arc::new(Mutex::new(Reply::new(500, &[], "")));
        let responses = Arc::clone(&next);
        let server = Server::start(move |_| responses.lock().unwrap().clone()).await;
        Self { client: client(&server.url()), next, _server: server }
    }

    /// Sends an operation and checks that neither its builder nor its success or error shows a secret.
    async fn send(&self, method: &str, response: Reply) -> Result<dispatch::Success, Error> {
        let response = self.send_spoiled(method, response).await;
        if let Ok(success) = &response {
            hidden(method, &success.shown);
        }
        response
    }

    /// Like `send`, but does not check successes: `spoiled` puts secrets where `Debug` may show them.
    async fn send_spoiled(&self, method: &str, response: Reply) -> Result<dispatch::Success, Error> {
        *self.next.lock().unwrap() = response;
        let Called { builder, response } = dispatch::call_with(&self.client, method, &given()).await.unwrap();
        hidden(method, &builder);
        if let Err(error) = &response {
            hidden(method, &everything(error));
        }
        response
    }
}

pub fn client(url: &str) -> Client {
    let client = Client::builder()
        .kratos_public_url(url)
        .kratos_admin_url(url)
        .hydra_public_url(url)
        .hydra_admin_url(url)
        .keto_read_url(url)
        .keto_write_url(url)
        .keto_opl_url(url)
        .named_endpoint("api_keys", url)
        .console_url(url)
        .console_token(SECRET)
        .access_token(SECRET)
        .retry(Retry::off())
        .build()
        .unwrap();
    let client = client.with_session_token(SECRET).with_client_credentials("client", SECRET);
    client.with_oauth2_token(SECRET).with_registration_token(SECRET)
}

fn given() -> Given {
    let pair = |name: &str| vec![(name.to_owned(), SECRET.to_owned())];
    Given {
        text: SECRET.to_owned(),
        query: pair("more"),
        headers: pair("X-More"),
        json: Some(json!({SECRET: SECRET})),
        ..Given::default()
    }
}

/// Everything that an error and its accessors can print.
pub fn everything(error: &Error) -> Vec<String> {
    let mut all = chain(error);
    all.extend(shown(&error.next_step()));
    all.extend(shown(&error.form()));
    all.extend(shown(&(error.id(), error.oauth2_error(), error.rate_limit(), error.kind())));
    all
}

/// The status and schema of an operation's success, if that is JSON.
fn success<'a>(spec: &'a Spec, operation: &Operation<'a>) -> Option<(u16, &'a Value)> {
    let responses = operation.raw["responses"].as_object().unwrap();
    responses.iter().filter(|(status, _)| status.starts_with('2')).find_map(|(status, response)| {
        let schema = spec.resolve(response).get("content")?.get("application/json")?.get("schema")?;
        Some((status.parse().unwrap(), schema))
    })
}

const HEADERS: [(&str, &str); 4] = [
    ("Set-Cookie", "ory_kratos_session=hunter2; Path=/"),
    ("Location", "https://host.example/path?code=hunter2"),
    ("X-Session-Token", "hunter2"),
    ("Content-Type", "application/json"),
];

#[tokio::test]
async fn no_success_shows_a_secret() {
    let (spec, calls) = (Spec::load(), Calls::start().await);
    let mut decoded = 0;
    for operation in compiled(&spec) {
        let (status, bodies) = match success(&spec, &operation.of) {
            Some((status, schema)) => (status, Marked::new(&spec).each(schema).iter().map(Value::to_string).collect()),
            None => (200, vec![format!("https://host.example/path?code={SECRET}")]),
        };
        for body in bodies {
            let response = calls.send(operation.name, Reply::new(status, &HEADERS, body)).await;
            response.unwrap_or_else(|error| panic!("{error}"));
            decoded += 1;
        }
    }
    assert!(decoded >= ory_sdk::contract::operations().len());
}

#[tokio::test]
async fn no_redirect_shows_a_secret() {
    let (spec, calls) = (Spec::load(), Calls::start().await);
    let mut values = 0;
    for operation in compiled(&spec) {
        for status in [301, 302, 303, 307, 308] {
            let response = calls.send(operation.name, Reply::new(status, &HEADERS, SECRET)).await;
            match response {
                Ok(success) => {
                    assert!(success.location.unwrap().contains(SECRET));
                    values += 1;
                }
                Err(error) => assert_eq!(error.kind(), ErrorKind::Redirect),
            }
        }
    }
    assert!(values > 0);
}

/// Gives each value in each response the wrong type in turn. Decode errors must not quote it.
#[tokio::test]
async fn no_response_that_cannot_be_decoded_shows_a_secret() {
    let (spec, calls) = (Spec::load(), Calls::start().await);
    let (mut refused, mut seen) = (0, Vec::new());
    for operation in compiled(&spec) {
        let Some((status, schema)) = success(&spec, &operation.of) else { continue };
        // One operation per type is enough.
        if seen.contains(&schema) {
            continue;
        }
        seen.push(schema);
        let whole = Marked::known(&spec).value(schema);
        let mut bodies: Vec<String> = spoiled(&whole).iter().map(Value::to_string).collect();
        let text = whole.to_string();
        bodies.extend([text[..text.len() / 2].to_owned(), format!("{text}{text}"), format!("<p>{SECRET}</p>")]);
        for body in bodies {
            if let Err(error) = calls.send_spoiled(operation.name, Reply::new(status, &HEADERS, body)).await {
                assert_eq!(error.kind(), ErrorKind::Decode);
                refused += 1;
            }
        }
    }
    println!("{refused} responses refused");
    assert!(refused > 1000, "only {refused} were refused");
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let (spec, calls) = (Spec::load(), Calls::start().await);
    let url = format!("https://{SECRET}:{SECRET}@host.example/path?code={SECRET}#{SECRET}");
    let mut bodies: Vec<String> = Vec::new();
    for id in [
        "",
        "session_aal2_required",
        "session_refresh_required",
        "session_verified_address_required",
        "browser_location_change_required",
        "self_service_flow_expired",
    ] {
        let places = json!({"redirect_browser_to": url, "redirect_to": url, "hint": SECRET, "return_to": url});
        let mut error = json!({
            "error": {"id": id, "reason": format!("Not {url} again."), "message": url, "debug": SECRET, "details": places},
            "redirect_browser_to": url, "redirect_to": url, "error_debug": SECRET, SECRET: SECRET,
            "continue_with": [{"action": "show_verification_ui", "flow": {"id": "f", "url": url}}],
        });
        bodies.push(error.to_string());
        error["error"] = json!("invalid_grant");
        error["error_description"] = json!(format!("Not\n{url}"));
        bodies.push(error.to_string());
    }
    let flow = flow(&spec);
    bodies.extend([flow.to_string(), format!("<html>{SECRET}</html>"), SECRET.to_owned(), format!("\"{SECRET}\"")]);
    for operation in compiled(&spec) {
        // How an error is read depends on the area and on the kind of challenge, so these four get every body.
        let every = ["to_session", "admin_get_identity", "admin_get_oauth2_login_request", "list_projects"];
        let (bodies, statuses): (_, &[u16]) = match every.contains(&operation.name) {
            true => (&bodies[..], &[400, 401, 403, 404, 409, 410, 422, 429, 500, 503]),
            false => (&bodies[..1], &[400]),
        };
        for body in bodies {
            for status in statuses {
                let response = calls.send(operation.name, Reply::new(*status, &HEADERS, body.clone())).await;
                assert_eq!(response.unwrap_err().kind(), ErrorKind::Api);
            }
        }
    }
    // Proves that the form of the flow was checked.
    let response = calls.send("to_session", Reply::new(400, &HEADERS, flow.to_string())).await;
    let form = response.unwrap_err().form().unwrap();
    assert!(form.nodes.len() > 3 && form == Form::of(&flow));
}

/// A flow with a node of each kind.
fn flow(spec: &Spec) -> Value {
    let mut marked = Marked::known(spec);
    let mut flow = marked.value(&spec.schemas()["selfServiceLoginFlow"]);
    let node = flow["ui"]["nodes"][0].clone();
    let nodes = marked.each(&spec.schemas()["uiNodeAttributes"]).into_iter().map(|attributes| {
        let mut node = node.clone();
        node["attributes"] = attributes;
        node
    });
    flow["ui"]["nodes"] = nodes.collect();
    flow
}

#[tokio::test]
async fn no_unwrapped_result_shows_a_secret_in_its_panic() {
    let (spec, calls) = (Spec::load(), Calls::start().await);
    let session = Marked::new(&spec).value(&spec.schemas()["session"]);
    *calls.next.lock().unwrap() = Reply::new(200, &HEADERS, session.to_string());
    let success = calls.client.to_session().send().await;
    hidden("a session", &[panic_of(move || drop(success.unwrap_err()))]);
    *calls.next.lock().unwrap() = Reply::new(200, &HEADERS, json!({"id": SECRET}).to_string());
    let error = calls.client.to_session().send().await;
    hidden("no session", &[panic_of(move || drop(error.unwrap()))]);
}

#[tokio::test]
async fn no_broken_connection_shows_a_secret() {
    // A port that refuses connections, one that closes them, and one that never responds.
    let refusing = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let breaking = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let breaks = breaking.local_addr().unwrap();
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = breaking.accept().await {
            drop(stream);
        }
    });
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    for address in [refusing, breaks, silent.local_addr().unwrap()] {
        let client = client(&format!("http://{address}"));
        let call = client.admin_get_oauth2_login_request().login_challenge(SECRET);
        hidden("the builder", &shown(&call));
        let error = call.timeout(std::time::Duration::from_millis(300)).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        let chain = chain(&error);
        assert!(chain.len() > 3, "a chain of sources: {chain:?}");
        hidden("a broken connection", &chain);
    }
    task.abort();
}

/// An operation of the contract with the name of its client method.
struct Compiled<'a> {
    name: &'static str,
    of: Operation<'a>,
}

fn compiled(spec: &Spec) -> Vec<Compiled<'_>> {
    let mut all = spec.operations();
    let operations = ory_sdk::contract::operations().iter().map(|operation| {
        let at = all.iter().position(|known| known.id == operation.id).unwrap();
        Compiled { name: operation.name, of: all.swap_remove(at) }
    });
    operations.collect()
}
