//! What all pages have in common.

use axum::http::{Response, StatusCode, header};
use maud::{DOCTYPE, Markup, html};

/// The name of the product.
pub const PRODUCT: &str = "Acme";

/// How a page is framed.
#[derive(Clone, Copy, PartialEq)]
pub enum Frame {
    /// A card in the middle: one thing to do.
    Card,
    /// The width of the page, with the links of somebody who is signed in.
    Wide,
}

/// A whole document.
pub fn document(frame: Frame, title: &str, content: Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (PRODUCT) }
                link rel="icon" href="/logo.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
            }
            body.card-page[frame == Frame::Card] {
                a.skip href="#main" { "Skip to the content" }
                header.top {
                    a.brand href="/" { img src="/logo.svg" alt="" width="28" height="28"; (PRODUCT) }
                    @if frame == Frame::Wide {
                        nav aria-label="Account" {
                            @for (href, name) in [("/", "Overview"), ("/settings", "Settings")] {
                                a href=(href) aria-current=[(name == title).then_some("page")] { (name) }
                            }
                            form method="post" action="/logout" { button.link { "Sign out" } }
                        }
                    }
                }
                main #main tabindex="-1" { (content) }
            }
        }
    };
    page.into_string()
}

/// A response about one person. The layer around all pages adds the security headers.
pub fn respond(status: StatusCode, html: String) -> Response<String> {
    let mut response = Response::new(html);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

/// A page that says one thing, with a way on.
pub fn notice(title: &str, text: &str, (label, href): (&str, &str)) -> String {
    let content = html! {
        section.card {
            h1 { (title) }
            p { (text) }
            p { a.button href=(href) { (label) } }
        }
    };
    document(Frame::Card, title, content)
}

/// A name and a value, as in a list of facts.
pub fn fact(name: &str, value: impl maud::Render) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// A time, for people and for programs.
pub fn time(at: Option<ory_sdk::chrono::DateTime<ory_sdk::chrono::Utc>>) -> Markup {
    html! {
        @match at {
            Some(at) => time datetime=(at.to_rfc3339()) { (at.format("%-d %B %Y, %H:%M UTC")) },
            None => "–",
        }
    }
}
