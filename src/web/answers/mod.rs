//! What is responded to somebody who is not let in.

mod answer;
mod builder;
mod grpc;
mod json;
mod request_kind;
mod settings;
mod urls;

#[cfg(feature = "axum")]
pub(super) use answer::without_request;
pub(super) use answer::{Facts, missing_layer};
pub use builder::SessionLayerBuilder;
#[cfg(feature = "axum")]
pub(super) use json::error_body;
pub use request_kind::RequestKind;
pub use settings::Refused;
pub(super) use settings::Settings;
