//! Faults on demand: what a test wants to go wrong.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode};

use super::http::{Reply, refuse};
use super::operation;
use super::stand_in::StandIn;
use crate::contract::Operation;
use crate::input::InvalidArgument;

/// What goes wrong with a call: for [`StandIn::fail`].
///
/// ```
/// use std::time::Duration;
/// use http::StatusCode;
/// use ory_sdk::testing::Fault;
///
/// let busy = Fault::status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "1").times(2);
/// let slow = Fault::slow(Duration::from_secs(3));
/// let down = Fault::status(StatusCode::BAD_GATEWAY).html().always();
/// # let _ = (busy, slow, down);
/// ```
///
/// A fault happens once, unless [`times`](Self::times) or [`always`](Self::always) says otherwise.
///
/// Its `Debug` shows neither the headers nor the body of a response.
#[derive(Clone)]
pub struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) delay: Duration,
    /// `None` means every time.
    times: Option<u32>,
}

#[derive(Clone)]
pub(crate) enum FaultKind {
    /// This response, and the request is not looked at.
    Respond(Reply),
    /// No response, and the request is not looked at.
    Closed,
    /// The stand-in does what was asked, but sends no response.
    Lost,
    /// The stand-in does what was asked, and sends half of the body of its response.
    Cut,
    /// The usual response.
    Usual,
}

impl Fault {
    fn new(kind: FaultKind) -> Self {
        Self { kind, delay: Duration::ZERO, times: Some(1) }
    }

    /// A response with this status, instead of what was asked.
    ///
    /// ```
    /// let fault = ory_sdk::testing::Fault::status(http::StatusCode::SERVICE_UNAVAILABLE);
    /// # let _ = fault;
    /// ```
    ///
    /// Its body is an error in the shape of Kratos. [`html`](Self::html) and [`body`](Self::body) replace it.
    pub fn status(status: StatusCode) -> Self {
        Self::new(FaultKind::Respond(refuse(status, "a test asked the stand-in for this response")))
    }

    /// The connection is closed without a response, and nothing happens.
    ///
    /// ```
    /// let fault = ory_sdk::testing::Fault::closed();
    /// # let _ = fault;
    /// ```
    pub fn closed() -> Self {
        Self::new(FaultKind::Closed)
    }

    /// The stand-in does what was asked, but closes the connection without a response.
    ///
    /// ```
    /// let fault = ory_sdk::testing::Fault::lost();
    /// # let _ = fault;
    /// ```
    ///
    /// This is the case that makes a repeat dangerous: the caller cannot know that the call had its effect.
    pub fn lost() -> Self {
        Self::new(FaultKind::Lost)
    }

    /// The stand-in does what was asked, but the connection breaks off half way through the body of the response.
    ///
    /// ```
    /// let fault = ory_sdk::testing::Fault::cut();
    /// # let _ = fault;
    /// ```
    pub fn cut() -> Self {
        Self::new(FaultKind::Cut)
    }

    /// The usual response, but `delay` later.
    ///
    /// ```
    /// let fault = ory_sdk::testing::Fault::slow(std::time::Duration::from_secs(3));
    /// # let _ = fault;
    /// ```
    pub fn slow(delay: Duration) -> Self {
        Self::new(FaultKind::Usual).after(delay)
    }

    /// Waits before it happens.
    ///
    /// ```
    /// use ory_sdk::testing::Fault;
    /// let fault = Fault::closed().after(std::time::Duration::from_millis(50));
    /// # let _ = fault;
    /// ```
    ///
    /// The time is tokio's, so that a test that pauses tokio's clock does not wait.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Happens to the next `times` calls.
    ///
    /// ```
    /// let fault = ory_sdk::testing::Fault::closed().times(2);
    /// # let _ = fault;
    /// ```
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Happens to every call, until [`StandIn::clear_faults`].
    ///
    /// ```
    /// let fault = ory_sdk::testing::Fault::closed().always();
    /// # let _ = fault;
    /// ```
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Adds a header to the response of [`status`](Self::status). Other faults have no response of their own.
    ///
    /// ```
    /// use ory_sdk::testing::Fault;
    /// let fault = Fault::status(http::StatusCode::TOO_MANY_REQUESTS).header("retry-after", "1");
    /// # let _ = fault;
    /// ```
    ///
    /// A name or value that is not allowed in a header is left out.
    pub fn header(self, name: &str, value: &str) -> Self {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) if HeaderValue::from_str(value).is_ok() => self.change(|reply| reply.header(name, value)),
            _ => self,
        }
    }

    /// Gives the response of [`status`](Self::status) this body. Other faults have no response of their own.
    ///
    /// ```
    /// use ory_sdk::testing::Fault;
    /// let fault = Fault::status(http::StatusCode::OK).body("application/json", "{\"id\": 1}");
    /// # let _ = fault;
    /// ```
    pub fn body(self, content_type: &str, body: impl Into<String>) -> Self {
        self.change(|reply| reply.with_body(content_type, body))
    }

    /// Changes the response, if the fault has one of its own.
    fn change(mut self, change: impl FnOnce(Reply) -> Reply) -> Self {
        self.kind = match self.kind {
            FaultKind::Respond(reply) => FaultKind::Respond(change(reply)),
            other => other,
        };
        self
    }

    /// Gives the response the HTML page of a gateway, which is no JSON.
    ///
    /// ```
    /// use ory_sdk::testing::Fault;
    /// let fault = Fault::status(http::StatusCode::BAD_GATEWAY).html();
    /// # let _ = fault;
    /// ```
    pub fn html(self) -> Self {
        self.change(|reply| {
            let page = format!("<html>\r\n<head><title>{}</title></head>\r\n</html>\r\n", reply.status());
            reply.with_body("text/html", page)
        })
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            FaultKind::Respond(reply) => format!("a response with {}", reply.status()),
            FaultKind::Closed => "a closed connection".to_owned(),
            FaultKind::Lost => "a lost response".to_owned(),
            FaultKind::Cut => "a cut body".to_owned(),
            FaultKind::Usual => "the usual response".to_owned(),
        };
        f.debug_struct("Fault").field("kind", &kind).field("delay", &self.delay).field("times", &self.times).finish()
    }
}

/// The faults that are still to happen.
#[derive(Default)]
pub(crate) struct Faults(VecDeque<(Option<&'static str>, Fault)>);

impl Faults {
    /// Takes the next fault for a call of `operation`, or of no operation of the contract.
    pub(crate) fn take(&mut self, operation: Option<&Operation>) -> Option<Fault> {
        let id = operation.map(|operation| operation.id);
        let at = self.0.iter().position(|(wanted, _)| wanted.is_none() || *wanted == id)?;
        let (_, fault) = self.0.get_mut(at)?;
        let taken = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.0.remove(at);
            }
        }
        Some(taken)
    }
}

impl StandIn {
    /// Makes the next calls of an operation fail.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use http::StatusCode;
    /// use ory_sdk::testing::{Fault, StandIn};
    ///
    /// let ory = StandIn::start().await?;
    /// let client = ory.client_builder().build()?;
    /// ory.fail("to_session", Fault::status(StatusCode::SERVICE_UNAVAILABLE).always())?;
    /// let error = client.to_session().send().await.unwrap_err();
    /// assert!(!error.is_unauthorized());
    /// assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    ///
    /// ory.clear_faults();
    /// assert!(client.to_session().send().await.is_err_and(|error| error.is_unauthorized()));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// `operation` is the name of the client's method, or the id in Ory's documents (`toSession`). Faults of the same operation happen in the
    /// order in which they were given. Note that the client repeats some calls on its own, and that each try is a call.
    ///
    /// # Errors
    ///
    /// If the contract has no operation with this name.
    pub fn fail(&self, operation: &str, fault: Fault) -> Result<(), InvalidArgument> {
        let id = operation::named(operation)?.id;
        self.add_fault(Some(id), fault);
        Ok(())
    }

    /// Makes the next requests fail, whatever they ask for.
    ///
    /// ```
    /// # #[cfg(all(feature = "metadata", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ory_sdk::contract::Endpoint;
    /// use ory_sdk::testing::{Fault, StandIn};
    ///
    /// let ory = StandIn::start().await?;
    /// let client = ory.client_builder().build()?;
    /// ory.fail_all(Fault::closed().always());
    /// assert!(client.is_alive().endpoint(Endpoint::KratosPublic).send().await.is_err());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "metadata", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn fail_all(&self, fault: Fault) {
        self.add_fault(None, fault);
    }

    /// Drops all faults that have not happened yet.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use ory_sdk::testing::{Fault, StandIn};
    ///
    /// let ory = StandIn::start().await?;
    /// ory.fail_all(Fault::closed().always());
    /// ory.clear_faults();
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_faults(&self) {
        self.state().faults.0.clear();
    }

    fn add_fault(&self, operation: Option<&'static str>, fault: Fault) {
        if fault.times != Some(0) {
            self.state().faults.0.push_back((operation, fault));
        }
    }
}
