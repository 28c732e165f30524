//! The pages that a product needs, on Ory: everything between a visitor and Kratos or Hydra.

mod admin;
pub mod demo;
mod flows;
mod home;
mod layout;
mod oauth2;
mod problem;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ory_sdk::Client;
use ory_sdk::error::InvalidSetting;
use ory_sdk::sessions::Sessions;
use ory_sdk::web::SessionLayer;
use ory_sdk::web::forms::TRIGGERS;
use ory_sdk::web::pages::Pages;
use ory_sdk::web::provider::Provider;
use tower_http::csrf::CsrfLayer;

use crate::problem::Problem;

/// What the handlers share.
#[derive(Clone)]
struct App {
    client: Client,
    provider: Provider,
    /// Whether there is an application to try.
    has_demo: bool,
}

/// The whole site, at this URL. `demo` has the pages that exist with a stand-in alone.
pub fn site(client: &Client, url: &str, demo: Option<Router>) -> Result<Router, InvalidSetting> {
    // Without a cache: whoever is signed out elsewhere is out at the next click.
    let sessions = Sessions::builder(client).build()?;
    let layer = SessionLayer::builder(&sessions).public_url(url).login_page("/login").on_refusal(problem::refusal);
    let pages = Pages::builder(client).public_url(url).error_page(flows::error).build()?;
    let provider = Provider::builder(client).login_url(format!("{url}/oauth2/login")).pages(&pages);
    let provider = provider.claims(oauth2::claims).build()?;
    let app = App { client: client.clone(), provider, has_demo: demo.is_some() };
    Ok(Router::new()
        .merge(home::router())
        .merge(oauth2::router())
        .nest("/admin", admin::router())
        .route("/webauthn.js", get(webauthn))
        .fallback(problem::not_found)
        .with_state(app)
        .merge(flows::router(pages))
        .merge(demo.unwrap_or_default())
        .route("/style.css", get(async || file("text/css", include_str!("../static/style.css"))))
        .route("/logo.svg", get(async || file("image/svg+xml", include_str!("../static/logo.svg"))))
        .route("/triggers.js", get(async || file("text/javascript", TRIGGERS)))
        .layer(layer.build()?)
        // No form of another site does anything here.
        .layer(CsrfLayer::new())
        .layer(axum::middleware::map_response(secure)))
}

/// Kratos' script for passkeys and security keys, from this site. Forms name the hash of the current one, so nobody keeps it.
async fn webauthn(State(app): State<App>) -> Result<Response, Problem> {
    let script = app.client.get_web_authn_java_script().await?.into_body();
    Ok(([(header::CONTENT_TYPE, "text/javascript")], script.to_string()).into_response())
}

fn file(kind: &'static str, content: impl IntoResponse) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=300")], content)
}

/// Nothing runs, is shown or is styled but what this site serves. There is no `form-action`: browsers apply it to the
/// redirects that follow a form, which lead to Ory and to applications.
async fn secure(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; \
                          frame-ancestors 'none'";
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: with it, browsers post forms with the origin `null`, as those of another site.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // The back button must not show what was personal. Files say how long they are kept.
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
