//! Calls an application, and keeps what it responded.

use std::fmt;
use std::io;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use super::action::{ActionCall, Content};
use super::messages::SentMessage;
use super::outgoing;
use super::random;
use super::stand_in::StandIn;
use super::{hydra, kratos};
use crate::privacy::Secret;

/// How often the servers try, while the application responds with a 5xx or not at all.
const TRIES: u32 = 3;

/// What an application responded to [`StandIn::call_action`].
///
/// ```
/// # async fn example(ory: &ory_sdk::testing::StandIn) -> std::io::Result<()> {
/// use ory_sdk::testing::ActionCall;
///
/// let call = ActionCall::after_registration("ada@example.org");
/// let response = ory.call_action("http://127.0.0.1:8080/hooks/registered", &call).await?;
/// assert_eq!((response.status(), response.tries()), (http::StatusCode::NO_CONTENT, 1));
/// # Ok(())
/// # }
/// ```
///
/// Its `Debug` shows the status and the size of the body.
#[derive(Clone)]
pub struct ActionResponse {
    response: Response<Bytes>,
    tries: u32,
}

impl ActionResponse {
    /// The status of the last try.
    ///
    /// ```
    /// # fn example(response: &ory_sdk::testing::ActionResponse) {
    /// assert_eq!(response.status(), http::StatusCode::OK);
    /// # }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers of the last try.
    ///
    /// ```
    /// # fn example(response: &ory_sdk::testing::ActionResponse) {
    /// assert_eq!(response.headers()["content-type"], "application/json");
    /// # }
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The body of the last try.
    ///
    /// ```
    /// # fn example(response: &ory_sdk::testing::ActionResponse) {
    /// assert!(response.body().is_empty());
    /// # }
    /// ```
    pub fn body(&self) -> &Bytes {
        self.response.body()
    }

    /// The body, if it is JSON.
    ///
    /// ```
    /// # fn example(response: &ory_sdk::testing::ActionResponse) {
    /// assert_eq!(response.json().unwrap()["session"]["access_token"]["tenant"], 1);
    /// # }
    /// ```
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.response.body()).ok()
    }

    /// How often the application was called: more than once if it responded with a 5xx.
    ///
    /// ```
    /// # fn example(response: &ory_sdk::testing::ActionResponse) {
    /// assert_eq!(response.tries(), 1);
    /// # }
    /// ```
    pub fn tries(&self) -> u32 {
        self.tries
    }
}

impl fmt::Debug for ActionResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActionResponse")
            .field("status", &self.status().as_u16())
            .field("body_bytes", &self.body().len())
            .field("tries", &self.tries)
            .finish_non_exhaustive()
    }
}

impl StandIn {
    /// Calls an application, as Kratos or Hydra would.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ory_sdk::testing::{ActionCall, Fault, StandIn};
    ///
    /// let ory = StandIn::start().await?;
    /// ory.person("ada@example.org").create();
    /// // Another stand-in takes the place of the application.
    /// let application = StandIn::start().await?;
    /// application.fail_all(Fault::status(http::StatusCode::OK).always());
    /// let url = format!("{}/hooks/registered", application.url());
    /// let response = ory.call_action(&url, &ActionCall::after_registration("ada@example.org")).await?;
    /// assert_eq!(response.status(), http::StatusCode::OK);
    ///
    /// let sent = application.calls()[0].json().unwrap();
    /// assert_eq!(sent["identity"]["traits"]["email"], "ada@example.org");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Like the servers, it tries three times while the application responds with a 5xx or not at all, but it does not wait
    /// in between. It is a POST; what the server then makes of the response is in the guide on actions.
    ///
    /// # Errors
    ///
    /// If the URL is not plain http on this machine, nobody signs in with the address of a web hook, a header cannot be
    /// sent, or no try got a response within 30 seconds.
    pub async fn call_action(&self, url: &str, call: &ActionCall) -> io::Result<ActionResponse> {
        let body = self.action_body(call)?;
        let trigger = random::uuid().to_string();
        let mut tries = 0;
        loop {
            tries += 1;
            let result = outgoing::send(url, headers(call, &trigger)?, body.clone()).await;
            let is_final = match &result {
                Ok(response) => !response.status().is_server_error(),
                Err(error) => error.kind() == io::ErrorKind::InvalidInput,
            };
            if is_final || tries == TRIES {
                return result.map(|response| ActionResponse { response, tries });
            }
        }
    }

    fn action_body(&self, call: &ActionCall) -> io::Result<Bytes> {
        let state = self.state();
        let json = match (&call.body, &call.content) {
            (Some(body), _) => body.clone(),
            (None, Content::WebHook { kind, email }) => {
                let missing = || {
                    let why = format!("nobody signs in with {email:?}: create the person first");
                    io::Error::new(io::ErrorKind::InvalidInput, why)
                };
                let identity = state.identities.by_identifier(email).ok_or_else(missing)?;
                let session = state.sessions.of(identity.id).last();
                kratos::web_hook_context(&state, *kind, identity, session)
            }
            (None, Content::PasswordMigration { identifier, password }) => {
                json!({"identifier": identifier, "password": password.expose()})
            }
            (None, Content::Mail(message)) => mail(message),
            (None, Content::TokenHook(request)) => hydra::token_hook_body(&state, request),
            (None, Content::RefreshTokenHook(request)) => hydra::refresh_token_hook_body(&state, request),
            (None, Content::BackChannelLogout(token)) => {
                return Ok(Bytes::from(format!("logout_token={}", token.expose())));
            }
        };
        Ok(Bytes::from(json.to_string()))
    }
}

/// A mail as the default template of the courier writes it.
fn mail(message: &SentMessage) -> Value {
    let only = |kind: &str, value: Option<&Secret>| {
        value.filter(|_| message.kind().starts_with(kind)).map(|value| value.expose().to_owned())
    };
    json!({
        "recipient": message.recipient(),
        "to": message.recipient(),
        "template_type": message.kind(),
        "subject": message.subject(),
        "body": message.body(),
        "recovery_code": only("recovery", message.code()),
        "recovery_url": only("recovery", message.link()),
        "verification_code": only("verification", message.code()),
        "verification_url": only("verification", message.link()),
    })
}

fn headers(call: &ActionCall, trigger: &str) -> io::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(header::USER_AGENT, HeaderValue::from_static("Go-http-client/1.1"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(call.content_type()));
    let mut set = |name: &str, value: &str| -> io::Result<()> {
        let wrong = |_| io::Error::new(io::ErrorKind::InvalidInput, format!("the header {name:?} cannot be sent"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong(()))?;
        headers.insert(name, HeaderValue::from_str(value).map_err(|_| wrong(()))?);
        Ok(())
    };
    if call.is_of_kratos_hook() {
        set("ory-webhook-request-id", &random::uuid().to_string())?;
        set("ory-webhook-trigger-id", trigger)?;
    }
    for (name, value) in &call.headers {
        set(name, value.expose())?;
    }
    Ok(headers)
}
