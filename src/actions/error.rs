//! Why a handler failed.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use http::{Response, StatusCode};

use super::respond;

/// Why a handler failed: anything that `?` makes of an error, or a text.
///
/// ```
/// use ory_sdk::actions::{Action, ActionError, Decision, FlowContext};
///
/// async fn registered(call: Action<FlowContext>) -> Result<Decision, ActionError> {
///     let address = call.header("true-client-ip").ok_or("the proxy sets no address")?;
///     let _: std::net::IpAddr = address.parse()?;
///     Ok(Decision::Continue)
/// }
/// ```
///
/// The response is a 500 without a body. Kratos and Hydra try again, three times in all, and then give up: the person gets
/// an error, and no token is issued. The text of the error never leaves the service: log it from [`source`](Self::source),
/// or in a layer, from the extensions of the response.
///
/// Not every error is a 500 by itself: an [`Error`](crate::Error) of a call to Ory is a response of axum, too, and may be a
/// 401 or a 403. Those mean something else to Hydra and Kratos, so let handlers return this type.
///
/// `Debug` shows nothing of the error, which may hold what the person typed.
#[derive(Clone)]
pub struct ActionError {
    source: Arc<dyn Error + Send + Sync>,
}

impl ActionError {
    /// The error.
    ///
    /// ```
    /// use ory_sdk::actions::ActionError;
    ///
    /// let error = ActionError::from("the database is away");
    /// assert_eq!(error.source().to_string(), "the database is away");
    /// ```
    pub fn source(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.source
    }

    /// The response: 500, without a body. Its extensions hold this error, for a layer that logs.
    ///
    /// ```
    /// use ory_sdk::actions::ActionError;
    ///
    /// let response = ActionError::from("the database is away").into_response();
    /// assert!(response.status() == 500 && response.body().is_empty());
    /// let error = response.extensions().get::<ActionError>().unwrap();
    /// assert_eq!(error.source().to_string(), "the database is away");
    /// ```
    pub fn into_response(self) -> Response<String> {
        let mut response = respond::empty(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(self);
        response
    }
}

// Not an `Error` itself, so that `?` makes it of every error.
impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for ActionError {
    fn from(error: E) -> Self {
        Self { source: error.into().into() }
    }
}

impl From<ActionError> for Response<String> {
    fn from(error: ActionError) -> Self {
        error.into_response()
    }
}

impl fmt::Debug for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActionError(..)")
    }
}
