//! Messages that Kratos hands over.

use std::fmt;

use serde::Deserialize;

use super::lenient;
use crate::privacy::Secret;

/// A message that Kratos hands over instead of sending it (`courier.delivery_strategy: http`, or a channel of the type
/// `http`).
///
/// ```
/// use ory_sdk::actions::{Action, ActionError, CourierMessage};
///
/// # fn send(to: &str, subject: Option<&str>, body: &str) -> Result<(), std::io::Error> { Ok(()) }
/// async fn mail(call: Action<CourierMessage>) -> Result<(), ActionError> {
///     let subject = call.subject.as_ref().map(|subject| subject.expose());
///     send(&call.recipient, subject, call.body.as_ref().ok_or("no body")?.expose())?;
///     Ok(())
/// }
/// ```
///
/// Respond with any 2xx. After any other status Kratos tries again later, as `courier.message_retries` says. It logs the
/// beginning of the body of such a response.
///
/// It reads what the template of Kratos itself makes, and what [`CourierMessage::TEMPLATE`] makes. The latter also has the
/// codes of login and registration, and the HTML.
///
/// `Debug` shows the kind, and neither the person nor the text.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct CourierMessage {
    /// The address or telephone number.
    pub recipient: String,
    /// The kind: see [`kind`](Self::kind).
    template_type: String,
    /// The recipient once more, as the message itself has it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub to: Option<String>,
    /// The subject, of a mail. It may have the code, too.
    #[serde(default, deserialize_with = "lenient::secret")]
    pub subject: Option<Secret>,
    /// The text.
    #[serde(default, deserialize_with = "lenient::secret")]
    pub body: Option<Secret>,
    /// The text as HTML, of a mail, with [`CourierMessage::TEMPLATE`] and a Kratos that passes it.
    #[serde(default, deserialize_with = "lenient::secret")]
    pub html_body: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::secret")]
    recovery_code: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::secret")]
    verification_code: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::secret")]
    login_code: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::secret")]
    registration_code: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::secret")]
    recovery_url: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::secret")]
    verification_url: Option<Secret>,
}

impl CourierMessage {
    /// A Jsonnet template for `body` of the request's configuration: as `file://` or, in base64, as `base64://`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir();
    /// std::fs::write(folder.join("courier_message.jsonnet"), ory_sdk::actions::CourierMessage::TEMPLATE)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const TEMPLATE: &str = include_str!("templates/courier_message.jsonnet");

    /// The kind, as Kratos names its templates: `recovery_code_valid`, `verification_code_valid`, `login_code_valid`,
    /// `registration_code_valid` and others.
    ///
    /// ```
    /// # fn example(message: &ory_sdk::actions::CourierMessage) {
    /// println!("a message of the kind {}", message.kind());
    /// # }
    /// ```
    pub fn kind(&self) -> &str {
        &self.template_type
    }

    /// The code, if it has one.
    ///
    /// ```
    /// # fn example(message: &ory_sdk::actions::CourierMessage) {
    /// if message.code().is_none() {
    ///     println!("{} has no code", message.kind());
    /// }
    /// # }
    /// ```
    ///
    /// The template of Kratos itself passes no codes of login and registration.
    pub fn code(&self) -> Option<&Secret> {
        let codes = [&self.recovery_code, &self.verification_code, &self.login_code, &self.registration_code];
        codes.into_iter().find_map(Option::as_ref)
    }

    /// The link, if it has one. Whoever has it can use it.
    ///
    /// ```
    /// # fn example(message: &ory_sdk::actions::CourierMessage) {
    /// println!("with a link: {}", message.url().is_some());
    /// # }
    /// ```
    pub fn url(&self) -> Option<&Secret> {
        self.recovery_url.as_ref().or(self.verification_url.as_ref())
    }
}

impl fmt::Debug for CourierMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CourierMessage").field("kind", &self.template_type).finish_non_exhaustive()
    }
}
