//! One call from its draft to its response: check, route, write the credentials, send, classify.

use std::borrow::Cow;
use std::pin::pin;

use http::{StatusCode, header};
use reqwest::Url;

use super::classify::classify;
use super::shared::Transport;
use super::trace;
use super::tries::Tries;
use crate::call::Draft;
use crate::contract::Operation;
use crate::credentials::{self, Authorization, Caller, CookieJar, TokenSource};
use crate::error::Error;
use crate::platform::{self, Instant};
use crate::privacy::{Location, Secret};
use crate::response::{Decode, RawResponse, Response, Show};
use crate::routing::{check_length, is_loopback};
use crate::wire::budget::until;

impl Transport {
    /// Sends a call, and returns the response if it is a success.
    pub(crate) async fn exchange(&self, caller: &Caller, mut draft: Draft) -> Result<Exchanged, Error> {
        if self.validate {
            draft.check_bounds(self.endpoints.is_legacy(&draft.operation))?;
        }
        draft.finish()?;
        let id = draft.operation.id;
        let refuse = |why: String| Error::configuration(id, why);
        let route = self.endpoints.route(&draft.operation, &draft.path).map_err(refuse)?;
        let url = route.url(&draft.query).map_err(refuse)?;
        check_length(&draft.operation, &url).map_err(refuse)?;
        let authorization = if draft.headers.contains_key(header::AUTHORIZATION) {
            Authorization::None
        } else {
            self.credentials.authorization(&draft.operation, route.kind, caller).map_err(refuse)?
        };
        let call = credentials::Call {
            operation: &draft.operation,
            url: &url,
            endpoints: &self.endpoints,
            cookie_names: &self.cookie_names,
            user_agent: self.user_agent.as_ref(),
        };
        let jar = caller.write_headers(&call, &mut draft.headers).map_err(refuse)?;
        let source = match authorization {
            Authorization::None => None,
            Authorization::Value(value) => {
                draft.headers.insert(header::AUTHORIZATION, credentials::sensitive(value.expose()).map_err(refuse)?);
                None
            }
            Authorization::Token(source) => Some(source),
        };
        let trace = trace::Call::start(&draft.operation, &url);
        let (response, Tries { count: tries, end, .. }) = {
            let delivery = pin!(self.deliver(jar, &mut draft, &url, source, &trace));
            #[cfg(not(target_family = "wasm"))]
            let delivery =
                platform::with_runtime(delivery, |missing| Err(Error::configuration(id, missing.to_string())));
            trace.run(delivery).await?
        };
        Ok(Exchanged { operation: draft.operation, response, tries, end, trace })
    }

    /// The URL at which a browser makes this call itself.
    pub(crate) fn browser_url(&self, mut draft: Draft) -> Result<Location, Error> {
        draft.finish()?;
        let refuse = |why: String| Error::configuration(draft.operation.id, why);
        let route = self.endpoints.browser_route(&draft.operation, &draft.path).map_err(refuse)?;
        route.url(&draft.query).map(Location::from).map_err(refuse)
    }

    /// Sends a call whose URL and headers are complete, but for the cookies of `jar` and the token of `source`. If the
    /// server refuses that token, asks for another one and sends the call once more.
    async fn deliver(
        &self,
        jar: Option<&CookieJar>,
        draft: &mut Draft,
        url: &Url,
        source: Option<&TokenSource>,
        trace: &trace::Call,
    ) -> Result<(RawResponse, Tries), Error> {
        let mut tries = Tries::new(draft.operation.repeat, draft.timeout.unwrap_or(self.timeout));
        let failed = |error: Error| {
            trace.failed(&error);
            error
        };
        let token = write_token(draft, source, None, &tries).await.map_err(failed)?;
        let mut result = self.send_with_retries(jar, draft, url, &mut tries, trace).await;
        if let Ok(response) = &result
            && response.status == StatusCode::UNAUTHORIZED
            && token.is_some()
        {
            match write_token(draft, source, token.as_ref(), &tries).await {
                // A 401 did nothing, so that every operation may be sent again with another token.
                Ok(Some(_)) => result = self.send_with_retries(jar, draft, url, &mut tries, trace).await,
                Ok(None) => {}
                Err(error) => result = Err(error),
            }
        }
        trace.sent(tries.count);
        match result.and_then(|response| classify(&draft.operation, response)) {
            Ok(response) => {
                self.budget.success();
                trace.responded(&response);
                Ok((response, tries))
            }
            Err(error) => Err(failed(error.after_tries(tries.count, tries.repeat, tries.unknown))),
        }
    }

    /// Refuses to send anything private over plain http to another machine.
    pub(super) fn check_privacy(&self, draft: &Draft, url: &Url) -> Result<(), String> {
        let open = url.scheme() == "http" && !is_loopback(url) && !self.allow_insecure_http;
        if open && draft.is_private() {
            return Err("a credential or another secret would be sent over plain http: use https, or call \
                 `allow_insecure_http()` if you trust the network"
                .to_owned());
        }
        Ok(())
    }
}

/// Writes a token of the source into the draft. Returns the token, or `None` if the source has no other than `refused`.
async fn write_token(
    draft: &mut Draft,
    source: Option<&TokenSource>,
    refused: Option<&Secret>,
    tries: &Tries,
) -> Result<Option<Secret>, Error> {
    let Some(source) = source else { return Ok(None) };
    let id = draft.operation.id;
    let refuse = |why: String| Error::configuration(id, why);
    let token = platform::timeout(tries.left(), source.token(refused)).await;
    let token = token.map_err(|_| Error::no_token_in_time(id))?;
    let Some(token) = token.map_err(|why| Error::no_token(id, &*why))? else { return Ok(None) };
    let bearer = credentials::bearer(&token, "the token provider").map_err(refuse)?;
    let value = credentials::sensitive(bearer.expose()).map_err(refuse)?;
    draft.headers.insert(header::AUTHORIZATION, value);
    Ok(Some(token))
}

/// A call that succeeded.
pub(crate) struct Exchanged {
    operation: Cow<'static, Operation>,
    response: RawResponse,
    tries: u32,
    /// When the call must end.
    end: Instant,
    trace: trace::Call,
}

impl Exchanged {
    /// Decodes the response, in the time that the call has left.
    pub(crate) fn decode<T>(self, decode: Decode<T>, show: Show<T>) -> Result<Response<T>, Error> {
        let Self { operation, response, tries, end, trace } = self;
        let Operation { id, repeat, .. } = *operation;
        let mut unreadable = Vec::new();
        match until(end, || decode(&response, &mut unreadable)) {
            Ok(body) => Ok(Response::new(id, body, response, unreadable, show)),
            Err(failure) => {
                // A body that is not the result makes a 4xx what it is elsewhere.
                let error = if response.status.is_success() || response.status.is_redirection() {
                    let within = until(end, || Error::within_success(&operation, &response));
                    within.unwrap_or_else(|| Error::decode(id, response, &failure))
                } else {
                    Error::api(&operation, response)
                };
                let error = error.after_tries(tries, repeat, false);
                trace.failed(&error);
                Err(error)
            }
        }
    }
}
