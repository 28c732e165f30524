//! Administration: all identities, for administrators who signed in lately.

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use maud::{Markup, html};
use ory_sdk::lists::Cursor;
use ory_sdk::sessions::{Refusal, SignedIn};
use ory_sdk::uuid::Uuid;
use ory_sdk::web::Guard;

use crate::App;
use crate::home::{address, is_admin};
use crate::layout::{Frame, document, fact, time};
use crate::problem::Problem;

const PAGE_SIZE: i64 = 20;

pub fn router() -> Router<App> {
    let guard = Guard::signed_in()
        .within(Duration::from_secs(15 * 60))
        .check(async |person: SignedIn| if is_admin(&person) { Ok(()) } else { Err(Refusal::forbidden()) });
    Router::new()
        .route("/", get(list))
        .route("/{id}", get(show))
        .route("/{id}/sign-out", post(sign_out))
        .route("/{id}/recovery-code", post(recovery_code))
        .layer(guard)
}

async fn list(State(app): State<App>, Query(query): Query<HashMap<String, String>>) -> Result<Html<String>, Problem> {
    let [search, after] = ["q", "after"].map(|name| query.get(name).map_or("", String::as_str));
    let mut identities = app.client.admin_list_identities().page_size(PAGE_SIZE);
    if !search.is_empty() {
        identities = identities.credentials_identifier(search);
    }
    let mut pages = identities.by_page();
    if let Ok(cursor) = after.parse::<Cursor>() {
        pages = pages.resume(&cursor)?;
    }
    let found = pages.next().await.transpose()?.unwrap_or_default();
    let next = found.next_cursor().map(ToString::to_string);
    let content = html! {
        div.stack {
            h1 { "Accounts" }
            form.search role="search" action="/admin" {
                label for="q" { "Address or user name" }
                div { input id="q" type="search" name="q" value=(search) autocomplete="off"; button.secondary { "Search" } }
            }
            section.card aria-label="Accounts" {
                @if found.is_empty() { p.quiet role="status" { "No account has this address." } }
                ul.rows {
                    @for identity in &found {
                        @let address = address(identity);
                        li {
                            span { (address) br; span.quiet { "since " (time(identity.created_at)) } }
                            a.button href={ "/admin/" (identity.id) } aria-label={ "Open " (address) } { "Open" }
                        }
                    }
                }
            }
            @if let Some(next) = next {
                form action="/admin" {
                    input type="hidden" name="q" value=(search);
                    input type="hidden" name="after" value=(next);
                    button.secondary { "Next page" }
                }
            }
        }
    };
    Ok(Html(document(Frame::Wide, "Accounts", content)))
}

async fn show(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Html<String>, Problem> {
    page(&app, id, html! {}).await
}

async fn page(app: &App, id: Uuid, done: Markup) -> Result<Html<String>, Problem> {
    let identity = app.client.admin_get_identity().id(id).await?.into_body();
    // Some versions say 404 where there are none.
    let sessions = match app.client.admin_list_identity_sessions().id(id).active(true).await {
        Ok(sessions) => sessions.len(),
        Err(error) if error.is_not_found() => 0,
        Err(error) => return Err(error.into()),
    };
    let content = html! {
        div.stack {
            p { a href="/admin" { "← All accounts" } }
            h1 { (address(&identity)) }
            (done)
            section.card {
                dl.facts {
                    (fact("Account", html! { code { (identity.id) } }))
                    (fact("State", identity.state.as_ref().map(ToString::to_string).unwrap_or_default()))
                    (fact("Created", time(identity.created_at)))
                    (fact("Signed in", html! { (sessions) @if sessions == 1 { " session" } @else { " sessions" } }))
                }
                div.actions {
                    form method="post" action={ "/admin/" (id) "/recovery-code" } { button.secondary { "Make a recovery code" } }
                    form method="post" action={ "/admin/" (id) "/sign-out" } { button.secondary.danger { "Sign out everywhere" } }
                }
            }
        }
    };
    Ok(Html(document(Frame::Wide, "Account", content)))
}

async fn sign_out(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Redirect, Problem> {
    match app.client.admin_delete_identity_sessions().id(id).await {
        Err(error) if !error.is_not_found() => Err(error.into()),
        _ => Ok(Redirect::to(&format!("/admin/{id}"))),
    }
}

/// Whoever has the code and the link has the account, so that it is shown once, and in no URL of ours.
async fn recovery_code(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Html<String>, Problem> {
    let code = app.client.admin_create_self_service_recovery_code();
    let code = code.body_map(|body| body.identity_id(id).expires_in("1h".to_owned())).await?.into_body();
    let shown = html! {
        section.card role="status" {
            h2 { "Recovery code" }
            p { "Give both to the owner of the account. They work for an hour, and you see them only now." }
            dl.facts {
                (fact("Code", html! { code { (code.recovery_code.expose()) } }))
                (fact("Link", html! { code { (code.recovery_link.as_str()) } }))
            }
        }
    };
    page(&app, id, shown).await
}
