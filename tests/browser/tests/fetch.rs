//! Calls through `fetch`, in Node.js: against a server on this machine, and against a `fetch` that the test replaces.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::time::Duration;

use ory_sdk::credentials::{TokenFuture, TokenProvider};
use ory_sdk::retry::Retry;
use ory_sdk::{Client, ClientBuilder, ErrorKind, Secret, types};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// Runs JavaScript and returns what it results in, as JSON.
fn js(code: &str) -> Value {
    let result = js_sys::eval(code).unwrap();
    let text = js_sys::JSON::stringify(&result).ok().and_then(|text| text.as_string());
    text.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
}

/// Replaces `fetch`. The body of the function has the request in `request` and returns a response. The requests are kept in
/// `globalThis.seen`.
fn replace_fetch(body: &str) {
    js(&format!(
        "globalThis.real ??= globalThis.fetch;
         globalThis.seen = [];
         globalThis.fetch = async request => {{
            globalThis.seen.push({{
                url: request.url, method: request.method, credentials: request.credentials,
                headers: Object.fromEntries(request.headers), body: await request.clone().text(),
            }});
            const response = await (async () => {{ {body} }})();
            return Object.defineProperty(response, 'url', {{value: request.url}});
         }}; null"
    ));
}

fn seen() -> Vec<Value> {
    js("globalThis.seen").as_array().unwrap().clone()
}

fn builder() -> ClientBuilder {
    Client::builder().kratos_public_url("https://auth.example.org").kratos_admin_url("https://admin.example.org")
}

const SESSION: &str = r#"return new Response('{"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","active":true}', {
    headers: {"content-type": "application/json"}});"#;

/// One test, since `fetch` and the server are the same for all.
#[wasm_bindgen_test]
async fn everything() {
    sends_the_browsers_cookies().await;
    sends_bodies_and_reads_errors().await;
    works_where_requests_have_no_credentials().await;
    silence_ends().await;
    waits_and_tries_again().await;
    limits_hold().await;
    a_network_that_is_down().await;
    a_token_provider_that_waits().await;
    lists_are_walked().await;
    a_real_server().await;
}

async fn sends_the_browsers_cookies() {
    replace_fetch(SESSION);
    let session = builder().build().unwrap().to_session().await.unwrap();
    assert_eq!(session.active, Some(true));
    let [request] = &seen()[..] else { panic!("{:?}", seen()) };
    assert_eq!(request["url"], "https://auth.example.org/sessions/whoami");
    assert_eq!((&request["credentials"], &request["method"]), (&json!("include"), &json!("GET")));
    // A header that a server of another origin would have to allow first is not sent.
    assert_eq!(request["headers"], json!({"accept": "application/json"}));

    replace_fetch(SESSION);
    builder().user_agent("app/1").build().unwrap().to_session().await.unwrap();
    assert_eq!(seen()[0]["headers"]["user-agent"], "app/1");
}

async fn sends_bodies_and_reads_errors() {
    replace_fetch(
        r#"return new Response('{"ui": {"nodes": [], "action": "x", "method": "POST"}, "id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"}',
            {status: 400, headers: {"content-type": "application/json"}});"#,
    );
    let body = types::SubmitSelfServiceLoginFlowWithPasswordMethodBody::builder()
        .identifier("jane@example.org")
        .password("correct horse")
        .csrf_token("token")
        .build()
        .unwrap();
    let call = builder().build().unwrap().submit_self_service_login_flow().flow("flow").body(body);
    let error = call.await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    let sent: Value = serde_json::from_str(seen()[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(sent["identifier"], "jane@example.org");
}

/// Workers at the edge have no cookies, and refuse a request with `credentials`.
async fn works_where_requests_have_no_credentials() {
    js("globalThis.Browsers = globalThis.Request;
        globalThis.Request = class extends Browsers {
            constructor(url, init) { if (init?.credentials) throw new Error('not implemented'); super(url, init); }
        }; null");
    replace_fetch(SESSION);
    let result = builder().build().unwrap().to_session().await;
    js("globalThis.Request = globalThis.Browsers; null");
    assert_eq!(result.unwrap().active, Some(true));
    assert_eq!(seen().len(), 1);
}

async fn silence_ends() {
    replace_fetch(
        "return new Promise((_, refuse) => request.signal.addEventListener('abort', () => refuse(request.signal.reason)));",
    );
    let client = builder().retry(Retry::off()).stall_timeout(Duration::from_millis(50)).build().unwrap();
    let error = client.to_session().await.unwrap_err();
    assert!(error.is_timeout() && error.kind() == ErrorKind::Transport, "{error}");
    assert!(error.to_string().contains("silent for 50ms"), "{error}");

    let client = builder().retry(Retry::off()).build().unwrap();
    let error = client.to_session().timeout(Duration::from_millis(50)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    // A limit beyond what `setTimeout` can count is none.
    replace_fetch(SESSION);
    client.to_session().timeout(Duration::MAX).stall_timeout(Duration::MAX).await.unwrap();
}

async fn waits_and_tries_again() {
    replace_fetch(&format!("if (globalThis.seen.length < 3) return new Response('', {{status: 503}}); {SESSION}"));
    let retry = Retry::new().first_wait(Duration::from_millis(5));
    let session = builder().retry(retry).build().unwrap().to_session().await.unwrap();
    assert_eq!((session.active, seen().len()), (Some(true), 3));
}

async fn limits_hold() {
    replace_fetch("return new Response('x'.repeat(1000));");
    let client = builder().success_limit(100).build().unwrap();
    let error = client.to_session().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);

    replace_fetch("return new Response('x'.repeat(1000), {status: 404});");
    let client = builder().error_limit(100).build().unwrap();
    assert_eq!(client.to_session().await.unwrap_err().body().len(), 100);
}

async fn a_network_that_is_down() {
    replace_fetch("throw new TypeError('Failed to fetch');");
    let client = builder().retry(Retry::new().first_wait(Duration::from_millis(1))).build().unwrap();
    let error = client.to_session().await.unwrap_err();
    assert_eq!((error.kind(), error.tries(), error.is_connect()), (ErrorKind::Transport, 3, false));
    assert!(error.to_string().contains("Failed to fetch"), "{error}");
    // Nobody knows whether it was sent.
    let error = client.admin_create_identity().json_body(json!({"schema_id": "x", "traits": {}})).await.unwrap_err();
    assert_eq!((error.tries(), error.outcome_unknown()), (1, true));
}

async fn a_token_provider_that_waits() {
    struct Timer;
    impl TokenProvider for Timer {
        fn token(&self, _: Option<&Secret>) -> TokenFuture<'_> {
            // What JavaScript owns is not `Send`.
            let done = js_sys::eval("({done: false})").unwrap();
            Box::pin(async move {
                let token = JsValue::from_str("from-a-vault");
                drop(done);
                Ok(Secret::from(token.as_string().unwrap()))
            })
        }
    }
    replace_fetch("return new Response('[]', {headers: {'content-type': 'application/json'}});");
    let client = builder().access_token_provider(Timer).build().unwrap();
    assert!(client.admin_list_identities().await.unwrap().is_empty());
    assert_eq!(seen()[0]["headers"]["authorization"], "Bearer from-a-vault");
}

async fn lists_are_walked() {
    replace_fetch(
        r#"const page = new URL(request.url).searchParams.get("page_token");
        const link = page ? {} : {link: '<https://x/admin/identities?page_token=next>; rel="next"'};
        const id = page ? "6ba7b811-9dad-11d1-80b4-00c04fd430c8" : "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
        return new Response(JSON.stringify([{id}]), {headers: {"content-type": "application/json", ...link}});"#,
    );
    let mut rows = builder().build().unwrap().admin_list_identities().by_item();
    let mut count = 0;
    while let Some(row) = rows.next().await {
        row.unwrap();
        count += 1;
    }
    assert_eq!((count, seen().len()), (2, 2));
}

/// A server in the same process: a redirect that `fetch` follows, and a body in two parts.
async fn a_real_server() {
    js("globalThis.fetch = globalThis.real;
        globalThis.url = null;
        const server = process.getBuiltinModule('node:http').createServer((request, response) => {
            if (request.url === '/sessions/whoami') { response.writeHead(302, {location: '/elsewhere'}).end(); return; }
            response.writeHead(200, {'content-type': 'application/json'});
            response.write('{\"id\":\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\",');
            setTimeout(() => response.end('\"active\":true}'), 20);
        });
        server.listen(0, '127.0.0.1', () => { globalThis.url = `http://127.0.0.1:${server.address().port}`; });
        server.unref(); null");
    let url = loop {
        if let Some(url) = js("globalThis.url").as_str() {
            break url.to_owned();
        }
        pause().await;
    };
    let client = Client::builder().kratos_public_url(url).build().unwrap();
    assert_eq!(client.to_session().await.unwrap().active, Some(true));
}

/// Lets JavaScript run, by a call that needs a moment.
async fn pause() {
    let client = builder().retry(Retry::off()).stall_timeout(Duration::from_millis(5)).build().unwrap();
    let mut call: Pin<&mut dyn Future<Output = _>> = pin!(client.to_session().send());
    let _ = poll_fn(|context| call.as_mut().poll(context)).await;
}
