//! Finds the next step in a response.

use std::time::Duration;

use serde::Deserializer;
use serde::de::MapAccess;
use serde_json::Value;

use super::codes::ErrorId;
use super::failure::Error;
use super::kind::ErrorKind;
use super::next_step::NextStep;
use crate::contract::Area;
use crate::flow::{FlowKind, UiMessage};
use crate::privacy::Location;
use crate::response::{Response, without_mark};
use crate::wire::json::parse_beside;
use crate::wire::read::Read;
use crate::wire::read_object::{Fields, Object, read_object};

/// How long to wait if the server does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(1);

/// The message of a sign-in with an address that is not verified.
const ADDRESS_NOT_VERIFIED: i64 = 4_000_010;

/// The message of a form that was refused for a reason which has no message of its own.
const REFUSED: i64 = 4_000_001;

/// How that reason begins for somebody who is already signed in.
const ALREADY_SIGNED_IN: &str = "A valid session was detected";

impl Error {
    /// What to do next, if the response says so.
    pub fn next_step(&self) -> Option<NextStep> {
        if self.kind() == ErrorKind::Redirect {
            return self.location().map(NextStep::GoTo);
        }
        let status = self.status()?.as_u16();
        if status == 429 {
            return Some(NextStep::Wait(self.wait().unwrap_or(DEFAULT_WAIT)));
        }
        if status == 503
            && let Some(time) = self.wait()
        {
            return Some(NextStep::Wait(time));
        }
        // What a gateway says is not about the user.
        if self.kind() != ErrorKind::Api || !(400..500).contains(&status) || self.is_from_gateway() {
            return None;
        }
        if let Some(form) = self.form() {
            // Before Kratos 26, only a message says that an address must be verified first.
            if form.all_messages().any(|message| message.id == ADDRESS_NOT_VERIFIED) {
                return Some(NextStep::VerifyAddress { flow: None, url: None });
            }
            // Where a login starts, this is an error with an id. Where its form is submitted, only a message says it.
            let is_signed_in =
                |message: &UiMessage| message.id == REFUSED && message.text.starts_with(ALREADY_SIGNED_IN);
            if form.messages.iter().any(is_signed_in) {
                return Some(NextStep::AlreadySignedIn);
            }
            return Some(NextStep::ShowFlow(Box::new(form)));
        }
        self.id().and_then(|id| self.step_of_id(&id)).or_else(|| self.step_of_status(status))
    }

    fn step_of_id(&self, id: &ErrorId) -> Option<NextStep> {
        let url = || self.redirect_browser_to();
        Some(match id {
            // Without the first factor there is no second: nobody is signed in.
            ErrorId::SessionInactive | ErrorId::SessionAal1Required => NextStep::SignIn,
            ErrorId::SessionAlreadyAvailable | ErrorId::SessionAalAlreadyFulfilled => NextStep::AlreadySignedIn,
            ErrorId::SessionAal2Required => NextStep::StepUp { url: url() },
            ErrorId::SessionRefreshRequired => NextStep::Reauthenticate { url: url() },
            ErrorId::SessionVerifiedAddressRequired => {
                let started = flow_to_continue(self.continue_with(), FlowKind::Verification);
                let (flow, page) = started.unzip();
                NextStep::VerifyAddress { flow, url: page.flatten().or_else(url) }
            }
            ErrorId::SelfServiceFlowReplaced | ErrorId::SelfServiceFlowExpired => self.expired(),
            ErrorId::BrowserLocationChangeRequired => NextStep::GoTo(url()?),
            _ => return None,
        })
    }

    fn step_of_status(&self, status: u16) -> Option<NextStep> {
        let area = self.inner.area;
        match status {
            // A challenge that has expired. Any other 401 of OAuth2 is about a token or a client.
            401 if area == Area::OAuth2 => {
                let unauthorized = self.oauth2_error().is_some_and(|code| code.as_str() == "request_unauthorized");
                (unauthorized && self.inner.takes_challenge).then_some(NextStep::Expired { since: None, url: None })
            }
            401 if area == Area::Frontend && self.names_identity() => Some(NextStep::NotAllowed),
            401 if area == Area::Frontend => Some(NextStep::SignIn),
            400 => {
                let (flow, _) = flow_to_continue(self.continue_with(), FlowKind::Recovery)?;
                Some(NextStep::RestartFlow { flow })
            }
            403 => Some(NextStep::NotAllowed),
            // A server without the operation says nothing about an object.
            404 => (!self.is_unknown_route()).then_some(NextStep::NotFound),
            410 => Some(match self.redirect_to().filter(|_| area == Area::OAuth2 && self.use_flow_id().is_none()) {
                Some(location) => NextStep::AlreadyUsed { location },
                None => self.expired(),
            }),
            422 => self.redirect_browser_to().map(NextStep::GoTo),
            _ => None,
        }
    }

    /// A flow that has expired, or the one that replaces it.
    fn expired(&self) -> NextStep {
        match self.use_flow_id() {
            Some(flow) => NextStep::RestartFlow { flow: flow.to_owned() },
            None => NextStep::Expired { since: self.since(), url: self.redirect_to() },
        }
    }
}

impl<T> Response<T> {
    /// What to do next after a success, if the response says so: continue with a flow that the server started
    /// (`continue_with`), or else go to a URL.
    ///
    /// ```no_run
    /// # #[cfg(feature = "frontend")]
    /// # async fn example(client: &ory_sdk::Client, id: &str, body: serde_json::Value) -> ory_sdk::Result<()> {
    /// use ory_sdk::error::NextStep;
    ///
    /// let registered = client.submit_self_service_registration_flow().flow(id).json_body(body).await?;
    /// if let Some(NextStep::ContinueFlow { kind, flow, .. }) = registered.next_step() {
    ///     println!("now show the {kind} flow {flow}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn next_step(&self) -> Option<NextStep> {
        if self.status().is_redirection() {
            return self.location().map(NextStep::GoTo);
        }
        let steps = parse_beside::<Continued>(without_mark(self.raw_body())).ok()?.0;
        let flow = steps.iter().find_map(|step| {
            let kind = FlowKind::ALL.into_iter().find(|kind| step["action"] == action(*kind))?;
            let (flow, url) = flow_of_step(step)?;
            Some(NextStep::ContinueFlow { kind, flow, url })
        });
        // The URL is where everything ends, though Kratos 26 lists it before the verification that its hook
        // `show_verification_ui` asks for.
        let url = || {
            let step = steps.iter().find(|step| step["action"] == "redirect_browser_to")?;
            Some(NextStep::GoTo(step["redirect_browser_to"].as_str()?.into()))
        };
        flow.or_else(url)
    }
}

/// The `continue_with` of a body.
struct Continued(Vec<Value>);

impl<'de> Object<'de> for Continued {
    const NAME: &'static str = "an object";
    const KEYS: &'static [&'static str] = &["continue_with"];

    fn place(key: &str) -> Option<usize> {
        (key == "continue_with").then_some(0)
    }

    fn read<A: MapAccess<'de>>(fields: &mut Fields<A>, slot: &mut Option<Self>) -> Result<(), A::Error> {
        let mut steps = Vec::new();
        while fields.next()?.is_some() {
            fields.container(&mut steps)?;
        }
        *slot = Some(Self(steps));
        Ok(())
    }
}

impl<'de> Read<'de> for Continued {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_object(deserializer)
    }
}

/// The action of `continue_with` that shows a flow.
fn action(kind: FlowKind) -> String {
    format!("show_{kind}_ui")
}

/// The id and page of the flow of this kind in `continue_with`.
fn flow_to_continue(steps: &[Value], kind: FlowKind) -> Option<(String, Option<Location>)> {
    let action = action(kind);
    steps.iter().find(|step| step["action"] == action.as_str()).and_then(flow_of_step)
}

fn flow_of_step(step: &Value) -> Option<(String, Option<Location>)> {
    let flow = step.get("flow")?;
    let url = flow["url"].as_str().filter(|url| !url.is_empty()).map(Location::from);
    Some((flow["id"].as_str()?.to_owned(), url))
}
