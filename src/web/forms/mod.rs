//! Draws the forms of Kratos as HTML: every type of node, for every identity schema.
//!
//! [`FormHtml`] is the form, and the service is the page around it:
//!
//! ```
//! use ory_sdk::http::Response;
//! use ory_sdk::web::forms::FormHtml;
//! use ory_sdk::web::pages::PageAnswer;
//!
//! fn respond(answer: PageAnswer) -> Response<String> {
//!     answer.draw(|form| format!("<!doctype html><html lang=\"en\"><title>Account</title>{}", FormHtml::new(form).html()))
//! }
//! ```
//!
//! It works without JavaScript, except for passkeys and security keys, and under a content security policy without
//! `unsafe-inline`: there are no styles and no handlers in it. For markup of your own, match on the nodes, as the guide
//! [web services](crate::docs::web_services) does.
//!
//! # For people who do not see the page
//!
//! Every field has a label. A message of a field belongs to it (`aria-describedby`, `aria-invalid`), those of the form are
//! announced (`role="alert"`, `role="status"`), and the first field with an error has the focus.
//!
//! # Classes
//!
//! | class | element |
//! | --- | --- |
//! | `fields` | a form |
//! | `method` | a section for one method, with a heading and a form |
//! | `field`, `check` | a field with its label and messages; one with a checkbox |
//! | `primary`, `secondary` | the button of the key Enter, and the others |
//! | `danger` | a button that takes something away |
//! | `or` | the word between two ways to do the same |
//! | `message` with `error`, `success` or `info` | a message of the form |
//! | `hint` with the same | a message of a field |
//! | `text`, `codes` | a text, such as the key of an authenticator app; a list of backup codes |
//! | `link` | a link |

mod fields;
mod handle;
mod posted;
mod tag;
mod words;

pub use handle::{FormHtml, TRIGGERS};
pub use posted::complete;
pub use words::method_name;
