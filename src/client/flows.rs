//! One way to create, get and submit a flow of any kind.
//!
//! The operations are found in the contract's table by method and path, so that they work with every contract.

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;

use http::Method;

use super::handle::Client;
use super::sending::Sending;
use crate::call::{CallOptions, Draft, options};
use crate::contract::{self, Endpoint, Operation};
use crate::error::Error;
use crate::flow::{FlowKind, Form, Submitted};
use crate::privacy::Location;
use crate::response::{decode, redacted};
use crate::routing::canonical;

/// # Flows of any kind
///
/// These methods work with every kind of flow and every contract: a page that draws a [`Form`] needs one function
/// instead of five. The typed operations of each kind give the fields of its own types.
impl Client {
    /// Creates a flow. A browser flow by default; [`CreateFlow::native`] creates one for a native app.
    ///
    /// ```no_run
    /// # async fn example(client: &ory_sdk::Client, incoming: &http::HeaderMap) -> ory_sdk::Result<()> {
    /// use ory_sdk::flow::FlowKind;
    ///
    /// let form = client.forwarding(incoming).create_flow(FlowKind::Login).return_to("https://app.example.org/").await?;
    /// println!("{} has {} fields", form.id, form.nodes.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_flow(&self, kind: FlowKind) -> CreateFlow {
        CreateFlow { client: self.clone(), options: CallOptions::default(), kind, native: false }
    }

    /// Gets a flow by its id.
    ///
    /// ```no_run
    /// # async fn example(client: &ory_sdk::Client, id: &str) -> ory_sdk::Result<()> {
    /// use ory_sdk::flow::FlowKind;
    ///
    /// let form = client.get_flow(FlowKind::Login, id).await?;
    /// for message in form.all_messages() {
    ///     println!("{}", message.text);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_flow(&self, kind: FlowKind, id: impl ToString) -> GetFlow {
        GetFlow { client: self.clone(), options: CallOptions::default(), kind, id: id.to_string() }
    }

    /// Submits a flow.
    ///
    /// ```no_run
    /// # async fn example(client: &ory_sdk::Client, id: &str, posted: bytes::Bytes) -> ory_sdk::Result<()> {
    /// use ory_sdk::flow::{FlowKind, Submitted};
    ///
    /// // The form as the browser posted it to your service.
    /// match client.submit_flow(FlowKind::Login, id).form_body(posted).await?.into_body() {
    ///     Submitted::SignedIn { .. } => println!("signed in"),
    ///     Submitted::Form(form) => println!("show {} messages", form.all_messages().count()),
    ///     Submitted::Redirect(location) => println!("go to {}", location.as_str()),
    ///     _ => {}
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A refused input is an error: [`Error::flow_step`] says what to do with it.
    pub fn submit_flow(&self, kind: FlowKind, id: impl ToString) -> SubmitFlow {
        SubmitFlow { client: self.clone(), options: CallOptions::default(), kind, id: id.to_string() }
    }
}

/// The operation that creates a browser flow of this kind.
#[cfg(feature = "web")]
pub(crate) fn starts(kind: FlowKind) -> Option<&'static Operation> {
    operation(&Method::GET, &format!("/self-service/{kind}/browser")).ok()
}

/// The operation of Kratos' public API with this method and path.
pub(crate) fn operation(method: &Method, path: &str) -> Result<&'static Operation, Error> {
    let is_it = |it: &Operation| it.endpoint == Endpoint::KratosPublic && canonical(it.path) == path;
    operation_where("flow", method, path, is_it)
}

/// The operation with this method that `is_it`. The error names `caller` and the path that it looked for.
pub(crate) fn operation_where(
    caller: &'static str,
    method: &Method,
    path: &str,
    is_it: impl Fn(&Operation) -> bool,
) -> Result<&'static Operation, Error> {
    let found = contract::operations().iter().find(|it| it.method == *method && is_it(it)).copied();
    found.ok_or_else(|| Error::configuration(caller, format!("the contract has no operation {method} {path}")))
}

/// Creates a flow: [`Client::create_flow`].
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or `send()` is"]
pub struct CreateFlow {
    client: Client,
    options: CallOptions,
    kind: FlowKind,
    native: bool,
}

impl CreateFlow {
    options!(options);

    /// Creates a flow for a native app, which has no cookies and no CSRF token.
    pub fn native(mut self) -> Self {
        self.native = true;
        self
    }

    /// Sets where Kratos sends the browser at the end of the flow. Kratos must allow the URL.
    pub fn return_to(self, url: impl Into<String>) -> Self {
        self.query("return_to", url)
    }

    /// Makes a login flow ask for a second factor.
    pub fn aal2(self) -> Self {
        self.query("aal", "aal2")
    }

    /// Makes a login flow ask again for credentials of a user who is signed in.
    pub fn refresh(self) -> Self {
        self.query("refresh", "true")
    }

    /// Connects a login or registration flow with an OAuth2 login challenge.
    pub fn login_challenge(self, challenge: impl Into<String>) -> Self {
        self.query("login_challenge", challenge)
    }

    /// The URL at which a browser starts this flow itself: see
    /// [`ClientBuilder::kratos_browser_url`](crate::ClientBuilder::kratos_browser_url).
    ///
    /// # Errors
    ///
    /// No URL of Kratos' public API is configured.
    pub fn url(self) -> Result<Location, Error> {
        let client = self.client.clone();
        client.transport.browser_url(self.draft()?)
    }

    /// Sends the request. Awaiting the builder does the same.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Somebody who is already signed in gets
    /// [`NextStep::AlreadySignedIn`](crate::error::NextStep::AlreadySignedIn).
    pub fn send(self) -> Sending<Form> {
        let client = self.client.clone();
        Sending::new(client, self.draft(), decode::form, redacted)
    }

    fn draft(self) -> Result<Draft, Error> {
        let way = if self.native { "api" } else { "browser" };
        let operation = operation(&Method::GET, &format!("/self-service/{}/{way}", self.kind))?;
        Draft::new(operation, self.options).ready()
    }
}

/// Gets a flow: [`Client::get_flow`].
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or `send()` is"]
pub struct GetFlow {
    client: Client,
    options: CallOptions,
    kind: FlowKind,
    id: String,
}

impl GetFlow {
    options!(options);

    /// Sends the request. Awaiting the builder does the same.
    ///
    /// # Errors
    ///
    /// See [`Error`]. For a flow that expired, [`Error::flow_step`] says to start again.
    pub fn send(self) -> Sending<Form> {
        let client = self.client.clone();
        Sending::new(client, self.draft(), decode::form, redacted)
    }

    fn draft(self) -> Result<Draft, Error> {
        let operation = operation(&Method::GET, &format!("/self-service/{}/flows", self.kind))?;
        let mut draft = Draft::new(operation, self.options);
        draft.pair("id", &self.id);
        draft.ready()
    }
}

/// Submits a flow: [`Client::submit_flow`]. Give the body by `form_body`, `form` or `json_body`.
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or `send()` is"]
pub struct SubmitFlow {
    client: Client,
    options: CallOptions,
    kind: FlowKind,
    id: String,
}

impl SubmitFlow {
    options!(options);

    /// Sends the request. Awaiting the builder does the same.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Without a body, nothing is sent.
    pub fn send(self) -> Sending<Submitted> {
        let client = self.client.clone();
        Sending::new(client, self.draft(), decode::submitted, redacted)
    }

    fn draft(self) -> Result<Draft, Error> {
        let operation = operation(&Method::POST, &format!("/self-service/{}", self.kind))?;
        // A redirect is an outcome of every kind, whatever the contract says of this one.
        let path = Cow::Borrowed(operation.path);
        let operation = Operation { redirect: true, ..operation.clone() };
        let mut draft = Draft::to(Cow::Owned(operation), path, self.options);
        draft.pair("flow", &self.id);
        draft.require_own_body();
        draft.ready()
    }
}

macro_rules! into_future {
    ($builder:ident gives $output:ty) => {
        impl IntoFuture for $builder {
            type Output = <Sending<$output> as Future>::Output;
            type IntoFuture = Sending<$output>;

            fn into_future(self) -> Self::IntoFuture {
                self.send()
            }
        }

        /// Shows neither the id of the flow nor what was added.
        impl fmt::Debug for $builder {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($builder)).field("kind", &self.kind).finish_non_exhaustive()
            }
        }
    };
}

into_future!(CreateFlow gives Form);
into_future!(GetFlow gives Form);
into_future!(SubmitFlow gives Submitted);
