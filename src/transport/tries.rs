//! The tries of one call: how many there were, how long they may go on, and when the next one follows.

use std::time::Duration;

use chrono::Utc;
use reqwest::Url;

use super::body::{self, Limits, listen};
use super::retry::{self, Ending};
use super::shared::Transport;
use super::trace;
use crate::call::Draft;
use crate::contract::Repeat;
use crate::credentials::CookieJar;
use crate::error::{Error, ErrorKind};
use crate::platform::{self, Instant};
use crate::response::{RawResponse, rate_limit};

/// A limit longer than the clock can count means no limit.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// The tries of one call so far.
pub(super) struct Tries {
    pub(super) repeat: Repeat,
    pub(super) count: u32,
    /// Whether an earlier try may have done what was asked.
    pub(super) unknown: bool,
    waited: Duration,
    pub(super) end: Instant,
}

impl Tries {
    pub(super) fn new(repeat: Repeat, limit: Duration) -> Self {
        let now = Instant::now();
        let end = now.checked_add(limit).unwrap_or_else(|| now + FOREVER);
        Self { repeat, count: 0, unknown: false, waited: Duration::ZERO, end }
    }

    /// The time that is left for the call.
    pub(super) fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

impl Transport {
    /// Sends a request until there is a response to return, or until no further try is allowed.
    pub(super) async fn send_with_retries(
        &self,
        jar: Option<&CookieJar>,
        draft: &mut Draft,
        url: &Url,
        tries: &mut Tries,
        trace: &trace::Call,
    ) -> Result<RawResponse, Error> {
        let id = draft.operation.id;
        loop {
            // An earlier try may have set other cookies.
            let cookies = jar.map_or(Ok(()), |jar| jar.write(url, &mut draft.headers));
            let checked = cookies.and_then(|()| self.check_privacy(draft, url));
            checked.map_err(|why| Error::configuration(id, why))?;
            tries.count += 1;
            let result = self.send_once(draft, url, tries.end).await;
            if let (Some(jar), Ok(response)) = (jar, &result) {
                jar.keep(url, &response.headers);
            }
            let ending = match &result {
                Ok(response) => Ending::Responded(response.status),
                Err(error) if error.is_connect() => Ending::NotSent,
                // A call that ran out of time or room would do so again.
                Err(error) if error.kind() != ErrorKind::Transport || tries.left().is_zero() => return result,
                Err(_) => Ending::Broken,
            };
            // Most calls end here, so only the rest looks at what the server asks for.
            if tries.count >= self.retry.tries || !retry::may_repeat(draft.operation.repeat, ending) {
                return result;
            }
            let asked = result.as_ref().ok();
            let asked = asked.and_then(|response| rate_limit::wait(response.status, &response.headers, Utc::now()));
            let wait = retry::wait(&self.retry, tries.count, ending, asked, tries.waited, fastrand::f64());
            let Some(wait) = wait.filter(|wait| *wait < tries.left()) else { return result };
            if !self.budget.take() {
                return result;
            }
            tries.unknown |= ending.is_unknown();
            tries.waited += wait;
            trace.retry(tries.count, wait, &result);
            platform::sleep(wait).await;
        }
    }

    async fn send_once(&self, draft: &Draft, url: &Url, end: Instant) -> Result<RawResponse, Error> {
        let operation = &draft.operation;
        let mut request = reqwest::Request::new(operation.method.clone(), url.clone());
        *request.headers_mut() = draft.headers.clone();
        *request.body_mut() = draft.body.clone().map(Into::into);
        let limits = Limits {
            stall: draft.stall_timeout.unwrap_or(self.stall_timeout),
            end,
            success: self.success_limit,
            error: self.error_limit,
        };
        let response = listen(operation.id, &limits, self.http.execute(url, request));
        #[cfg(target_os = "android")]
        let response = super::android::without_panic(operation.id, response);
        body::read(operation, &limits, response.await?).await
    }
}
