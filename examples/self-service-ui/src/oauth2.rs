//! The pages of Hydra: login, consent and logout.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, Response, Uri, request::Parts};
use axum::response::Html;
use axum::routing::get;
use maud::html;
use ory_sdk::web::provider::{Claims, ClaimsFor, ConsentAnswer, ConsentQuestion, ConsentStep};
use ory_sdk::web::provider::{LogoutAnswer, LogoutQuestion, LogoutStep};
use serde::Deserialize;

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
        ConsentStep::Ask(question) => question.page(may_it(&question)),
        step => step.into_response(),
    })
}

fn may_it(question: &ConsentQuestion) -> String {
    // An application may have registered anything.
    let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
    let content = html! {
        section.card {
            div { h1 { "Allow access?" } p.lead { strong { (question.client_name()) } " wants to:" } }
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
                @if let Some(url) = question.policy().filter(is_web) { a href=(url) { "Its privacy policy" } }
                @if let Some(url) = question.terms().filter(is_web) { a href=(url) { "Its terms of service" } }
            }
        }
    };
    document(Frame::Card, "Allow access?", content)
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

async fn logout(State(app): State<App>, request: Parts, form: Bytes) -> Result<Response<String>, Problem> {
    let (headers, session) = (&request.headers, app.client.forwarding(&request.headers).to_session().await);
    let step = match request.method {
        Method::POST => app.provider.answer_logout(headers, LogoutAnswer::from_form(&form)?, &session).await?,
        _ => app.provider.logout(&request.uri, headers, &session).await?,
    };
    Ok(match step {
        LogoutStep::Ask(question) => question.page(sign_out(&question)),
        step => step.into_response(),
    })
}

fn sign_out(question: &LogoutQuestion) -> String {
    let who = question.client_name().unwrap_or("An application");
    let content = html! {
        section.card {
            div {
                h1 { "Sign out?" }
                p.lead { strong { (who) } " asks to sign you out, here and at the applications that you use." }
            }
            form.fields method="post" action="/oauth2/logout" {
                input type="hidden" name="logout_challenge" value=(question.challenge().expose());
                button.primary name="decision" value="accept" { "Sign out" }
                button.secondary name="decision" value="reject" { "Stay signed in" }
            }
        }
    };
    document(Frame::Card, "Sign out?", content)
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
    Problem::bad_request(match failure.error.as_str() {
        "invalid_client" | "unauthorized_client" => "We do not know this application.",
        "invalid_scope" => "The application asks for more than it may have.",
        "request_unauthorized" | "request_forbidden" => "This took too long, or your browser sends no cookies.",
        _ => "The application sent a request that we do not understand.",
    })
}
