//! Tokens that are checked without a call (feature `jwt`).
//!
//! Ory's servers sign four kinds of tokens. Each has a verifier of its own, which refuses the other three:
//!
//! | token | what for | verifier |
//! | --- | --- | --- |
//! | access token of Hydra, if it is a JWT | a client calls your service | [`AccessTokens`] |
//! | ID token of Hydra | a person signed in at your application | [`IdTokens`] |
//! | logout token of Hydra | a session has ended | [`LogoutTokens`] |
//! | tokenized session of Kratos | a person is signed in | [`SessionTokens`] |
//!
//! An opaque access token (`ory_at_...`) is checked by Hydra: [`Introspection`]. [`Bearers`] takes both kinds of access
//! tokens, for a service whose clients have either.
//!
//! ```
//! # #[cfg(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use ory_sdk::jwt::{AccessTokens, Bearers, Introspection, KeySet, Refusal};
//!
//! # let ory = ory_sdk::testing::StandIn::start().await?;
//! # let client = ory.client_builder().build()?;
//! # let issuer = ory.url();
//! let jwt = AccessTokens::builder(&KeySet::of_hydra(&client)?)
//!     .issuer(issuer)
//!     .audience("https://api.example.org")
//!     .build()?;
//! let opaque = Introspection::builder(&client).audience("https://api.example.org").build()?;
//! let bearers = Bearers::of(jwt).and(opaque);
//!
//! # let mut headers = http::HeaderMap::new();
//! # let sent = ory.access_token().audience(["https://api.example.org"]).scope(["read"]).sign();
//! # headers.insert("authorization", format!("Bearer {sent}").parse()?);
//! // The headers of a request.
//! let token = bearers.check(&headers).await?;
//! token.require_scope("read")?;
//! # assert!(matches!(bearers.check(&http::HeaderMap::new()).await, Err(Refusal::Missing)));
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
//! # fn main() {}
//! ```
//!
//! # What is refused
//!
//! A token is refused if it is longer than 16 KiB, does not have exactly three parts, or has a header or claims that are not
//! a JSON object or have a key twice; if its algorithm is not allowed, or not that of its key; if it has critical
//! extensions (`crit`, `b64`); if a claim has the wrong type; if it is of another kind; and if issuer, audience, times or
//! signature are wrong. An outage is never taken for a bad token: [`Refusal::Unavailable`].

mod access_token;
mod accessors;
mod algorithm;
mod audience;
#[cfg(feature = "axum")]
pub mod axum;
mod bearers;
mod claims;
mod id_token;
mod introspection;
mod invalid_token;
mod jws;
mod key;
mod key_set;
mod keys;
mod kind;
mod logout_token;
#[cfg(test)]
mod recorded_tests;
mod refusal;
mod remote;
mod session_token;
#[cfg(any(fuzzing, test))]
pub(crate) mod signature;
mod strict_json;
mod used;
#[cfg(test)]
mod vectors_tests;
mod verifier;

pub use access_token::{AccessToken, AccessTokens};
pub use algorithm::Algorithm;
pub use bearers::Bearers;
#[cfg(feature = "tokens")]
pub(crate) use claims::same_issuer;
pub use id_token::{IdToken, IdTokenCheck, IdTokens};
pub use introspection::{Introspection, IntrospectionBuilder};
pub use invalid_token::InvalidToken;
pub use key_set::KeySet;
pub use logout_token::{LogoutToken, LogoutTokens};
pub use refusal::Refusal;
pub use session_token::{SessionToken, SessionTokens};
pub use verifier::VerifierBuilder;
