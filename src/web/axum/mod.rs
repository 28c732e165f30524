//! Extractors and responses for axum (feature `axum`).
//!
//! ```
//! use ory_sdk::web::axum::{Person, Recent, SecondFactor, Traits};
//!
//! #[derive(serde::Deserialize)]
//! struct Name {
//!     email: String,
//! }
//!
//! /// For everybody, with a greeting for those who are signed in.
//! async fn home(person: Option<Person>) -> String {
//!     person.map_or("Hello".to_owned(), |Person(person)| format!("Hello {}", person.identity().id))
//! }
//!
//! async fn account(Person(person): Person, Traits(name): Traits<Name>) -> String {
//!     format!("{} since {:?}", name.email, person.authenticated_at)
//! }
//!
//! /// For those with a second factor, who signed in during the last ten minutes.
//! async fn transfer(SecondFactor(_): SecondFactor, Recent(person): Recent<600>) -> String {
//!     format!("{} may transfer money", person.identity().id)
//! }
//! ```
//!
//! They need a [`SessionLayer`](super::SessionLayer) around the router, which has the settings and lists the answers.
//! Without one they let nobody in: the response is a 500 that says what is missing.
//!
//! Several of them in one handler make one call.

#[cfg(feature = "actions")]
mod body;
mod error;
mod extract;
mod refusal;
mod relay;

#[cfg(feature = "actions")]
pub(crate) use body::{BodyError, read_body};
pub use extract::{Person, Recent, SecondFactor, Traits};
pub use refusal::Refused;
pub use relay::Relay;
