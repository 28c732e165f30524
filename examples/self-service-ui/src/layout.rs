//! What all pages have in common.

use maud::{DOCTYPE, Markup, html};

/// The name of the product.
pub const PRODUCT: &str = "Acme";

/// A card for one thing to do, or a page with the links of somebody who is signed in.
#[derive(Clone, Copy, PartialEq)]
pub enum Frame {
    Card,
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
