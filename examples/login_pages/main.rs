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
use ory_sdk::flow::{FlowKind, Form};
use ory_sdk::testing::StandIn;
use ory_sdk::web::forms::FormHtml;
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
    let for_errors = pages.clone();
    let error = async move |request: Parts| for_errors.error(&request).await;
    let sign_out = async move |request: Parts| pages.sign_out(&request).await;
    router.route("/error", get(error)).route("/logout", post(sign_out)).route("/", get("Hello!"))
}

/// The page with a form.
fn draw(form: &Form) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Account</title>{}",
        FormHtml::new(form).html()
    )
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
