//! Any request: a method, a server and a path, sent like every operation.

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;

use bytes::Bytes;
use http::Method;
use serde::de::DeserializeOwned;

use super::handle::Client;
use super::sending::Sending;
use crate::call::{CallOptions, Draft, options};
use crate::contract::{Area, Endpoint, Operation, Repeat, Security};
use crate::error::Error;
use crate::input::Slot;
use crate::privacy::Redacted;
use crate::response::{decode, name_only, redacted};

/// # Any request
impl Client {
    /// Sends any request, for servers that have more than the contract.
    ///
    /// ```no_run
    /// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
    /// use ory_sdk::contract::Endpoint;
    /// use ory_sdk::http::Method;
    ///
    /// let version = client.request(Method::GET, Endpoint::KratosPublic, "/version").await?;
    /// println!("{} bytes", version.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Endpoints, credentials, limits and errors are those of every operation: administrative endpoints and the console
    /// get their access token, Kratos' public API gets the user's session token or cookies, a named endpoint gets only its
    /// own token ([`endpoint_token`](crate::ClientBuilder::endpoint_token)). A redirect is a success.
    pub fn request(&self, method: Method, endpoint: Endpoint, path: impl Into<String>) -> RequestBuilder {
        RequestBuilder {
            client: self.clone(),
            options: CallOptions::default(),
            method,
            endpoint,
            path: path.into(),
            body: Slot::Unset,
            content_type: "",
        }
    }
}

/// Any request: [`Client::request`].
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or `send()` is"]
pub struct RequestBuilder {
    client: Client,
    options: CallOptions,
    method: Method,
    endpoint: Endpoint,
    path: String,
    body: Slot<Bytes>,
    content_type: &'static str,
}

impl RequestBuilder {
    options!(options);

    /// Sets the body and its media type.
    pub fn body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = Slot::Set(body.into());
        self.content_type = content_type;
        self
    }

    /// Sends the request and returns the body as the server sent it. Awaiting the builder does the same.
    ///
    /// # Errors
    ///
    /// A path that does not start with a slash or that a URL parser would change, a media type that is none, an endpoint
    /// that is not configured, and every 4xx or 5xx.
    pub fn send(self) -> Sending<Bytes> {
        let client = self.client.clone();
        Sending::new(client, self.draft(), decode::bytes, redacted)
    }

    /// Sends the request and decodes a JSON body.
    ///
    /// ```no_run
    /// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
    /// use ory_sdk::contract::Endpoint;
    /// use ory_sdk::http::Method;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Version {
    ///     version: String,
    /// }
    ///
    /// let request = client.request(Method::GET, Endpoint::KratosPublic, "/version");
    /// println!("Kratos {}", request.send_json::<Version>().await?.version);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`send`](Self::send), and a body that is not a `T`.
    pub fn send_json<T: DeserializeOwned>(self) -> Sending<T> {
        let client = self.client.clone();
        Sending::new(client, self.draft(), decode::own_json::<T>, name_only)
    }

    pub(crate) fn draft(self) -> Result<Draft, Error> {
        let Self { client, options, method, endpoint, path, body, content_type } = self;
        if !path.starts_with('/') {
            let why = format!("the path {:?} does not start with a slash", Redacted(&path));
            return Err(Error::configuration("request", why));
        }
        let operation = Operation {
            id: "request",
            name: "request",
            repeat: if method.is_safe() { Repeat::Safe } else { Repeat::Once },
            method,
            path: "",
            area: if endpoint == Endpoint::KratosPublic { Area::Frontend } else { Area::Other("") },
            security: match endpoint {
                Endpoint::HydraPublic => &[Security::Basic, Security::OAuth2],
                Endpoint::KratosPublic => &[],
                Endpoint::Named(_) if !client.transport.credentials.has_own(&endpoint) => &[],
                _ => &[Security::AccessToken],
            },
            endpoint,
            parameters: &[],
            body: None,
            success: "Bytes",
            redirect: true,
            visited: false,
            legacy: None,
            since: None,
            any_endpoint: false,
            paths_at: &[],
            results: &[],
            deprecated: false,
            list: false,
        };
        let mut draft = Draft::to(Cow::Owned(operation), path.into(), options);
        draft.raw(body, false, content_type);
        draft.ready()
    }
}

impl IntoFuture for RequestBuilder {
    type Output = <Sending<Bytes> as Future>::Output;
    type IntoFuture = Sending<Bytes>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("method", &self.method)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
