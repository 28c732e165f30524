//! What there is to try without a server: Ory in memory, two accounts, their mails, and an application.

use std::sync::Arc;

use axum::Router;
use axum::response::{Html, Redirect};
use axum::routing::get;
use maud::html;
use ory_sdk::Client;
use ory_sdk::chrono::Utc;
use ory_sdk::testing::StandIn;
use ory_sdk::url::form_urlencoded::Serializer;
use serde_json::json;

use crate::layout::{Frame, document, notice};

pub const PASSWORD: &str = "a-Long-passw0rd!";

/// Adds the accounts and the application, and returns the pages that show them.
pub async fn set_up(ory: Arc<StandIn>, client: &Client, url: &str) -> ory_sdk::Result<Router> {
    let jane = ory.person("jane@example.org").password(PASSWORD).verified();
    jane.traits(json!({"name": {"first": "Jane", "last": "Doe"}})).create();
    let admin = ory.person("admin@example.org").password(PASSWORD).verified().metadata_public(json!({"role": "admin"}));
    admin.traits(json!({"name": {"first": "Ada"}})).create();
    let callback = format!("{url}/demo/callback");
    let shop = json!({
        "client_name": "Flower Shop", "redirect_uris": [callback], "scope": "openid email", "token_endpoint_auth_method": "none",
    });
    let shop = client.admin_create_oauth2_client().json_body(shop).await?.into_body().client_id.unwrap_or_default();
    let hydra = ory.url().to_owned();
    let start = async move || {
        // A real application draws the state at random, and compares it when the browser arrives.
        let mut query = Serializer::new(String::new());
        query.append_pair("response_type", "code").append_pair("client_id", &shop).append_pair("scope", "openid email");
        query.append_pair("redirect_uri", &callback).append_pair("state", &Utc::now().timestamp_micros().to_string());
        Redirect::to(&format!("{hydra}/oauth2/auth?{}", query.finish()))
    };
    let arrive = async || {
        let text =
            "The application has an authorization code now, or the reason why not. It would get its tokens with it.";
        Html(notice("Back at the Flower Shop", text, ("Go to the overview", "/")))
    };
    let mails = async move || Html(mails(&ory));
    Ok(Router::new().route("/demo", get(start)).route("/demo/callback", get(arrive)).route("/mails", get(mails)))
}

/// All mails that were written, the newest first.
fn mails(ory: &StandIn) -> String {
    let mails = ory.messages();
    let content = html! {
        div.stack {
            div { h1 { "Mails" } p.lead { "No mail is sent here. This is what people would get." } }
            @if mails.is_empty() { p.message { "There is no mail yet." } }
            @for mail in mails.iter().rev() {
                article.card {
                    h2 { (mail.subject()) }
                    p.quiet { "to " (mail.recipient()) }
                    @if let Some(code) = mail.code() { p { "Code: " code { (code.expose()) } } }
                    @if let Some(link) = mail.link() { p { a href=(link.expose()) { "The link in the mail" } } }
                }
            }
        }
    };
    document(Frame::Card, "Mails", content)
}
