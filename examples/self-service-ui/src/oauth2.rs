//! The pages of Hydra: login, consent and logout.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Response, Uri};
use axum::response::Html;
use axum::routing::get;
use maud::html;
use ory_sdk::web::provider::{Claims, ClaimsFor, ConsentAnswer, ConsentStep, LogoutAnswer, LogoutStep};
use serde::Deserialize;

use crate::App;
use crate::layout::{Frame, document, notice};
use crate::problem::Problem;

pub fn router() -> Router<App> {
    Router::new()
        .route("/oauth2/login", get(login))
        .route("/oauth2/consent", get(consent).post(answer_consent))
        .route("/oauth2/logout", get(logout).post(answer_logout))
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

async fn consent(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response<String>, Problem> {
    let session = app.client.forwarding(&headers).to_session().await;
    let question = match app.provider.consent(&uri, &session).await? {
        ConsentStep::Ask(question) => question,
        step => return Ok(step.into_response()),
    };
    let content = html! {
        section.card {
            h1 { "Allow access?" }
            p.lead { strong { (question.client_name()) } " wants to:" }
            form.fields method="post" action="/oauth2/consent" {
                input type="hidden" name="consent_challenge" value=(question.challenge().expose());
                fieldset.scopes {
                    legend.unseen { "What it may do" }
                    @for scope in question.scopes() {
                        div.check {
                            input id={ "scope-" (scope) } type="checkbox" name="scope" value=(scope) checked;
                            label for={ "scope-" (scope) } { (meaning(scope)) }
                        }
                    }
                }
                @for audience in question.audience() { p.quiet { "for " (audience) } }
                div.check {
                    input #remember type="checkbox" name="remember" value="true";
                    label for="remember" { "Do not ask again" }
                }
                button.primary name="decision" value="accept" { "Allow" }
                button.secondary name="decision" value="reject" { "Do not allow" }
            }
            p.links {
                @if let Some(url) = question.policy().filter(|url| is_web(url)) { a href=(url) { "Its privacy policy" } }
                @if let Some(url) = question.terms().filter(|url| is_web(url)) { a href=(url) { "Its terms of service" } }
            }
        }
    };
    Ok(question.page(document(Frame::Card, "Allow access?", content)))
}

async fn answer_consent(State(app): State<App>, headers: HeaderMap, form: Bytes) -> Result<Response<String>, Problem> {
    let session = app.client.forwarding(&headers).to_session().await;
    let answer = ConsentAnswer::from_form(&form)?;
    Ok(app.provider.answer_consent(&headers, answer, &session).await?.into_response())
}

async fn logout(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response<String>, Problem> {
    let session = app.client.forwarding(&headers).to_session().await;
    let question = match app.provider.logout(&uri, &headers, &session).await? {
        LogoutStep::Ask(question) => question,
        step => return Ok(step.into_response()),
    };
    let content = html! {
        section.card {
            h1 { "Sign out?" }
            p.lead {
                @match question.client_name() {
                    Some(name) => { strong { (name) } " asks to sign you out, here and at other applications." },
                    None => "You will be signed out here and at the applications that you use.",
                }
            }
            form.fields method="post" action="/oauth2/logout" {
                input type="hidden" name="logout_challenge" value=(question.challenge().expose());
                button.primary name="decision" value="accept" { "Sign out" }
                button.secondary name="decision" value="reject" { "Stay signed in" }
            }
        }
    };
    Ok(question.page(document(Frame::Card, "Sign out?", content)))
}

async fn answer_logout(State(app): State<App>, headers: HeaderMap, form: Bytes) -> Result<Response<String>, Problem> {
    let session = app.client.forwarding(&headers).to_session().await;
    let answer = LogoutAnswer::from_form(&form)?;
    Ok(app.provider.answer_logout(&headers, answer, &session).await?.into_response())
}

async fn logged_out() -> Html<String> {
    Html(notice("Signed out", "You can close this page.", ("Sign in again", "/login")))
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    error: String,
}

/// Anybody can write the description in the URL, so that it is not shown.
async fn error(Query(failure): Query<Failure>) -> Problem {
    let text = match failure.error.as_str() {
        "invalid_client" | "unauthorized_client" => "We do not know this application.",
        "invalid_scope" => "The application asks for more than it may have.",
        "request_unauthorized" | "request_forbidden" => "This took too long, or your browser sends no cookies.",
        _ => "The application sent a request that we do not understand.",
    };
    Problem::bad_request(text)
}

/// A scope in the words of a person.
fn meaning(scope: &str) -> &str {
    match scope {
        "openid" => "Know who you are",
        "email" => "See your email address",
        "offline" | "offline_access" => "Have access while you are away",
        other => other,
    }
}

/// An application may have registered anything.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
