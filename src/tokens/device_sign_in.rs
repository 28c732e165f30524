//! A device that waits for a person to allow its sign-in.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::device_polls::{Polls, Progress};
use super::error::TokenError;
use super::oauth2_client::OAuth2Client;
use super::response::Tokens;
use crate::platform::SingleFlight;
use crate::privacy::{Location, Secret};

/// How long the codes work if the server does not say: as long as Hydra's do by default.
const LIFE: Duration = Duration::from_secs(600);
/// A longer life is cut to this.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);
/// The wait between two questions if the server does not say (RFC 8628, section 3.2).
const INTERVAL: Duration = Duration::from_secs(5);
/// No server is asked more often, whatever it says.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// A device that waits for a person to allow its sign-in: what [`DeviceFlow::start`](super::DeviceFlow::start) returns.
///
/// ```
/// # async fn example(flow: ory_sdk::tokens::DeviceFlow) -> Result<(), ory_sdk::tokens::TokenError> {
/// let sign_in = flow.start().await?;
/// match sign_in.verification_uri_complete() {
///     Some(url) => println!("show a QR code of {} bytes", url.as_str().len()),
///     None => println!("open {} and enter {}", sign_in.verification_uri(), sign_in.user_code().expose()),
/// }
/// let tokens = sign_in.poll().await?;
/// # let _ = tokens;
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap, and waits for the same sign-in. `Debug` shows no code.
#[derive(Clone)]
pub struct DeviceSignIn {
    codes: Arc<Codes>,
    polls: Arc<Polls>,
}

pub(super) struct Codes {
    pub(super) user_code: Secret,
    pub(super) verification_uri: Location,
    pub(super) verification_uri_complete: Option<Location>,
}

impl DeviceSignIn {
    pub(super) fn new(
        codes: Codes,
        oauth2: OAuth2Client,
        device_code: Secret,
        asked: Instant,
        expires_in: Option<Duration>,
        interval: Option<Duration>,
    ) -> Self {
        let life = expires_in.unwrap_or(LIFE).min(LONGEST_LIFE);
        let interval = interval.unwrap_or(INTERVAL).clamp(SHORTEST_INTERVAL, LONGEST_LIFE);
        let polls = Polls {
            oauth2,
            device_code,
            end: asked + life,
            progress: Mutex::new(Progress::new(interval, Instant::now())),
            flights: SingleFlight::default(),
        };
        Self { codes: Arc::new(codes), polls: Arc::new(polls) }
    }

    /// The code that the person enters. Show it exactly as it is: Hydra compares letter case, and accepts no added spaces or
    /// dashes.
    ///
    /// ```
    /// # fn example(sign_in: &ory_sdk::tokens::DeviceSignIn) {
    /// println!("enter {}", sign_in.user_code().expose());
    /// # }
    /// ```
    ///
    /// It is a secret until then: whoever enters it first decides who signs in.
    pub fn user_code(&self) -> &Secret {
        &self.codes.user_code
    }

    /// The URL that the person opens.
    ///
    /// ```
    /// # fn example(sign_in: &ory_sdk::tokens::DeviceSignIn) {
    /// println!("open {}", sign_in.verification_uri().as_str());
    /// # }
    /// ```
    pub fn verification_uri(&self) -> &Location {
        &self.codes.verification_uri
    }

    /// The same URL with the code in it, for a QR code.
    ///
    /// ```
    /// # fn example(sign_in: &ory_sdk::tokens::DeviceSignIn) {
    /// let qr_code = sign_in.verification_uri_complete().map(|url| url.as_str().len());
    /// # }
    /// ```
    pub fn verification_uri_complete(&self) -> Option<&Location> {
        self.codes.verification_uri_complete.as_ref()
    }

    /// How long the codes still work. Zero when they ran out.
    ///
    /// ```
    /// # fn example(sign_in: &ory_sdk::tokens::DeviceSignIn) {
    /// println!("{} seconds left", sign_in.time_left().as_secs());
    /// # }
    /// ```
    pub fn time_left(&self) -> Duration {
        self.polls.end.saturating_duration_since(Instant::now())
    }

    /// Waits until the person allowed the sign-in, and returns the tokens.
    ///
    /// ```
    /// # use ory_sdk::tokens::{DeviceSignIn, TokenError, TokenErrorKind};
    /// # async fn example(sign_in: &DeviceSignIn) -> Result<(), TokenError> {
    /// match sign_in.poll().await {
    ///     Ok(tokens) => println!("signed in, with a refresh token: {}", tokens.refresh_token.is_some()),
    ///     Err(error) if error.kind() == TokenErrorKind::Expired => println!("show new codes"),
    ///     Err(error) => println!("{error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It asks Hydra as often as Hydra says (`interval`, 5 seconds by default, and at least 1), 5 seconds less often after each
    /// `slow_down`, and half as often after each failure in a row, up to once a minute. Hydra never says that the person
    /// refused, so it ends by itself when the codes run out.
    ///
    /// It may be dropped at any time, also by `select!` or a time limit. A request that is under way goes on, and the next call
    /// gets its tokens. Once there are tokens, each call returns them.
    ///
    /// Source: Ory's operation `oauth2TokenExchange`.
    ///
    /// # Errors
    ///
    /// See [`TokenError`]: `Expired` when the codes ran out, `Refused` for any other error of OAuth2, `OutcomeUnknown` if a
    /// response with the tokens was lost.
    pub async fn poll(&self) -> Result<Tokens, TokenError> {
        self.polls.wait().await
    }
}

impl fmt::Debug for DeviceSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceSignIn")
            .field("verification_uri", &self.codes.verification_uri)
            .field("time_left", &self.time_left())
            .finish_non_exhaustive()
    }
}
