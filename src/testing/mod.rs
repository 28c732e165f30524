//! A stand-in for Ory's servers, which runs in the process of your tests (feature `testing`).
//!
//! ```
//! # #[cfg(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use ory_sdk::Client;
//! use ory_sdk::testing::StandIn;
//! use serde_json::json;
//!
//! /// The code to test.
//! async fn invite(client: &Client, email: &str) -> ory_sdk::Result<bool> {
//!     let body = json!({"schema_id": "default", "traits": {"email": email}});
//!     match client.admin_create_identity().json_body(body).send().await {
//!         Ok(_) => Ok(true),
//!         Err(error) if error.is_conflict() => Ok(false),
//!         Err(error) => Err(error),
//!     }
//! }
//!
//! let ory = StandIn::start().await?;
//! let client = ory.client_builder().build()?;
//! assert!(invite(&client, "ada@example.org").await?);
//! assert!(!invite(&client, "ada@example.org").await?);
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
//! # fn main() {}
//! ```
//!
//! [`StandIn`] serves Kratos, Hydra and Keto: HTTP on a free port of the loopback interface, state in memory, responses
//! like those of release 26.2 of each. Start one per test, so that tests do not share state.
//!
//! ```toml
//! [dev-dependencies]
//! ory-sdk = { version = "0.1", features = ["testing"] }
//! ```
//!
//! # What it serves
//!
//! The following, both where the servers succeed and where they refuse:
//!
//! - Login, registration, settings, recovery, verification and logout, in flows of native apps and of browsers. A browser
//!   gets cookies, must send its CSRF token, and is sent to the pages of the application or, if it asks for JSON, told
//!   about them. Registration has one step, or two with [`StandInBuilder::two_step_registration`].
//! - The methods `password`, `profile`, `code` (login, registration, recovery and verification), `link` (recovery and
//!   verification), `totp` and `lookup_secret`. The others of Kratos get a 501: `oidc`, `saml`, `webauthn` and `passkey`.
//!   [`StandIn::show_providers`] and
//!   [`StandIn::show_passkeys`] draw their inputs.
//! - `to_session`, also as a JWT ([`StandIn::tokenizer`]), the caller's own sessions, and all sessions for administrators.
//! - Identities: one by one, by external id and in batches, with their sessions and credentials; imported passwords, of
//!   which hashes of bcrypt and PBKDF2 can sign in; recovery by administrators; identity schemas.
//! - The mails of all this. None is sent: they stay in the courier's list, and [`StandIn::messages`] returns them.
//! - OAuth2 clients: their administration, lifespans and secrets, and those that register themselves.
//! - Authorization code flows with PKCE, and the implicit and hybrid ones. Login, consent and logout requests, for a login
//!   and consent app of your own or for a test that plays it. Remembered logins and consents.
//! - Tokens by code, refresh token (with rotation), client credentials, device code, and the assertion of a trusted issuer.
//!   Clients authenticate by HTTP Basic, in the form, by `private_key_jwt`, or not at all.
//! - Devices without a browser: every step.
//! - Introspection, revocation, user info, and verifiable credentials.
//! - Logout of applications by the front and the back channel. The stand-in posts logout tokens once, and only to
//!   receivers on this machine.
//! - The discovery document, JSON Web Keys, and trusted issuers. Tokens are signed: by RS256 with RSA keys of 2048 bits
//!   (Hydra's have 4096), or with whatever key an administrator adds to the set `hydra.jwt.access-token` or
//!   `hydra.openid.id-token`. [`StandIn::rotate_keys`] adds new ones.
//! - Relationships (create, list, patch, delete), checks one by one and in batches, expanded trees, and namespaces. Checks
//!   follow direct relationships and subject sets, at most five sets deep. There are no rules of the permission language:
//!   a relation is exactly what was written.
//! - Health and version.
//!
//! Every other operation of the contract gets a 501 that names it, and a route that no server of Ory's has gets its 404.
//! Like self-hosted servers, a stand-in needs no access token for administrative operations.
//!
//! [`StandIn::access_token`], [`StandIn::id_token`] and [`StandIn::logout_token`] make signed tokens without a flow, good
//! ones and bad ones, to test what verifies them.
//!
//! # What differs from the servers
//!
//! - One URL serves all of them, public and administrative.
//! - Of Kratos it lacks a login for OAuth2 (`login_challenge`), webhooks, and identity schemas other than one. Registration
//!   has one step unless a test wants two. Changed settings that need a fresh login are not remembered: the person submits
//!   them again. The QR code of an authenticator app is an SVG, and the script for passkeys does nothing.
//! - Of Hydra it lacks request objects, the `jwks_uri` of clients, webhooks, scopes with wildcards, and negative lifespans.
//!   Its pages for `form_post` and for logout by the front channel are its own.
//! - Of Keto it lacks the rules of the permission language, although it checks whether a text follows it.
//! - It calls no webhook on its own. [`StandIn::call_action`] does, when a test asks for it.
//!
//! # Limits
//!
//! | what | limit |
//! | --- | --- |
//! | a password in registration and settings | at least 8 characters; no other rule |
//! | a flow for login or registration | expires after 10 minutes |
//! | a flow for settings, recovery or verification | expires after an hour |
//! | a mailed code or link | expires after an hour, and works once; after five wrong codes, recovery starts anew |
//! | a session | expires after 24 hours; changes its owner's password or identifier within 15 minutes of a login |
//! | an access token or ID token | expires after an hour, or after the client's own lifespan |
//! | a refresh token | expires after 30 days, or after the client's own lifespan |
//! | an authorization code, the codes of a device | expire after 10 minutes |
//! | a request for login, consent or a device's code | expires after 30 minutes |
//! | a remembered login | is forgotten after 30 days, or after the time that the login app says |
//! | the body of a request | 1 MiB, else a 413; JSON with 100 levels of lists and objects, else a 400 |
//! | the headers of a request | 64 KiB and 100 headers, else a 431 |
//! | the host of a request | a loopback address or `localhost`, with the port of the stand-in, else a 421 |
//!
//! [`StandIn::advance`] lets a test reach the limits in time without waiting. [`StandIn::person`] and
//! [`StandIn::sign_in`] save it the way through the flows, where these are not what it tests. The host is checked because
//! a web page may give its own name the address 127.0.0.1 (DNS rebinding), and could then read what the stand-in returns.
//!
//! Use it in tests alone: it keeps passwords in clear text, and its tokens do not come from a secure generator.

mod action;
mod builder;
mod call;
mod call_action;
mod clock;
mod draft;
mod error;
#[cfg(any(fuzzing, test))]
mod exchange;
mod fault;
mod http;
mod hydra;
mod keto;
mod kratos;
mod messages;
mod metadata;
mod model;
mod nesting;
mod operation;
mod outgoing;
mod page;
mod patch;
mod people;
mod random;
mod schema;
mod server;
mod signed_in;
mod stand_in;
mod state;
mod tokenizer;
mod tokens;
mod unserved;

pub use action::ActionCall;
pub use builder::StandInBuilder;
pub use call::Call;
pub use call_action::ActionResponse;
pub use draft::TokenDraft;
#[cfg(any(fuzzing, test))]
pub(crate) use exchange::Exchange;
pub use fault::Fault;
pub use messages::SentMessage;
pub use people::{Person, PersonBuilder};
pub use signed_in::SignedInPerson;
pub use stand_in::StandIn;
