//! The pages of Hydra: login, consent and logout.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri, request::Parts};
use axum::response::Html;
use axum::routing::get;
use maud::{PreEscaped, html};
use ory_sdk::web::provider::{Claims, ClaimsFor, ConsentAnswer, ConsentStep, LogoutAnswer, LogoutStep};

use crate::App;
use crate::layout::{Frame, document, notice};
use crate::problem::Problem;

pub fn router() -> Router<App> {
    Router::new()
        .route("/oauth2/login", get(login))
        .route("/oauth2/consent", get(consent).post(consent))
        .route("/oauth2/logout", get(logout).post(logout))
        .route("/oauth2/error", get(error))
        .route("/oauth2/logged-out", get(logged_out))
}

/// What applications learn of a person, of what they asked for.
pub fn claims(wanted: &ClaimsFor<'_>) -> Claims {
    let traits = wanted.session.identity.as_ref().and_then(|identity| identity.traits.as_ref());
    match traits.and_then(|traits| traits["email"].as_str()) {
        Some(email) if wanted.has_scope("email") => Claims::new().id_token("email", email),
        _ => Claims::new(),
    }
}

async fn login(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response<String>, Problem> {
    let session = app.client.forwarding(&headers).to_session().await;
    Ok(app.provider.login(&uri, &session).await?.into_response())
}

async fn consent(State(app): State<App>, request: Parts, form: Bytes) -> Result<Response<String>, Problem> {
    let session = app.client.forwarding(&request.headers).to_session().await;
    let step = match request.method {
        Method::POST => {
            app.provider.answer_consent(&request.headers, ConsentAnswer::from_form(&form)?, &session).await?
        }
        _ => app.provider.consent(&request.uri, &session).await?,
    };
    Ok(match step {
        ConsentStep::Ask(ask) => ask.page(question("Allow access?", ask.form("/oauth2/consent"))),
        step => step.into_response(),
    })
}

async fn logout(State(app): State<App>, request: Parts, form: Bytes) -> Result<Response<String>, Problem> {
    let (headers, session) = (&request.headers, app.client.forwarding(&request.headers).to_session().await);
    let step = match request.method {
        Method::POST => app.provider.answer_logout(headers, LogoutAnswer::from_form(&form)?, &session).await?,
        _ => app.provider.logout(&request.uri, headers, &session).await?,
    };
    Ok(match step {
        LogoutStep::Ask(ask) => ask.page(question("Sign out?", ask.form("/oauth2/logout"))),
        step => step.into_response(),
    })
}

fn question(title: &str, form: String) -> String {
    document(Frame::Card, title, html! { section.card { h1 { (title) } (PreEscaped(form)) } })
}

async fn logged_out() -> Html<String> {
    Html(notice("Signed out", "You can close this page.", ("Sign in again", "/login")))
}

async fn error(State(app): State<App>, uri: Uri) -> Problem {
    app.provider.error(&uri).into()
}
