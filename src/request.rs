//! A way around the contract: any method, endpoint and path, through the same hook as every operation.

use std::borrow::Cow;

use bytes::Bytes;
use http::Method;
use serde::de::DeserializeOwned;

use crate::answer;
use crate::argument::Argument;
use crate::call::{CallOptions, Draft};
use crate::client::Client;
use crate::error::Error;
use crate::operation::{Area, Endpoint, Operation, Repeat, Security};
use crate::sending::Sending;
use crate::show::Shown;

impl Client {
    /// Sends anything, for servers that know more than the contract.
    ///
    /// ```no_run
    /// # async fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::Error> {
    /// use http::Method;
    /// use ory_sdk::contract::Endpoint;
    ///
    /// let version = client.request(Method::GET, Endpoint::KratosPublic, "/version").send().await?;
    /// println!("{:?}", version.raw_body());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Endpoint, credentials, limits and errors are those of every operation: administrative endpoints and the
    /// console get the access token, Kratos' public one the person's token or cookies. A redirect is an answer.
    pub fn request(&self, method: Method, endpoint: Endpoint, path: impl Into<String>) -> RequestBuilder {
        RequestBuilder {
            client: self.clone(),
            options: CallOptions::default(),
            method,
            endpoint,
            path: path.into(),
            body: Argument::Unset,
            content_type: "",
        }
    }
}

/// A request to a path of the caller's own: [`Client::request`].
#[derive(Clone)]
#[must_use = "nothing is sent before `send()`"]
pub struct RequestBuilder {
    client: Client,
    options: CallOptions,
    method: Method,
    endpoint: Endpoint,
    path: String,
    body: Argument<Bytes>,
    content_type: &'static str,
}

impl std::fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("method", &self.method)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl RequestBuilder {
    crate::call::options!();

    /// Sends this body, whatever it is.
    pub fn body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = Argument::Set(body.into());
        self.content_type = content_type;
        self
    }

    /// Sends it and gives the body as it came.
    ///
    /// # Errors
    ///
    /// A path that does not start with a slash or that URL parsing would change, an endpoint that is not set,
    /// whatever the server answers with a 4xx or 5xx.
    pub fn send(self) -> Sending<Bytes> {
        Sending::new(self.draft(), answer::bytes)
    }

    /// Sends it and decodes a JSON body.
    ///
    /// # Errors
    ///
    /// As [`RequestBuilder::send`], and a body that is no `T`.
    pub fn send_json<T: DeserializeOwned>(self) -> Sending<T> {
        Sending::new(self.draft(), answer::json::<T>)
    }

    fn draft(self) -> Result<(Client, Draft), Error> {
        let Self { client, options, method, endpoint, path, body, content_type } = self;
        if !path.starts_with('/') {
            return Err(Error::configuration(
                "request",
                format!("the path {:?} does not start with a slash", Shown(&path)),
            ));
        }
        let operation = Operation {
            id: "request",
            name: "request",
            repeat: if method.is_safe() { Repeat::Safe } else { Repeat::Once },
            method,
            path: "",
            area: if endpoint == Endpoint::KratosPublic { Area::Frontend } else { Area::Other("") },
            security: match endpoint {
                Endpoint::KratosAdmin | Endpoint::HydraAdmin | Endpoint::Console => &[Security::AccessToken],
                Endpoint::HydraPublic => &[Security::Basic, Security::OAuth2],
                Endpoint::KratosPublic | Endpoint::Named(_) => &[],
            },
            endpoint,
            arguments: &[],
            body: None,
            success: "Bytes",
            redirect: true,
            legacy: None,
            deprecated: false,
            list: false,
        };
        let mut draft = Draft::to(Cow::Owned(operation), path.into(), options);
        draft.raw(body, false, content_type);
        draft.ready(client)
    }
}
