//! The three things that a page with a flow does after an error.

use super::codes::ErrorId;
use super::failure::Error;
use super::next_step::NextStep;
use crate::flow::Form;
use crate::privacy::Location;

/// What a page that shows a flow does after an error: [`Error::flow_step`].
///
/// ```
/// use ory_sdk::error::FlowStep;
///
/// # fn example(error: &ory_sdk::Error) {
/// match error.flow_step() {
///     Some(FlowStep::Show(form)) => println!("draw {} fields", form.nodes.len()),
///     Some(FlowStep::StartAgain { flow: Some(id) }) => println!("redirect to /login?flow={id}"),
///     Some(FlowStep::StartAgain { flow: None }) => println!("redirect to /login"),
///     Some(FlowStep::GoTo(url)) => println!("redirect to {}", url.as_str()),
///     // Not about the flow: an outage, a limit, or somebody who is already signed in.
///     None => println!("{error}"),
/// }
/// # }
/// ```
///
/// In every case, relay the cookies first: [`Error::relay_to`].
#[derive(Debug, Clone, PartialEq)]
pub enum FlowStep {
    /// Draw this form again. Its messages say what is wrong.
    Show(Box<Form>),
    /// Start a new flow of the same kind.
    StartAgain {
        /// The flow that the server already started, if it did.
        flow: Option<String>,
    },
    /// Send the browser to this URL.
    GoTo(Location),
}

impl Error {
    /// What a page that shows a flow does after this error. `None` if the error is not about the flow: then see
    /// [`next_step`](Self::next_step) and [`kind`](Self::kind).
    ///
    /// A flow starts again if it expired, was replaced, does not exist, belongs to another browser
    /// (`security_csrf_violation`) or to another identity (`security_identity_mismatch`), or if the server does not
    /// allow its `return_to`.
    pub fn flow_step(&self) -> Option<FlowStep> {
        let again = |flow| Some(FlowStep::StartAgain { flow });
        // A limit, an outage or a gateway is not about the flow, whatever the body says.
        if self.is_unavailable() || self.is_from_gateway() {
            return None;
        }
        if let Some(
            ErrorId::SecurityCsrfViolation
            | ErrorId::SecurityIdentityMismatch
            | ErrorId::SelfServiceFlowReturnToForbidden,
        ) = self.id()
        {
            return again(None);
        }
        match self.next_step()? {
            NextStep::ShowFlow(form) => Some(FlowStep::Show(form)),
            NextStep::RestartFlow { flow } => again(Some(flow)),
            NextStep::Expired { .. } | NextStep::NotFound => again(None),
            NextStep::GoTo(url) => Some(FlowStep::GoTo(url)),
            NextStep::StepUp { url } | NextStep::Reauthenticate { url } | NextStep::VerifyAddress { url, .. } => {
                url.map(FlowStep::GoTo)
            }
            _ => None,
        }
    }
}
