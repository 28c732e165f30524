//! A service with pages of its own for login, registration, settings, recovery and verification.
//!
//! ```text
//! cargo run --example login_pages
//! cargo run --example login_pages -- http://127.0.0.1:4433
//! ```
//!
//! Without an argument, it starts a stand-in for Kratos and visits itself as a browser would. With the URL of a Kratos, it
//! serves the pages at <http://127.0.0.1:4455/login>.

mod visit;

use std::error::Error;

use axum::Router;
use axum::body::Bytes;
use axum::http::request::Parts;
use axum::routing::{get, post};
use ory_sdk::Client;
use ory_sdk::flow::{FlowKind, Form, Node};
use ory_sdk::testing::StandIn;
use ory_sdk::web::pages::Pages;
use tokio::net::TcpListener;

fn router(pages: Pages) -> Router {
    let mut router = Router::new();
    for kind in FlowKind::ALL {
        let (to_show, to_submit) = (pages.clone(), pages.clone());
        let show = async move |request: Parts| to_show.get(kind, &request).await.draw(draw);
        let submit = async move |request: Parts, body: Bytes| to_submit.post(kind, &request, body).await.draw(draw);
        router = router.route(pages.path(kind), get(show).post(submit));
    }
    let sign_out = async move |request: Parts| pages.sign_out(&request).await;
    router.route("/logout", post(sign_out)).route("/", get("Hello!"))
}

/// The page with a form.
fn draw(form: &Form) -> String {
    let messages: String = form.messages.iter().map(|message| format!("<p>{}</p>", escape(&message.text))).collect();
    let fields: String = form.nodes.iter().map(field).collect();
    let (action, method) = (escape(form.action.as_str()), escape(&form.method));
    format!(
        "<!doctype html><meta charset=utf-8>{messages}<form action=\"{action}\" method=\"{method}\">{fields}</form>"
    )
}

fn field(node: &Node) -> String {
    let label = node.label().map(|label| escape(&label.text)).unwrap_or_default();
    let messages: String = node.messages.iter().map(|message| format!("<em>{}</em>", escape(&message.text))).collect();
    let (name, kind) = (escape(&node.name), escape(&node.input_type));
    // Values may be numbers and booleans, which HTML writes as text.
    let value = if node.value.is_null() { String::new() } else { node.value.to_string() };
    let value = escape(node.value.as_str().unwrap_or(&value));
    match (node.node_type.as_str(), kind.as_str()) {
        ("input", "submit") => format!("<p><button name=\"{name}\" value=\"{value}\">{label}</button></p>"),
        ("input", kind) => {
            format!("<p><label>{label} <input name=\"{name}\" type=\"{kind}\" value=\"{value}\"></label>{messages}</p>")
        }
        ("text", _) => format!("<p>{label} {}</p>", node.text().map(|text| escape(&text.text)).unwrap_or_default()),
        // Such as the way on after a verification.
        ("a", _) => {
            let href = node.href().map(|href| escape(href.as_str())).unwrap_or_default();
            let title = node.title().map(|title| escape(&title.text)).unwrap_or_default();
            format!("<p><a href=\"{href}\">{title}</a></p>")
        }
        ("img", _) => format!("<img src=\"{}\" alt=\"{label}\">", escape(node.src().unwrap_or_default())),
        _ => String::new(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let kratos = std::env::args().nth(1);
    let listener = TcpListener::bind(if kratos.is_some() { "127.0.0.1:4455" } else { "127.0.0.1:0" }).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let ory = StandIn::builder().self_service_url(&url).start().await?;
    let client = Client::builder().kratos_public_url(kratos.as_deref().unwrap_or(ory.url())).build()?;
    let server = axum::serve(listener, router(Pages::builder(&client).public_url(&url).build()?)).into_future();
    if kratos.is_some() {
        println!("the pages are at {url}/login");
        return Ok(server.await?);
    }
    tokio::spawn(server);
    visit::visit(&url).await
}
