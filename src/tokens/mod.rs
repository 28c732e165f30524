//! Tokens for calls (feature `tokens`): of a service for itself, and of people who sign in with Hydra.
//!
//! - [`ClientCredentials`] are tokens of a service for itself.
//! - [`CodeFlow`] signs people in, in the browser of an application; [`DeviceFlow`] does so for a device without one.
//! - [`RefreshTokens`] are tokens of a person, renewed by a refresh token.
//! - [`BearerLayer`] puts tokens into the requests of other HTTP clients, such as tonic.
//!
//! The guides [calls between services](crate::docs::calls_between_services) and
//! [a client's code flow](crate::docs::code_flow) show them at work.

mod authorization_options;
mod bearer_layer;
mod callback;
mod client_credentials;
mod client_credentials_builder;
mod code_flow;
mod code_flow_builder;
mod device_flow;
mod device_flow_builder;
mod device_polls;
mod device_sign_in;
mod error;
mod header;
mod kept;
mod oauth2_client;
mod pending_sign_in;
mod refresh_tokens;
mod refresh_tokens_builder;
mod response;
mod words;

pub use authorization_options::AuthorizationOptions;
pub use bearer_layer::{BearerLayer, BearerService};
pub use client_credentials::ClientCredentials;
pub use client_credentials_builder::ClientCredentialsBuilder;
pub use code_flow::{BegunSignIn, CodeFlow};
pub use code_flow_builder::CodeFlowBuilder;
pub use device_flow::DeviceFlow;
pub use device_flow_builder::DeviceFlowBuilder;
pub use device_sign_in::DeviceSignIn;
pub use error::{TokenError, TokenErrorKind};
pub use oauth2_client::ClientAuth;
pub use pending_sign_in::PendingSignIn;
pub use refresh_tokens::RefreshTokens;
pub use refresh_tokens_builder::RefreshTokensBuilder;
pub use response::Tokens;
