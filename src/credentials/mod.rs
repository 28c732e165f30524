//! Who sends a request: the client itself, an end user or an OAuth2 client, and the headers that prove it.

mod authorization;
mod caller;
mod cookie_date;
mod cookie_jar;
mod cookies;
mod header;
mod token;

pub(crate) use authorization::{Authorization, Credentials};
pub(crate) use caller::{Caller, EndUser};
pub use cookie_jar::CookieJar;
pub use cookies::SetCookie;
pub(crate) use cookies::{filter, of_headers, relay};
pub(crate) use header::{SESSION_TOKEN, bearer, sensitive};
pub(crate) use token::TokenSource;
pub use token::{TokenFuture, TokenProvider};
