//! Who is signed in, where else, and a page that needs a second factor.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use maud::{Markup, html};
use ory_sdk::sessions::SignedIn;
use ory_sdk::types::{Identity, Session};
use ory_sdk::web::axum::{Person, SecondFactor};
use ory_sdk::web::forms::method_name;

use crate::App;
use crate::layout::{Frame, PRODUCT, document, fact, time};
use crate::problem::Problem;

pub fn router() -> Router<App> {
    Router::new().route("/", get(welcome)).route("/sessions/{id}/sign-out", post(end)).route("/vault", get(vault))
}

async fn welcome(State(app): State<App>, person: Option<Person>, headers: HeaderMap) -> Result<Html<String>, Problem> {
    let Some(Person(person)) = person else { return Ok(Html(document(Frame::Card, "Welcome", for_visitors()))) };
    let others = app.client.forwarding(&headers).list_sessions().await?.into_body();
    let content = html! {
        div.stack {
            div {
                h1 { "Hello " (name(&person)) }
                p.lead { "You are signed in as " strong { (address(person.identity())) } "." }
            }
            @if !person.has_verified_address() {
                p.message { "Your address is not verified yet. " a href="/verification" { "Verify it" } }
            }
            section.card {
                h2 { "This session" }
                dl.facts {
                    (fact("Signed in", time(person.authenticated_at)))
                    (fact("Ends", time(person.expires_at)))
                    (fact("Second factor", if person.has_second_factor() { "Yes" } else { "No" }))
                    (fact("Account", html! { code { (person.identity().id) } }))
                }
                h3 { "How you signed in" }
                ul.rows {
                    @for method in &person.authentication_methods {
                        @let name = method.method.as_ref().map(ToString::to_string).unwrap_or_default();
                        li { span { (method_name(&name)) } span.quiet { (time(method.completed_at)) } }
                    }
                }
            }
            section.card {
                h2 { "Other sessions" }
                @if others.is_empty() { p.quiet { "You are signed in nowhere else." } }
                ul.rows { @for session in &others { (other(session)) } }
            }
            section.card {
                h2 { "More" }
                ul.rows {
                    li { span { "A page for those who used a second factor" } a.button href="/vault" { "Open the vault" } }
                    @if app.has_demo { li { span { "Sign in at another application" } a.button href="/demo" { "Try it" } } }
                    @if is_admin(&person) { li { span { "All accounts" } a.button href="/admin" { "Administration" } } }
                }
            }
        }
    };
    Ok(Html(document(Frame::Wide, "Overview", content)))
}

fn for_visitors() -> Markup {
    html! {
        section.card {
            div { h1 { "Welcome to " (PRODUCT) } p.lead { "Sign in to see your account, or create one." } }
            div.fields {
                a.button.primary href="/login" { "Sign in" }
                a.button href="/registration" { "Create an account" }
            }
        }
    }
}

fn other(session: &Session) -> Markup {
    let device = session.devices.first();
    let agent = device.and_then(|device| device.user_agent.as_deref()).unwrap_or("Unknown device");
    let known = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let browser = known.iter().find(|(mark, _)| agent.contains(mark)).map_or(agent, |(_, name)| name);
    html! {
        li {
            span {
                (browser) @if let Some(place) = device.and_then(|device| device.ip_address.as_ref()) { " at " (place) }
                br; span.quiet { "since " (time(session.authenticated_at)) }
            }
            form method="post" action={ "/sessions/" (session.id) "/sign-out" } { button.secondary { "Sign out there" } }
        }
    }
}

/// Ends another session of the same person: Kratos knows by the cookies whose it is.
async fn end(
    State(app): State<App>,
    _: Person,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Redirect, Problem> {
    app.client.forwarding(&headers).revoke_session().id(id).await?;
    Ok(Redirect::to("/"))
}

async fn vault(SecondFactor(person): SecondFactor) -> Html<String> {
    let content = html! {
        section.card {
            h1 { "The vault" }
            p { "Only those who signed in with a second factor come here. You did, " (name(&person)) "." }
            p { a.button href="/" { "Back to the overview" } }
        }
    };
    Html(document(Frame::Wide, "The vault", content))
}

/// Administrators are those of whom an administrator said so: nobody changes their own `metadata_public`.
pub fn is_admin(person: &SignedIn) -> bool {
    person.identity().metadata_public.as_ref().is_some_and(|metadata| metadata["role"] == "admin")
}

/// The first address of an identity, whatever its schema calls it.
pub fn address(identity: &Identity) -> String {
    let first = identity.verifiable_addresses.first().and_then(|address| address.value.clone());
    first.unwrap_or_else(|| identity.id.to_string())
}

fn name(person: &SignedIn) -> String {
    let traits = person.identity().traits.clone().unwrap_or_default();
    let name = traits["name"]["first"].as_str().or(traits["name"].as_str()).or(traits["username"].as_str());
    name.filter(|name| !name.is_empty()).map_or_else(|| address(person.identity()), str::to_owned)
}
