//! Pages that show the flows of Kratos, in a few lines each.
//!
//! [`Pages`] has one function for GET and one for POST, for all five kinds of flow. Each takes the request of a browser and
//! returns what to respond: a form to draw, or a whole response.
//!
//! ```
//! use ory_sdk::bytes::Bytes;
//! use ory_sdk::flow::{FlowKind, Form};
//! use ory_sdk::http::{Response, request::Parts};
//! use ory_sdk::web::pages::Pages;
//!
//! async fn login_page(pages: &Pages, request: &Parts) -> Response<String> {
//!     pages.get(FlowKind::Login, request).await.draw(html)
//! }
//!
//! async fn submit_login(pages: &Pages, request: &Parts, body: Bytes) -> Response<String> {
//!     pages.post(FlowKind::Login, request, body).await.draw(html)
//! }
//!
//! fn html(form: &Form) -> String {
//!     format!("<form action=\"{}\" method=\"post\">..</form>", form.action.as_str())
//! }
//! ```
//!
//! The guide [your own login pages](crate::docs::login_pages) has the whole story, and the example `login_pages` a service
//! with all five.
//!
//! # What a GET does
//!
//! | the browser asks for | what happens | the response |
//! | --- | --- | --- |
//! | the page | a flow is created | 303 to the same page with `?flow=ID` |
//! | the page with `?flow=ID` | the flow is fetched | 200: draw it |
//! | a flow that expired, was replaced, does not exist, or belongs to another browser | | 303 to the page, which creates a new one; once, then an error page |
//! | a `return_to` that Kratos does not allow | | 303 to the page without it |
//! | the login page, although somebody is signed in | | 303 to `return_to` or [`after_sign_in`]; for a second factor that is due, to the login page with `aal=aal2` |
//! | the settings, although nobody is signed in | | 303 to the login page, with the settings as `return_to` |
//! | settings that need a second factor or a fresh login | | 303 to the login page with `aal=aal2` or `refresh=true` |
//! | a second factor, although the user has none | | 303 to the settings, where one is set up |
//!
//! # What a POST does
//!
//! | Kratos | the response |
//! | --- | --- |
//! | refuses an input | draw the form again, with Kratos' status |
//! | goes on with the flow, such as after a code was sent | 303 to the page with `?flow=ID`, so that a reload posts nothing |
//! | saves the settings | 303 to where Kratos says: `return_to`, or the page with `?flow=ID` |
//! | signs the user in | 303 to where Kratos says, else to `return_to` or [`after_sign_in`] |
//! | says that somebody is signed in already, such as in another tab | 303 to `return_to` or [`after_sign_in`] |
//! | needs a second factor or a fresh login | 303 to the login page with `aal=aal2` or `refresh=true` |
//! | continues with another flow, such as the verification after a registration | 303 to the page of that kind |
//! | sends the browser somewhere, such as to a social sign-in | 303 to that URL |
//! | says that the flow is expired or belongs to another browser | 303 to the page, as after a GET |
//!
//! Both respond with an error page in all other cases ([`Pages::error`] is the page to which Kratos itself sends browsers):
//!
//! | status | when |
//! | --- | --- |
//! | 400 | Kratos does not understand the request, or the body is no JSON although it says so |
//! | 403 | the user may not do this; or a new flow is refused again, since the browser blocks cookies |
//! | 413, 415 | the body is longer than 1 MiB; is neither a form nor JSON |
//! | 500 | the client or Kratos lacks a setting |
//! | 503 with `Retry-After` | Kratos is down, busy, or behind a gateway that fails. It signs nobody out |
//!
//! Every response has `Cache-Control: no-store`, and each `Set-Cookie` line of Kratos as a line of its own, also those of
//! errors. `Host`, `X-Forwarded-*` and `Referer` are not read: all URLs begin with the one that is configured.
//!
//! [`after_sign_in`]: PagesBuilder::after_sign_in

mod after_error;
mod after_success;
mod answer;
mod body;
mod brake;
mod builder;
mod error_page;
mod handlers;
mod kratos_error;
mod kratos_url;
mod return_to;
mod sign_out;
mod site;
mod visit;

pub use answer::{FlowPage, PageAnswer};
pub use builder::PagesBuilder;
pub use error_page::ErrorPage;
pub use handlers::Pages;
