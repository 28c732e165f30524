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
/// # What the user gets, by status and body
///
/// The status decides, never a `code` in the body. Whatever the body is, [`Error`] keeps it with status and headers.
///
/// | status | body | `next()` | and else |
/// | --- | --- | --- | --- |
/// | any 4xx | a flow (`ui`) | `ShowFlow` | [`Error::flow`] gives it as its own type |
/// | 400 | a flow with message 4000010 (before Kratos 26) | `VerifyAddress` | the same |
/// | 400 | `session_already_available` | `AlreadySignedIn` | |
/// | 400 | `continue_with` a new recovery flow | `RestartFlow` | |
/// | 400, 409 | any other | none | `id()`, `oauth_error()`, `reason()`, `message()` |
/// | 401 | of a self-service or session call | `SignIn` | with `session_aal1_required` too |
/// | 401 | of a sign-in: the identity is inactive | `NotAllowed` | |
/// | 401 | of a login, consent or logout challenge | `Expired` | |
/// | 401 | of the token endpoint, userinfo, client registration | none | `oauth_error()` |
/// | 403 | `session_aal2_required` | `StepUp` | |
/// | 403 | `session_refresh_required` | `Reauthenticate` | |
/// | 403 | `session_verified_address_required` | `VerifyAddress` | |
/// | 403 | any other, such as `security_csrf_violation` | `NotAllowed` | `id()` |
/// | 404 | any | `NotFound` | |
/// | 410 | `use_flow_id` | `RestartFlow` | `expired_at()`, `since()` |
/// | 410 | `redirect_to`, of a challenge | `AlreadyUsed` | |
/// | 410 | any other | `Expired` | `redirect_to()` |
/// | 422 | `redirect_browser_to` | `GoTo` | |
/// | 429 | any | `Wait` | `rate_limit()` |
/// | 503 | any, with `Retry-After` | `Wait` | |
/// | other 5xx | any | none | it never means that nobody is signed in |
/// | 3xx | none, not declared | `GoTo` | `location()` |
/// | 4xx, 5xx | HTML, text, empty, cut off, compressed, not UTF-8 | as the status says | `body()` |
/// | 4xx, 5xx | two JSON documents | as the first says | `body()` has both |
/// | 2xx | no value of the declared type | none | `ErrorKind::Decode` with the JSON path |
/// | 2xx | beyond the limit | none | `ErrorKind::TooLarge` |
///
/// # Sign a person in
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::{Next, types};
///
/// let flow = client.initialize_self_service_login_flow_without_browser().send().await?;
/// let body = types::SubmitSelfServiceLoginFlowWithPasswordMethodBody::builder()
///     .identifier("ada@example.org")
///     .password("correct horse battery staple")
///     .build()?;
/// match client.submit_self_service_login_flow().flow(flow.id.to_string()).body(body).send().await {
///     Ok(answer) => {
///         let signed_in = answer.value().and_then(|login| login.session_token.as_ref());
///         println!("signed in: {}", signed_in.is_some());
///     }
///     // A wrong password is a 400 with the flow, whose messages say so.
///     Err(error) => match error.next() {
///         Some(Next::ShowFlow(form)) => form.all_messages().for_each(|message| println!("{}", message.text)),
///         _ => return Err(error.into()),
///     },
/// }
/// # Ok(())
/// # }
/// ```
///
/// # A password that the policy refuses
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::types;
///
/// let flow = client.initialize_self_service_registration_flow_without_browser().send().await?;
/// let body = types::SubmitSelfServiceRegistrationFlowWithPasswordMethodBody::builder()
///     .traits(serde_json::json!({"email": "ada@example.org"}))
///     .password("1234")
///     .build()?;
/// let answer = client.submit_self_service_registration_flow().flow(flow.id.to_string()).body(body).send().await;
/// if let Some(form) = answer.as_ref().err().and_then(ory_sdk::Error::form) {
///     // The message stands at the field that it is about.
///     for message in form.node("password").map(|node| &node.messages[..]).unwrap_or_default() {
///         println!("{}: {}", message.id, message.text);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// # A flow that has expired
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client, id: &str) -> Result<(), ory_sdk::Error> {
/// use ory_sdk::Next;
///
/// let flow = match client.get_self_service_login_flow().id(id).send().await {
///     Ok(flow) => flow.into_body(),
///     Err(error) => match error.next() {
///         // The server began another one.
///         Some(Next::RestartFlow { flow }) => client.get_self_service_login_flow().id(flow).send().await?.into_body(),
///         Some(Next::Expired { since, .. }) => {
///             println!("expired {since:?} ago");
///             client.initialize_self_service_login_flow_without_browser().send().await?.into_body()
///         }
///         _ => return Err(error),
///     },
/// };
/// println!("{} fields", flow.ui.nodes.len());
/// # Ok(())
/// # }
/// ```
///
/// # A second factor is needed
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client, token: &str) -> Result<(), ory_sdk::Error> {
/// use ory_sdk::Next;
///
/// let person = client.with_session_token(token);
/// match person.to_session().send().await {
///     Ok(session) => println!("session {}", session.id),
///     Err(error) => match error.next() {
///         Some(Next::SignIn) => println!("to the sign-in page"),
///         Some(Next::StepUp { url: Some(url) }) => println!("a browser goes to {}", url.as_str()),
///         Some(Next::StepUp { url: None }) => {
///             let flow = person.initialize_self_service_login_flow_without_browser().aal("aal2").send().await?;
///             println!("a native app shows the flow {}", flow.id);
///         }
///         _ => return Err(error),
///     },
/// }
/// # Ok(())
/// # }
/// ```
///
/// # A login challenge that was used
///
/// ```no_run
/// # #[cfg(feature = "oauth2")]
/// # async fn example(client: &ory_sdk::Client, challenge: &str) -> Result<(), ory_sdk::Error> {
/// use ory_sdk::Next;
///
/// match client.admin_get_oauth2_login_request().login_challenge(challenge).send().await {
///     Ok(request) => println!("sign in for {:?}", request.client.client_name),
///     Err(error) => match error.next() {
///         Some(Next::AlreadyUsed { location }) => println!("send the browser to {}", location.as_str()),
///         Some(Next::Expired { .. } | Next::NotFound) => println!("begin again at the application"),
///         _ => return Err(error),
///     },
/// }
/// # Ok(())
/// # }
/// ```
///
/// # A proxy that answers for the server, and one that slows the caller down
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) {
/// use ory_sdk::Next;
///
/// if let Err(error) = client.to_session().send().await {
///     match error.next() {
///         // 429: nobody is signed out by it.
///         Some(Next::Wait(time)) => println!("again in {time:?}; the limits are {:?}", error.rate_limit()),
///         // A 502 with HTML has no next step: it is the operator's.
///         None if error.is_server_error() => {
///             // toSession: 502 Bad Gateway: the answer is HTML, as from a proxy or a wrong port
///             eprintln!("{error}");
///             eprintln!("request {:?}, {} bytes of body", error.request_id(), error.body().len());
///         }
///         _ => println!("{error}"),
///     }
/// }
/// # }
/// ```
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

/// The message of a sign-in whose address was not verified.
const ADDRESS_NOT_VERIFIED: i64 = 4_000_010;

impl Error {
    /// What to do next, if the answer says so.
    pub fn next(&self) -> Option<Next> {
        let status = self.status()?.as_u16();
        if status == 429 {
            return Some(Next::Wait(self.wait().unwrap_or(DEFAULT_WAIT)));
        }
        if status == 503
            && let Some(time) = self.wait()
        {
            return Some(Next::Wait(time));
        }
        if self.kind() == ErrorKind::Redirect {
            return self.location().map(|url| Next::GoTo(Location::new(url.to_owned())));
        }
        if self.kind() != ErrorKind::Api || !(400..500).contains(&status) {
            return None;
        }
        if let Some(form) = self.form() {
            // Before Kratos 26 an address that is to be verified first is told by a message alone.
            if form.all_messages().any(|message| message.id == ADDRESS_NOT_VERIFIED) {
                return Some(Next::VerifyAddress { flow: None, url: None });
            }
            return Some(Next::ShowFlow(Box::new(form)));
        }
        if let Some(next) = self.id().and_then(|id| self.by_id(&id)) {
            return Some(next);
        }
        let to = |text: Option<String>| text.map(Location::new);
        match status {
            401 if self.area() == Area::OAuth2 => self.of_challenge(),
            401 if self.area() == Area::Frontend && self.names_identity() => Some(Next::NotAllowed),
            401 if self.area() == Area::Frontend => Some(Next::SignIn),
            400 => self.new_recovery().map(|flow| Next::RestartFlow { flow }),
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
            // Without the first factor there is no second: nobody is signed in.
            ErrorId::SessionInactive | ErrorId::SessionAal1Required => Next::SignIn,
            ErrorId::SessionAlreadyAvailable | ErrorId::SessionAalAlreadyFulfilled => Next::AlreadySignedIn,
            ErrorId::SessionAal2Required => Next::StepUp { url: url() },
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
