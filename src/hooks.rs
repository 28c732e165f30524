//! The one place that a request passes on its way out and back: route, authorize, send, read, classify.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use chrono::Utc;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use reqwest::Url;

use crate::Secret;
use crate::answer::{Answer, Trouble};
use crate::call::Draft;
use crate::client::{Client, Inner};
use crate::credentials::{self, Person, Wanted};
use crate::endpoints::is_loopback;
use crate::error::{Error, ErrorKind};
use crate::operation::{Operation, Repeat};
use crate::rate_limit;
use crate::response::Response;
use crate::retry::{self, Ending};
use crate::token::Source;
use crate::trace;

impl Client {
    /// Sends a call; gives the answer if it is a success.
    pub(crate) async fn exchange(&self, mut draft: Draft) -> Result<Exchanged, Error> {
        if self.inner.validate {
            draft.check_bounds(self.inner.endpoints.is_legacy(&draft.operation))?;
        }
        draft.finish()?;
        let id = draft.operation.id;
        let refuse = |why: String| Error::configuration(id, why);
        let route = self.inner.endpoints.route(&draft.operation, &draft.path).map_err(refuse)?;
        let url = route.url(&draft.query).map_err(refuse)?;
        let wanted = if draft.headers.contains_key(header::AUTHORIZATION) {
            Wanted::Nothing
        } else {
            credentials::wanted(&draft.operation, route.kind, &self.inner.credentials, &self.handle).map_err(refuse)?
        };
        self.dress(&mut draft, &url).map_err(refuse)?;
        let source = match wanted {
            Wanted::Nothing => None,
            Wanted::Value(value) => {
                draft.headers.insert(header::AUTHORIZATION, credentials::sensitive(value.expose()).map_err(refuse)?);
                None
            }
            Wanted::Token(source) => Some(source),
        };
        let trace = trace::Call::start(&draft.operation, &url);
        let (answer, tries) = trace.run(self.deliver(&mut draft, &url, source, &trace)).await?;
        let Operation { id, repeat, .. } = *draft.operation;
        Ok(Exchanged { id, repeat, answer, tries, trace })
    }

    /// Sends a call that has its address and headers, with a token if it wants one.
    async fn deliver(
        &self,
        draft: &mut Draft,
        url: &Url,
        source: Option<&Source>,
        trace: &trace::Call,
    ) -> Result<(Answer, u32), Error> {
        let mut tries = Tries::new(draft.operation.repeat, draft.timeout.unwrap_or(self.inner.timeout));
        let failed = |error: Error| {
            trace.failed(&error);
            error
        };
        let token = authorize(draft, source, None, tries.left()).await.map_err(failed)?;
        self.check_privacy(draft, url).map_err(|why| failed(Error::configuration(draft.operation.id, why)))?;
        let mut result = self.send_again(draft, url, &mut tries, trace).await;
        if let Ok(answer) = &result
            && answer.status == StatusCode::UNAUTHORIZED
            && token.is_some()
        {
            match authorize(draft, source, token.as_ref(), tries.left()).await {
                // A 401 did nothing, so asking again with a fresh token is safe for every operation.
                Ok(Some(_)) => result = self.send_again(draft, url, &mut tries, trace).await,
                Ok(None) => {}
                Err(error) => result = Err(error),
            }
        }
        trace.sent(tries.count);
        match result.and_then(|answer| classify(&draft.operation, answer)) {
            Ok(answer) => {
                self.inner.budget.success();
                trace.answered(&answer);
                Ok((answer, tries.count))
            }
            Err(error) => Err(failed(error.after_tries(tries.count, tries.repeat, tries.unknown))),
        }
    }

    /// Sends it until there is an answer worth giving back.
    async fn send_again(
        &self,
        draft: &Draft,
        url: &Url,
        tries: &mut Tries,
        trace: &trace::Call,
    ) -> Result<Answer, Error> {
        let policy = &self.inner.retry;
        loop {
            tries.count += 1;
            let result = self.send(draft, url, tries.left()).await;
            let ending = match &result {
                Ok(answer) => Ending::Answered(answer.status),
                Err(error) if error.is_connect() => Ending::NotSent,
                // A call that ran out of time or room would do so again.
                Err(error) if error.kind() != ErrorKind::Transport || tries.left().is_zero() => {
                    return result;
                }
                Err(_) => Ending::Broken,
            };
            // Most calls end here, so only what comes after looks at what the server asks for.
            if tries.count >= policy.tries || !retry::may_repeat(draft.operation.repeat, ending) {
                return result;
            }
            let asked = result.as_ref().ok().and_then(|answer| {
                let Answer { status, headers, .. } = answer;
                rate_limit::wait(*status, headers, Utc::now())
            });
            let wait = retry::wait(policy, tries.count, asked, tries.waited, fastrand::f64());
            let Some(wait) = wait.filter(|wait| *wait < tries.left()) else { return result };
            if !self.inner.budget.take() {
                return result;
            }
            tries.unknown |= ending.is_unknown();
            tries.waited += wait;
            trace.retry(tries.count, wait, &result);
            tokio::time::sleep(wait).await;
        }
    }

    async fn send(&self, draft: &Draft, url: &Url, limit: Duration) -> Result<Answer, Error> {
        let operation = &draft.operation;
        let mut request = reqwest::Request::new(operation.method.clone(), url.clone());
        *request.headers_mut() = draft.headers.clone();
        *request.timeout_mut() = Some(limit);
        *request.body_mut() = draft.body.clone().map(Into::into);
        let stall = draft.stall.unwrap_or(self.inner.stall);
        let response = listen(operation.id, stall, self.inner.http(url).execute(request)).await?;
        let answer = read(&self.inner, operation, stall, response).await?;
        if let Person::Jar(jar) = &self.handle.person {
            jar.keep(url, &answer.headers);
        }
        Ok(answer)
    }

    /// The headers that every request has, and the person whose call it is.
    fn dress(&self, draft: &mut Draft, url: &Url) -> Result<(), String> {
        let headers = &mut draft.headers;
        // Kratos answers a browser unless JSON is asked for exactly.
        headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        let handle = &self.handle;
        credentials::identify(&draft.operation, handle, url, headers)?;
        if let Some(agent) = &handle.user_agent {
            headers.entry(header::USER_AGENT).or_insert(credentials::sensitive(agent.expose())?);
        }
        headers.entry(header::USER_AGENT).or_insert(self.inner.user_agent.clone());
        if let Some(address) = &handle.forwarded_for {
            headers.entry("x-forwarded-for").or_insert(credentials::sensitive(address.expose())?);
        }
        Ok(())
    }

    /// Nothing that must stay private goes over plain http to another machine.
    fn check_privacy(&self, draft: &Draft, url: &Url) -> Result<(), String> {
        let open = url.scheme() == "http" && !is_loopback(url) && !self.inner.allow_insecure_http;
        if open && carries_secret(&draft.operation, &draft.headers, draft.body.is_some()) {
            return Err("a credential would go over plain http: use https, or call `allow_insecure_http()` if that \
                        network is trusted"
                .to_owned());
        }
        Ok(())
    }
}

/// A call that was a success.
pub(crate) struct Exchanged {
    id: &'static str,
    repeat: Repeat,
    answer: Answer,
    tries: u32,
    trace: trace::Call,
}

impl Exchanged {
    /// Makes the answer a value.
    pub(crate) fn decode<T>(self, decode: fn(&Answer) -> Result<T, Trouble>) -> Result<Response<T>, Error> {
        let Self { id, repeat, answer, tries, trace } = self;
        match decode(&answer) {
            Ok(body) => Ok(Response::new(body, answer.status, answer.headers, answer.body)),
            Err(trouble) => {
                let error = Error::decode(id, answer, &trouble).after_tries(tries, repeat, false);
                trace.failed(&error);
                Err(error)
            }
        }
    }
}

/// The tries of one call so far.
struct Tries {
    repeat: Repeat,
    count: u32,
    waited: Duration,
    /// Whether an earlier try may have done what was asked.
    unknown: bool,
    end: Instant,
}

impl Tries {
    fn new(repeat: Repeat, limit: Duration) -> Self {
        let now = Instant::now();
        // A limit beyond what the clock can count is none.
        let end = now.checked_add(limit).unwrap_or_else(|| now + Duration::from_secs(365 * 24 * 3600));
        Self { repeat, count: 0, waited: Duration::ZERO, unknown: false, end }
    }

    /// What is left of the call's time.
    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

/// Asks the source for a token and writes it; gives the token, if there is one to try.
async fn authorize(
    draft: &mut Draft,
    source: Option<&Source>,
    refused: Option<&Secret>,
    left: Duration,
) -> Result<Option<Secret>, Error> {
    let Some(source) = source else { return Ok(None) };
    let id = draft.operation.id;
    let refuse = |why: String| Error::configuration(id, why);
    let asked = tokio::time::timeout(left, source.token(refused)).await;
    let Some(token) = asked.map_err(|_| Error::no_token_in_time(id))?.map_err(refuse)? else { return Ok(None) };
    let value = credentials::sensitive(credentials::bearer(&token).expose()).map_err(refuse)?;
    draft.headers.insert(header::AUTHORIZATION, value);
    Ok(Some(token))
}

/// Waits for what the server says next, as long as it may be silent.
async fn listen<T>(
    operation: &'static str,
    stall: Duration,
    next: impl Future<Output = reqwest::Result<T>>,
) -> Result<T, Error> {
    match tokio::time::timeout(stall, next).await {
        Ok(said) => said.map_err(|error| Error::transport(operation, error)),
        Err(_) => Err(Error::silent(operation, stall)),
    }
}

/// Whether anything in the request must not be read on the way. A body may hold a password.
fn carries_secret(operation: &Operation, headers: &HeaderMap, has_body: bool) -> bool {
    let credential = [header::AUTHORIZATION, header::COOKIE, credentials::SESSION_TOKEN];
    has_body
        || credential.iter().any(|name| headers.contains_key(name))
        || operation.arguments.iter().any(|argument| argument.secret && argument.required)
}

/// Reads the whole body, up to the limit for its kind.
async fn read(
    inner: &Inner,
    operation: &Operation,
    stall: Duration,
    mut response: reqwest::Response,
) -> Result<Answer, Error> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let limit = if status.is_success() { inner.success_limit } else { inner.error_limit };
    let mut body = Body::new(response.content_length());
    loop {
        let chunk = match listen(operation.id, stall, response.chunk()).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            // An error's status says enough without the rest of its body.
            Err(_) if !status.is_success() => break,
            Err(error) => return Err(error.with_answer(Answer { status, headers, body: body.finish() })),
        };
        if body.len() + chunk.len() > limit {
            if status.is_success() {
                let answer = Answer { status, headers, body: body.finish() };
                return Err(Error::too_large(operation.id, limit, answer));
            }
            let room = limit - body.len();
            body.push(chunk.slice(..room));
            break;
        }
        body.push(chunk);
    }
    Ok(Answer { status, headers, body: body.finish() })
}

/// A body as it comes: most are one chunk, which is kept without a copy. Several are copied into one, since each holds
/// on to the buffer that it came in, and there may be one for each byte.
#[derive(Default)]
struct Body {
    first: Bytes,
    rest: BytesMut,
    /// How large the server says that it is, as far as that is believed.
    promised: usize,
}

impl Body {
    fn new(promised: Option<u64>) -> Self {
        let promised = promised.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or_default();
        Self { promised: promised.min(1 << 20), ..Self::default() }
    }

    fn len(&self) -> usize {
        if self.rest.is_empty() { self.first.len() } else { self.rest.len() }
    }

    fn push(&mut self, chunk: Bytes) {
        if self.first.is_empty() {
            self.first = chunk;
            return;
        }
        if self.rest.is_empty() {
            self.rest.reserve(self.promised.max(self.first.len() + chunk.len()));
            self.rest.extend_from_slice(&self.first);
        }
        self.rest.extend_from_slice(&chunk);
    }

    fn finish(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}

/// A success, a declared redirect, or the error that it is.
fn classify(operation: &Operation, answer: Answer) -> Result<Answer, Error> {
    let status = answer.status;
    if status.is_success() || (operation.redirect && is_redirect(&answer)) {
        Ok(answer)
    } else if status.is_redirection() {
        Err(Error::redirect(operation.id, answer))
    } else {
        Err(Error::api(operation, answer))
    }
}

/// 302 and 303 are how the servers send a browser on. A 301 or 307 means a wrong port, slash or old path.
fn is_redirect(answer: &Answer) -> bool {
    matches!(answer.status, StatusCode::FOUND | StatusCode::SEE_OTHER) && answer.headers.contains_key(header::LOCATION)
}
