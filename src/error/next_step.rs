//! The next step of a user, or of the caller.

use std::time::Duration;

use crate::flow::{FlowKind, Form};
use crate::privacy::Location;

/// What to do next, according to a response: [`Error::next_step`](crate::Error::next_step) and
/// [`Response::next_step`](crate::Response::next_step).
///
/// ```
/// use ory_sdk::error::NextStep;
///
/// # fn example(error: ory_sdk::Error) {
/// match error.next_step() {
///     Some(NextStep::SignIn) => println!("show the sign-in page"),
///     Some(NextStep::StepUp { url }) => println!("ask for a second factor at {url:?}"),
///     Some(NextStep::ShowFlow(form)) => form.all_messages().for_each(|message| println!("{}", message.text)),
///     Some(NextStep::Wait(time)) => println!("try again in {time:?}"),
///     _ => println!("{error}"),
/// }
/// # }
/// ```
///
/// Pages that show a flow need less: [`Error::flow_step`](crate::Error::flow_step) has three cases.
/// The guide [errors and next steps](crate::docs::errors) has an example of each step.
///
/// # Status, body and next step
///
/// The status counts, never a `code` in the body. [`Error`](crate::Error) always keeps status, headers and body.
///
/// | status | body | `next_step()` | see also |
/// | --- | --- | --- | --- |
/// | any 4xx | a flow (`ui`) | `ShowFlow` | [`Error::flow`](crate::Error::flow) decodes it as its type |
/// | 400 | a flow with message 4000010 (before Kratos 26) | `VerifyAddress` | the same |
/// | 400 | a login flow with the reason that there is a session (message 4000001) | `AlreadySignedIn` | the same |
/// | 400 | `session_already_available` | `AlreadySignedIn` | |
/// | 400 | `continue_with` a new recovery flow | `RestartFlow` | |
/// | 400, 409 | any other | none | `id()`, `oauth2_error()`, `reason()`, `message()` |
/// | 401 | of a self-service or session call | `SignIn` | with `session_aal1_required` too |
/// | 401 | of a sign-in: the identity is inactive | `NotAllowed` | |
/// | 401 | of a login, consent or logout challenge | `Expired` | |
/// | 401 | of the token endpoint, userinfo, client registration | none | `oauth2_error()` |
/// | 403 | `session_aal2_required` | `StepUp` | |
/// | 403 | `session_refresh_required` | `Reauthenticate` | |
/// | 403 | `session_verified_address_required` | `VerifyAddress` | |
/// | 403 | any other, such as `security_csrf_violation` | `NotAllowed` | `id()` |
/// | 404 | any other | `NotFound` | |
/// | 410 | `use_flow_id` | `RestartFlow` | `expired_at()`, `since()` |
/// | 410 | `redirect_to`, of a challenge | `AlreadyUsed` | |
/// | 410 | any other | `Expired` | `redirect_to()` |
/// | 422 | `redirect_browser_to` | `GoTo` | |
/// | 429 | any | `Wait` | `rate_limit()` |
/// | 503 | any, with `Retry-After` | `Wait` | |
/// | other 5xx | any | none | it never means that nobody is signed in |
/// | 3xx | a redirect that was not expected | `GoTo` | `location()` |
/// | 4xx | HTML, a text, or JSON that Ory does not send | none | [`is_from_gateway()`](crate::Error::is_from_gateway) |
/// | 4xx | empty, cut off, compressed, not UTF-8 | by the status | `body()` |
/// | 4xx, 5xx | two JSON documents | by the first | `body()` has both |
/// | 2xx | not a value of the declared type | none | `ErrorKind::Decode` with the JSON path |
/// | 2xx | beyond the size limit | none | `ErrorKind::TooLarge` |
/// | 2xx | `continue_with` a flow | `ContinueFlow` | |
/// | 2xx | `continue_with` a redirect | `GoTo` | |
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum NextStep {
    /// Nobody is signed in.
    SignIn,
    /// Somebody is already signed in.
    AlreadySignedIn,
    /// The user must present a second factor.
    StepUp {
        /// The page for it. A native app starts a login flow with `aal=aal2` instead.
        url: Option<Location>,
    },
    /// The user signed in too long ago and must do so again.
    Reauthenticate {
        /// The page for it. A native app starts a login flow with `refresh=true` instead.
        url: Option<Location>,
    },
    /// Send the browser to this URL.
    GoTo(Location),
    /// Continue with another flow, which replaces this one.
    RestartFlow {
        /// The id of the other flow.
        flow: String,
    },
    /// Show this flow. Its messages say what is wrong.
    ShowFlow(Box<Form>),
    /// The user must verify an address first.
    VerifyAddress {
        /// The id of the verification flow that the server started.
        flow: Option<String>,
        /// The page for it.
        url: Option<Location>,
    },
    /// After a success: continue with a flow that the server started, such as the verification of a new address.
    ContinueFlow {
        /// The kind of flow.
        kind: FlowKind,
        /// The id of the flow.
        flow: String,
        /// The page for it, where the server knows one.
        url: Option<Location>,
    },
    /// The login, consent or logout challenge was already used.
    AlreadyUsed {
        /// Where the browser went then.
        location: Location,
    },
    /// The flow or challenge has expired. Start again.
    Expired {
        /// How long ago.
        since: Option<Duration>,
        /// The page where a browser starts again.
        url: Option<Location>,
    },
    /// Too many requests. Wait that long.
    Wait(Duration),
    /// The user may not do this.
    NotAllowed,
    /// The object does not exist.
    NotFound,
}
