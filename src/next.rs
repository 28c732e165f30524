//! What to do next after a self-service or OAuth2 provider call that did not succeed.

use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::error_codes::ErrorId;
use crate::form::Form;
use crate::operation::Area;
use crate::response::Location;

/// The step that the caller, or the person, has to take.
///
/// ```
/// use ory_sdk::Next;
///
/// # fn example(error: ory_sdk::Error) {
/// match error.next() {
///     Some(Next::SignIn) => println!("to the sign-in page"),
///     Some(Next::StepUp { url }) => println!("second factor: {url:?}"),
///     Some(Next::ShowFlow(form)) => form.all_messages().for_each(|message| println!("{}", message.text)),
///     Some(Next::Wait(time)) => println!("again in {time:?}"),
///     _ => println!("{error}"),
/// }
/// # }
/// ```
///
/// | status | body | next |
/// | --- | --- | --- |
/// | any 4xx | a flow | `ShowFlow` |
/// | 401 | any | `SignIn`; of a challenge: `Expired` |
/// | 403 | `session_aal2_required`, `session_aal1_required` | `StepUp` |
/// | 403 | `session_refresh_required` | `Reauthenticate` |
/// | 403 | `session_verified_address_required` | `VerifyAddress` |
/// | 403 | other | `NotAllowed` |
/// | 400 | `session_already_available` | `AlreadySignedIn` |
/// | 404 | any | `NotFound` |
/// | 410 | `redirect_to` | `AlreadyUsed` |
/// | 410 | `use_flow_id` | `RestartFlow` |
/// | 410 | other | `Expired` |
/// | 422 | `redirect_browser_to` | `GoTo` |
/// | 429 | any | `Wait` |
/// | 3xx | none | `GoTo` |
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Next {
    /// Nobody is signed in.
    SignIn,
    /// Somebody is signed in already.
    AlreadySignedIn,
    /// A second factor is needed.
    StepUp {
        /// Where a browser goes for it; a native app starts a login flow with `aal=aal2`.
        url: Option<Location>,
    },
    /// The sign-in is too long ago for this.
    Reauthenticate {
        /// Where a browser goes for it; a native app starts a login flow with `refresh=true`.
        url: Option<Location>,
    },
    /// The browser has to go there.
    GoTo(Location),
    /// Start again with this flow.
    RestartFlow {
        /// The id of the flow that took its place.
        flow: String,
    },
    /// Show this flow, whose messages say what is wrong. [`Error::flow`] gives it as its own type.
    ShowFlow(Box<Form>),
    /// An address has to be verified first.
    VerifyAddress {
        /// The verification flow that was started for it.
        flow: Option<String>,
        /// Where a browser goes for it.
        url: Option<Location>,
    },
    /// The challenge was used already.
    AlreadyUsed {
        /// Where that led.
        location: Location,
    },
    /// It has expired; start again.
    Expired {
        /// How long ago.
        since: Option<Duration>,
        /// Where a browser starts again.
        url: Option<Location>,
    },
    /// Too many requests: wait that long.
    Wait(Duration),
    /// It is not allowed.
    NotAllowed,
    /// There is no such thing.
    NotFound,
}

/// How long to wait where the server does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(1);

impl Error {
    /// What to do next, if the answer says so.
    pub fn next(&self) -> Option<Next> {
        let status = self.status()?.as_u16();
        if status == 429 {
            return Some(Next::Wait(self.wait().unwrap_or(DEFAULT_WAIT)));
        }
        if self.kind() == ErrorKind::Redirect {
            return self.location().map(|url| Next::GoTo(Location::new(url.to_owned())));
        }
        if self.kind() != ErrorKind::Api || !(400..500).contains(&status) {
            return None;
        }
        if let Some(form) = self.form() {
            return Some(Next::ShowFlow(Box::new(form)));
        }
        if let Some(next) = self.id().and_then(|id| self.by_id(&id)) {
            return Some(next);
        }
        let to = |text: Option<String>| text.map(Location::new);
        match status {
            401 if self.area() == Area::OAuth2 => self.of_challenge(),
            401 if self.area() == Area::Frontend => Some(Next::SignIn),
            403 => Some(Next::NotAllowed),
            404 => Some(Next::NotFound),
            410 => Some(match (to(self.redirect_to()), self.use_flow_id()) {
                (_, Some(flow)) => Next::RestartFlow { flow },
                (Some(location), None) if self.area() == Area::OAuth2 => Next::AlreadyUsed { location },
                (url, None) => Next::Expired { since: self.since(), url },
            }),
            422 => to(self.redirect_browser_to()).map(Next::GoTo),
            _ => None,
        }
    }

    fn by_id(&self, id: &ErrorId) -> Option<Next> {
        let url = || self.redirect_browser_to().map(Location::new);
        Some(match id {
            ErrorId::SessionInactive => Next::SignIn,
            ErrorId::SessionAlreadyAvailable | ErrorId::SessionAalAlreadyFulfilled => Next::AlreadySignedIn,
            ErrorId::SessionAal1Required | ErrorId::SessionAal2Required => Next::StepUp { url: url() },
            ErrorId::SessionRefreshRequired => Next::Reauthenticate { url: url() },
            ErrorId::SessionVerifiedAddressRequired => {
                let (flow, url) = self.verification();
                Next::VerifyAddress { flow, url }
            }
            ErrorId::SelfServiceFlowReplaced | ErrorId::SelfServiceFlowExpired => match self.use_flow_id() {
                Some(flow) => Next::RestartFlow { flow },
                None => Next::Expired { since: self.since(), url: self.redirect_to().map(Location::new) },
            },
            ErrorId::BrowserLocationChangeRequired => Next::GoTo(url()?),
            _ => return None,
        })
    }

    /// A 401 of the OAuth2 provider's requests means an expired challenge; of a token, that it is no good.
    fn of_challenge(&self) -> Option<Next> {
        let unauthorized = self.oauth_error().is_some_and(|code| code.as_str() == "request_unauthorized");
        let challenge = self.operation().contains("ConsentRequest")
            || self.operation().contains("LoginRequest")
            || self.operation().contains("LogoutRequest");
        (unauthorized && challenge).then_some(Next::Expired { since: None, url: None })
    }
}
