//! Who sends a request: the client itself, an end user or an OAuth2 client, and the headers that prove it.

mod authorization;
mod caller;
mod cookie_jar;
mod cookies;
mod end_user;
mod header;
mod token;

pub(crate) use authorization::{Authorization, Credentials, takes_access_token};
pub(crate) use caller::{Call, Caller};
pub use cookie_jar::CookieJar;
pub use cookies::SetCookie;
#[cfg(feature = "web")]
pub(crate) use cookies::append;
pub(crate) use cookies::{CookieNames, of_headers, relay};
pub(crate) use end_user::EndUser;
#[cfg(feature = "tokens")]
pub(crate) use header::basic;
#[cfg(feature = "sessions")]
pub(crate) use header::fits_header;
pub(crate) use header::{SESSION_TOKEN, bearer, is_blank, sensitive};
pub(crate) use token::TokenSource;
pub use token::{TokenFuture, TokenProvider};
