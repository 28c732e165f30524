//! The HTTP client in a browser: its `fetch`. The browser makes the connections, follows redirects, and holds the
//! cookies.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use reqwest::{Client, Request, RequestBuilder, Result, Url};

use super::settings::HttpSettings;
use crate::error::root_cause;

/// The HTTP client.
#[derive(Clone)]
pub(crate) struct HttpClients(Client);

impl HttpClients {
    pub(crate) fn new(settings: &HttpSettings<'_>) -> std::result::Result<Self, String> {
        let client = match settings.customize {
            Some(change) => change(Client::builder()).build(),
            None => Client::builder().build(),
        };
        client.map(Self).map_err(|error| format!("the HTTP client cannot be built: {}", root_cause(&error)))
    }

    /// Sends a request with the cookies that the browser has for its URL.
    pub(crate) async fn execute(&self, _: &Url, request: Request) -> Result<Incoming> {
        let plain = request.try_clone();
        let with_cookies = RequestBuilder::from_parts(self.0.clone(), request).fetch_credentials_include();
        match (with_cookies.send().await, plain) {
            // Hosts without cookies, such as a worker at the edge, refuse to make such a request.
            (Err(error), Some(plain)) if error.is_builder() => self.0.execute(plain).await,
            (response, _) => response,
        }
        .map(Incoming::new)
    }
}

/// A response whose body is still arriving.
pub(crate) struct Incoming {
    status: StatusCode,
    headers: HeaderMap,
    content_length: Option<u64>,
    body: Pin<Box<dyn Stream<Item = Result<Bytes>>>>,
}

impl Incoming {
    fn new(mut response: reqwest::Response) -> Self {
        Self {
            status: response.status(),
            content_length: response.content_length(),
            headers: std::mem::take(response.headers_mut()),
            body: Box::pin(response.bytes_stream()),
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    pub(crate) fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    /// The next part of the body.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>> {
        poll_fn(|context| self.body.as_mut().poll_next(context)).await.transpose()
    }
}
