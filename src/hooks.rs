//! The one place that a request passes on its way out and back: route, authorize, send, read, classify.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use reqwest::Url;

use crate::answer::{Answer, Trouble};
use crate::call::Draft;
use crate::client::{Client, Inner};
use crate::credentials::{self, Person};
use crate::endpoints::{Kind, is_loopback};
use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;

impl Client {
    /// Sends a call and makes its answer a value.
    pub(crate) async fn call<T>(
        &self,
        draft: Draft,
        decode: impl FnOnce(&Answer) -> Result<T, Trouble>,
    ) -> Result<Response<T>, Error> {
        let operation = draft.operation;
        let answer = self.exchange(draft).await?;
        match decode(&answer) {
            Ok(body) => Ok(Response::new(body, answer.status, answer.headers, answer.body)),
            Err(trouble) => Err(Error::decode(operation.id, answer, &trouble)),
        }
    }

    /// Sends a call; gives the answer if it is a success.
    async fn exchange(&self, mut draft: Draft) -> Result<Answer, Error> {
        draft.finish()?;
        let operation = draft.operation;
        let (url, kind) = self.address(&draft)?;
        self.dress(&mut draft, &url, kind)?;
        let http = self.inner.http(&url);
        let mut request = reqwest::Request::new(operation.method.clone(), url);
        *request.headers_mut() = draft.headers;
        *request.timeout_mut() = Some(draft.timeout.unwrap_or(self.inner.timeout));
        *request.body_mut() = draft.body.map(Into::into);
        let response = http.execute(request).await.map_err(|error| Error::transport(operation.id, error))?;
        let answer = read(&self.inner, operation, response).await?;
        classify(operation, answer)
    }

    fn address(&self, draft: &Draft) -> Result<(Url, Kind), Error> {
        let operation = draft.operation;
        let route = self.inner.endpoints.route(operation, &draft.path).map_err(|why| Error::configuration(operation.id, why))?;
        Ok((route.url(&draft.query), route.kind))
    }

    /// The headers that every request has, and the credential that this one carries.
    fn dress(&self, draft: &mut Draft, url: &Url, kind: Kind) -> Result<(), Error> {
        let operation = draft.operation;
        let refuse = |why: String| Error::configuration(operation.id, why);
        let headers = &mut draft.headers;
        // Kratos answers a browser unless JSON is asked for exactly.
        headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        let handle = &self.handle;
        credentials::authorize(operation, kind, &self.inner.credentials, handle, headers).map_err(refuse)?;
        if let Some(agent) = &handle.user_agent {
            let value = credentials::sensitive(agent).map_err(refuse)?;
            headers.entry(header::USER_AGENT).or_insert(value);
        }
        headers.entry(header::USER_AGENT).or_insert(self.inner.user_agent.clone());
        if let Some(address) = &handle.forwarded_for {
            let value = credentials::sensitive(address).map_err(refuse)?;
            headers.entry("x-forwarded-for").or_insert(value);
        }
        let secret = carries_secret(operation, headers, draft.body.is_some());
        if url.scheme() == "http" && secret && !is_loopback(url) && !self.inner.allow_insecure_http {
            return Err(refuse(
                "a credential would go over plain http: use https, or call `allow_insecure_http()` if that network is trusted"
                    .to_owned(),
            ));
        }
        Ok(())
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
async fn read(inner: &Inner, operation: &Operation, mut response: reqwest::Response) -> Result<Answer, Error> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let limit = if status.is_success() { inner.success_limit } else { inner.error_limit };
    let mut body = Body::default();
    loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            // An error's status says enough without the rest of its body.
            Err(_) if !status.is_success() => break,
            Err(error) => return Err(Error::transport(operation.id, error)),
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

/// A body as it comes: most are one chunk, which is kept without a copy.
#[derive(Default)]
struct Body {
    first: Bytes,
    rest: BytesMut,
}

impl Body {
    fn len(&self) -> usize {
        if self.rest.is_empty() { self.first.len() } else { self.rest.len() }
    }

    fn push(&mut self, chunk: Bytes) {
        if self.first.is_empty() {
            self.first = chunk;
            return;
        }
        if self.rest.is_empty() {
            self.rest.extend_from_slice(&self.first);
        }
        self.rest.extend_from_slice(&chunk);
    }

    fn finish(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}

/// A success, a declared redirect, or the error that it is.
fn classify(operation: &'static Operation, answer: Answer) -> Result<Answer, Error> {
    let status = answer.status;
    if status.is_success() || (operation.redirect && is_redirect(&answer)) {
        Ok(answer)
    } else if status.is_redirection() {
        Err(Error::redirect(operation.id, answer))
    } else {
        Err(Error::api(operation.id, answer))
    }
}

/// 302 and 303 are how the servers send a browser on. A 301 or 307 means a wrong port, slash or old path.
fn is_redirect(answer: &Answer) -> bool {
    matches!(answer.status, StatusCode::FOUND | StatusCode::SEE_OTHER) && answer.headers.contains_key(header::LOCATION)
}

/// Whether a handle tells a person's calls at all.
impl Person {
    pub(crate) fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }
}
