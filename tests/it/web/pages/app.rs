//! The service under test, with a stand-in behind it.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use bytes::Bytes;
use http::request::Parts;
use ory_sdk::Client;
use ory_sdk::flow::{FlowKind, Form};
use ory_sdk::retry::Retry;
use ory_sdk::testing::{StandIn, StandInBuilder};
use ory_sdk::web::pages::{Pages, PagesBuilder};
use serde_json::json;
use tokio::net::TcpListener;

use super::browser::Browser;

pub const PASSWORD: &str = "a-Long-passw0rd!";

/// Draws a form as JSON, so that tests need no parser of HTML.
pub fn draw(form: &Form) -> String {
    let message = |message: &ory_sdk::flow::UiMessage| json!({"id": message.id, "text": message.text});
    let node = |node: &ory_sdk::flow::Node| {
        let href = node.href().map(String::from);
        let messages: Vec<_> = node.messages.iter().map(message).collect();
        json!({"name": node.name, "type": node.input_type, "value": node.value, "href": href, "messages": messages})
    };
    json!({
        "flow": form.id,
        "state": form.state,
        "action": form.action,
        "messages": form.messages.iter().map(message).collect::<Vec<_>>(),
        "nodes": form.nodes.iter().map(node).collect::<Vec<_>>(),
    })
    .to_string()
}

/// A service with all pages. Every other page says its path.
pub fn router(pages: Pages) -> Router {
    let pages = Arc::new(pages);
    let mut router = Router::new();
    for kind in FlowKind::ALL {
        let (get_pages, post_pages) = (Arc::clone(&pages), Arc::clone(&pages));
        let show = async move |request: Parts| get_pages.get(kind, &request).await.draw(draw);
        let submit = async move |request: Parts, body: Bytes| post_pages.post(kind, &request, body).await.draw(draw);
        router = router.route(pages.path(kind), get(show).post(submit));
    }
    let error_pages = Arc::clone(&pages);
    let sign_out = async move |request: Parts| pages.sign_out(&request).await;
    router
        .route("/error", get(async move |request: Parts| error_pages.error(&request).await))
        .route("/logout", post(sign_out))
        .fallback(async |request: Parts| format!("this is {}", request.uri.path()))
        .layer(DefaultBodyLimit::disable())
}

pub struct App {
    pub url: String,
    pub ory: StandIn,
    pub client: Client,
    task: tokio::task::JoinHandle<()>,
}

impl App {
    pub async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// Starts the service with other settings.
    pub async fn with(change: impl FnOnce(PagesBuilder) -> PagesBuilder) -> Self {
        Self::on(StandIn::builder(), change).await
    }

    /// Starts the service, with another stand-in behind it.
    pub async fn on(builder: StandInBuilder, change: impl FnOnce(PagesBuilder) -> PagesBuilder) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let ory = builder.self_service_url(&url).start().await.unwrap();
        let client = ory.client_builder().retry(Retry::off()).build().unwrap();
        let pages = change(Pages::builder(&client).public_url(&url)).build().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, router(pages)).await.unwrap() });
        Self { url, ory, client, task }
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// A browser in which somebody is signed in.
    pub fn browser_of(&self, email: &str) -> Browser {
        let browser = self.browser();
        browser.keep_cookie(&self.url, self.ory.sign_in(email).cookie().expose());
        browser
    }

    /// The code of the last mail.
    pub fn code(&self) -> String {
        self.ory.messages().last().unwrap().code().unwrap().expose().to_owned()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.task.abort();
    }
}
