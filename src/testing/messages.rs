//! The mails that a stand-in would send.

use std::fmt;

use super::model::Mail;
use super::stand_in::StandIn;
use crate::privacy::Secret;

impl StandIn {
    /// The mails that were written so far, the oldest first. A stand-in sends none.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.person("ada@example.org").create();
    /// let client = ory.client_builder().build()?;
    ///
    /// let flow = client.initialize_self_service_recovery_flow_without_browser().send().await?;
    /// let body = serde_json::json!({"method": "code", "email": "ada@example.org"});
    /// client.submit_self_service_recovery_flow().flow(flow.id.to_string()).json_body(body).send().await?;
    ///
    /// let messages = ory.messages();
    /// assert_eq!((messages[0].recipient(), messages[0].kind()), ("ada@example.org", "recovery_code_valid"));
    /// assert_eq!(messages[0].code().unwrap().expose().len(), 6);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn messages(&self) -> Vec<SentMessage> {
        let message = |mail: &Mail| SentMessage {
            recipient: mail.recipient.clone(),
            kind: mail.content.template,
            subject: mail.content.subject.clone(),
            body: mail.content.body.clone(),
            code: mail.content.code.clone().map(Secret::from),
            link: mail.content.link.clone().map(Secret::from),
        };
        self.state().mails.iter().map(message).collect()
    }
}

/// A mail, from [`StandIn::messages`]. Its `Debug` shows the recipient and the kind alone.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// assert!(ory.messages().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SentMessage {
    recipient: String,
    kind: &'static str,
    subject: String,
    body: String,
    code: Option<Secret>,
    link: Option<Secret>,
}

impl SentMessage {
    /// The address that it is for.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let to_ada = ory.messages().into_iter().filter(|message| message.recipient() == "ada@example.org");
    /// assert_eq!(to_ada.count(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// What Kratos calls this kind of mail, such as `recovery_code_valid` or `login_code_valid`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// assert!(!ory.messages().iter().any(|message| message.kind() == "recovery_code_valid"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn kind(&self) -> &str {
        self.kind
    }

    /// The subject, which may contain the code.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// for message in ory.messages() {
    ///     println!("{}", message.subject());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The whole text.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// for message in ory.messages() {
    ///     println!("{}", message.body());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The code in it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let code = ory.messages().last().and_then(|message| message.code().cloned());
    /// assert!(code.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn code(&self) -> Option<&Secret> {
        self.code.as_ref()
    }

    /// The link in it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let link = ory.messages().last().and_then(|message| message.link().cloned());
    /// assert!(link.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn link(&self) -> Option<&Secret> {
        self.link.as_ref()
    }
}

impl fmt::Debug for SentMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentMessage")
            .field("recipient", &self.recipient)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
