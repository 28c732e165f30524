//! The questions of a device: when it asks, and what the responses mean.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::error::{TokenError, TokenErrorKind};
use super::oauth2_client::OAuth2Client;
use super::response::Tokens;
use crate::contract::Repeat;
use crate::error::{Error, OAuth2ErrorCode};
use crate::platform::{SingleFlight, with_runtime};
use crate::privacy::Secret;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// How much longer a device waits after each `slow_down` (RFC 8628, section 3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// The longest wait after failures, unless the interval itself is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

pub(super) struct Polls {
    pub(super) oauth2: OAuth2Client,
    pub(super) device_code: Secret,
    /// When the codes run out.
    pub(super) end: Instant,
    pub(super) progress: Mutex<Progress>,
    pub(super) flights: SingleFlight<(), ()>,
}

/// What the device knows so far.
pub(super) struct Progress {
    interval: Duration,
    /// When it asks again.
    next: Instant,
    /// How many questions in a row got no response.
    failures: u32,
    /// Whether a response was lost that may have had the tokens.
    may_be_lost: bool,
    result: Option<Result<Tokens, TokenError>>,
}

impl Progress {
    pub(super) fn new(interval: Duration, now: Instant) -> Self {
        Self { interval, next: now + interval, failures: 0, may_be_lost: false, result: None }
    }

    /// Notes a response, and when to ask again.
    fn note(&mut self, response: Result<Tokens, Error>, now: Instant) {
        let error = match response {
            Ok(tokens) => {
                self.result = Some(Ok(tokens));
                return;
            }
            Err(error) => error,
        };
        match error.oauth2_error() {
            Some(OAuth2ErrorCode::AuthorizationPending) => self.failures = 0,
            Some(OAuth2ErrorCode::SlowDown) => {
                self.failures = 0;
                self.interval += SLOWER;
            }
            // A device code that comes twice revokes nothing, so that a lost response is no reason to stop.
            _ if error.is_unavailable() => {
                self.failures += 1;
                self.may_be_lost |= error.outcome_unknown() || error.is_server_error();
            }
            _ => {
                self.result = Some(Err(self.refusal(error)));
                return;
            }
        }
        let slower = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        let wait = self.interval.saturating_mul(slower).min(LONGEST_WAIT.max(self.interval));
        let asked = error.wait().unwrap_or_default().min(LONGEST_WAIT);
        self.next = now + wait.max(asked);
    }

    fn refusal(&self, error: Error) -> TokenError {
        match error.oauth2_error() {
            Some(OAuth2ErrorCode::ExpiredToken) => {
                TokenError::with_call(TokenErrorKind::Expired, "the codes of the device ran out", error)
            }
            // The tokens were given, and never came here.
            Some(OAuth2ErrorCode::InvalidGrant) if self.may_be_lost => TokenError::with_call(
                TokenErrorKind::OutcomeUnknown,
                "a response that may have had the tokens was lost, so the device must start again",
                error,
            ),
            _ => TokenError::of_exchange("device code", error),
        }
    }
}

impl Polls {
    /// Asks until there is a result.
    pub(super) async fn wait(self: &Arc<Self>) -> Result<Tokens, TokenError> {
        let wait = pin!(self.ask_until_done());
        with_runtime(wait, |missing| Err(TokenError::new(TokenErrorKind::Configuration, missing.to_string()))).await
    }

    async fn ask_until_done(self: &Arc<Self>) -> Result<Tokens, TokenError> {
        loop {
            let next = {
                let progress = self.progress();
                if let Some(result) = &progress.result {
                    return result.clone();
                }
                progress.next
            };
            if Instant::now() >= self.end {
                return Err(TokenError::new(TokenErrorKind::Expired, "the codes of the device ran out"));
            }
            sleep_until(next.min(self.end)).await;
            // In a task of its own, so that whoever waits may go away, and the tokens still arrive.
            let asked = self.flights.join_or_start((), || Ok(Arc::clone(self).ask())).await;
            if asked.is_none() {
                // The runtime of another waiter ended under it.
                let mut progress = self.progress();
                progress.may_be_lost = true;
                progress.next = Instant::now() + progress.interval;
            }
        }
    }

    /// Asks once, if it is time.
    async fn ask(self: Arc<Self>) {
        let now = Instant::now();
        {
            let progress = self.progress();
            if progress.result.is_some() || now < progress.next || now >= self.end {
                return;
            }
        }
        let form = [("grant_type", GRANT), ("device_code", self.device_code.expose())];
        let response = self.oauth2.tokens(Repeat::Once, &form).await;
        self.progress().note(response.map(|response| response.into_body()), Instant::now());
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        // Every change is complete before anything else can panic.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
