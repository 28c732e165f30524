//! Sessions as JWTs, for tests of services that check them without a call.

use std::time::Duration;

use chrono::TimeDelta;

use super::stand_in::StandIn;

impl StandIn {
    /// Adds a template for sessions as JWTs, as Kratos' configuration does at `session.whoami.tokenizer.templates`.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.tokenizer("my-api", Duration::from_secs(60));
    /// let client = ory.client_builder().build()?.with_session_token(ory.sign_in("ada@example.org").token());
    ///
    /// let session = client.to_session().tokenize_as("my-api").send().await?;
    /// assert_eq!(session.tokenized.as_ref().unwrap().expose().split('.').count(), 3);
    /// assert!(client.to_session().tokenize_as("another").send().await.is_err());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// The token is signed by ES256 and has the claims that Kratos always sets: `sub`, `sid`, `iss`, `exp`, `iat`, `nbf` and
    /// `jti`. There is no mapper for more.
    pub fn tokenizer(&self, template: impl Into<String>, lifetime: Duration) {
        let lifetime = TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::MAX);
        self.state().tokenizer.add(template.into(), lifetime);
    }

    /// The key set that checks the JWTs of [`tokenizer`](Self::tokenizer), as JSON.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.tokenizer("my-api", std::time::Duration::from_secs(60));
    /// let keys = ory.tokenizer_keys();
    /// assert_eq!(keys["keys"][0]["alg"], "ES256");
    /// assert!(keys["keys"][0].get("d").is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It is empty before the first template. Kratos publishes its set nowhere either: it is a file.
    pub fn tokenizer_keys(&self) -> serde_json::Value {
        self.state().tokenizer.keys()
    }
}
