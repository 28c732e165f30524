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
#[cfg(feature = "web")]
pub(crate) use flows::starts;
pub use flows::{CreateFlow, GetFlow, SubmitFlow};
pub use handle::Client;
pub use request::RequestBuilder;
pub use sending::Sending;
