//! The client, and the ways to build and use it.

mod builder;
mod credentials;
mod environment;
mod flows;
mod handle;
mod request;
mod sending;
mod urls;

pub use builder::ClientBuilder;
#[cfg(any(feature = "web", feature = "jwt"))]
pub(crate) use flows::operation_where;
pub use flows::{CreateFlow, GetFlow, SubmitFlow};
#[cfg(feature = "web")]
pub(crate) use flows::{operation, starts};
pub use handle::Client;
pub use request::RequestBuilder;
pub use sending::Sending;
