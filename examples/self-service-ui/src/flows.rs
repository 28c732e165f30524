//! The pages of Kratos' flows.

use axum::Router;
use axum::body::Bytes;
use axum::http::{Method, request::Parts};
use axum::response::Html;
use axum::routing::{get, post};
use maud::{Markup, PreEscaped, html};
use ory_sdk::flow::{FlowKind, Form};
use ory_sdk::response::Location;
use ory_sdk::web::forms::{FormHtml, complete};
use ory_sdk::web::pages::{ErrorPage, Pages};

use crate::layout::{Frame, document, notice};

/// The messages of a form that asks for a second factor, and for a fresh sign-in.
const SECOND_FACTOR: i64 = 1_010_004;
const CONFIRM: i64 = 1_010_003;

pub fn router(pages: Pages) -> Router {
    let mut router = Router::new();
    for kind in FlowKind::ALL {
        let own = pages.clone();
        let respond = async move |request: Parts, body: Bytes| {
            let answer = match request.method {
                Method::POST => own.post(kind, &request, complete(&request.headers, body)).await,
                _ => own.get(kind, &request).await,
            };
            answer.draw(|form| page(kind, form))
        };
        router = router.route(pages.path(kind), get(respond.clone()).post(respond));
    }
    let (ask, error_pages) = (get(async || Html(sign_out())), pages.clone());
    let router = router.route("/error", get(async move |request: Parts| error_pages.error(&request).await));
    router.route("/logout", ask.merge(post(async move |request: Parts| pages.sign_out(&request).await)))
}

/// The page of a flow.
fn page(kind: FlowKind, form: &Form) -> String {
    let (title, lead) = title(kind, form);
    // Screen readers read the title first, so that it says that something is wrong.
    let tab = if form.is_rejected() { format!("Error: {title}") } else { title.to_owned() };
    let is_settings = kind == FlowKind::Settings;
    let html = FormHtml::new(form).scripts("/webauthn.js", "/triggers.js");
    let content = html! {
        section.card[!is_settings].stack[is_settings] {
            div { h1 { (title) } @if !lead.is_empty() { p.lead { (lead) } } }
            (PreEscaped(if is_settings { html.apart() } else { html }.html()))
            (links(kind, form))
        }
    };
    document(if is_settings { Frame::Wide } else { Frame::Card }, &tab, content)
}

fn title(kind: FlowKind, form: &Form) -> (&'static str, &'static str) {
    let says = |id| form.messages.iter().any(|message| message.id == id);
    let asks_for_code = form.node("code").is_some();
    match kind {
        FlowKind::Login if says(SECOND_FACTOR) => ("One more step", ""),
        FlowKind::Login if says(CONFIRM) => ("Confirm it is you", ""),
        FlowKind::Login => ("Sign in", ""),
        FlowKind::Registration => ("Create an account", ""),
        FlowKind::Settings => ("Settings", "Your profile, and how you sign in."),
        FlowKind::Recovery if asks_for_code => ("Check your mail", ""),
        FlowKind::Recovery => {
            ("Recover your account", "We send a code to your address. With it you choose a new password.")
        }
        FlowKind::Verification if form.state == "passed_challenge" => ("Your address is verified", ""),
        FlowKind::Verification if asks_for_code => ("Check your mail", ""),
        FlowKind::Verification => ("Verify your address", "We send a code to your address, to see that it is yours."),
    }
}

/// Links to other flows, which lead to where this one would have.
fn links(kind: FlowKind, form: &Form) -> Markup {
    let is_signed_in = form.messages.iter().any(|message| [SECOND_FACTOR, CONFIRM].contains(&message.id));
    let links: &[(&str, &str)] = match kind {
        FlowKind::Login if is_signed_in => &[("Recover the account", "/recovery"), ("Sign out", "/logout")],
        FlowKind::Login => &[("Forgot your password?", "/recovery"), ("Create an account", "/registration")],
        FlowKind::Registration | FlowKind::Recovery => &[("Back to sign in", "/login")],
        FlowKind::Verification => &[("Back to the overview", "/")],
        FlowKind::Settings => &[],
    };
    let to = |path: &str| match &form.return_to {
        Some(url) => Location::from(path).with_return_to(url).as_str().to_owned(),
        None => path.to_owned(),
    };
    html! { p.links { @for (text, path) in links { a href=(to(path)) { (text) } } } }
}

/// What is not about a form, such as an outage.
pub fn error(page: &ErrorPage<'_>) -> String {
    if let Some(error) = page.error {
        eprintln!("{} {error}", page.status);
    }
    notice(crate::problem::title(page.status), page.text, ("Start again", page.start_again.as_str()))
}

fn sign_out() -> String {
    let content = html! {
        section.card {
            h1 { "Sign out?" }
            p { "You can sign in again at any time." }
            form.fields method="post" action="/logout" { button.primary { "Sign out" } }
            p.links { a href="/" { "Stay signed in" } }
        }
    };
    document(Frame::Card, "Sign out", content)
}
