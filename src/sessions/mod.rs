//! Who is signed in: session checks that are cached, shared between concurrent requests, and revoked at once.
//!
//! [`Sessions`] asks Kratos whose session a request has (`toSession`), and remembers the response for as long as you allow.
//! The features `web`, `tower` and `axum` build on it.
//!
//! ```
//! # #[cfg(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//!
//! use ory_sdk::sessions::{Credential, Refusal, Sessions};
//!
//! # let ory = ory_sdk::testing::StandIn::start().await?;
//! # let client = ory.client_builder().build()?;
//! let sessions = Sessions::builder(&client).max_age(Duration::from_secs(10)).build()?;
//!
//! # let ada = ory.sign_in("ada@example.org");
//! # let token = ada.token();
//! let ada = sessions.check(&Credential::session_token(token)).await?;
//! println!("{} is signed in", ada.identity().id);
//!
//! let nobody = sessions.check(&Credential::session_token("made-up")).await;
//! assert!(matches!(nobody, Err(Refusal::Nobody)));
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
//! # fn main() {}
//! ```
//!
//! # The promise
//!
//! A session that is revoked at the time *t* is refused by every check that starts after *t* + `max_age`. If you allow
//! stale sessions ([`SessionsBuilder::stale_if_error`]), that time is added while Kratos cannot be reached. What your own
//! service revokes ([`Sessions::revoke_session`], [`Sessions::revoke_identity`], [`Sessions::forget`]) is asked for again
//! by every check that starts afterwards.
//!
//! # Several instances
//!
//! Each process has its own cache. The promise holds for each of them without anything in between. A store that they
//! share would add a request to every check, and keep personal data in one more place, without a shorter bound. To
//! revoke at once everywhere, send the id through the channel that your instances already have (Redis pub/sub, NATS,
//! Postgres `NOTIFY`), and call [`Sessions::revoke_session`] in each.

mod answer;
mod builder;
mod cache;
mod check;
mod counters;
mod credential;
mod entry;
mod flights;
mod handle;
mod refusal;
mod signed_in;
mod store;
mod tombstones;
mod trace;
mod watch;

pub use builder::SessionsBuilder;
pub use check::Check;
pub use counters::SessionStats;
pub use credential::Credential;
pub use handle::Sessions;
pub use refusal::Refusal;
pub use signed_in::{Checked, SignedIn};
pub use watch::Watch;
