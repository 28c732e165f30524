//! The sign-in of a device without a browser.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::device_flow_builder::DeviceFlowBuilder;
use super::device_sign_in::{Codes, DeviceSignIn};
use super::error::TokenError;
use super::oauth2_client::OAuth2Client;
use super::response::seconds;
use crate::client::Client;
use crate::privacy::{Location, Secret};

/// The sign-in of a device without a browser or keyboard, with the help of the person's phone or computer (RFC 8628). Since
/// Hydra 25.4.
///
/// ```
/// # async fn example(client: &ory_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::tokens::DeviceFlow;
///
/// let flow = DeviceFlow::builder(client).client_id("tv").scope(["openid", "offline_access"]).build()?;
///
/// let sign_in = flow.start().await?;
/// println!("Open {} and enter {}", sign_in.verification_uri(), sign_in.user_code().expose());
/// let tokens = sign_in.poll().await?;
/// println!("signed in, with a refresh token: {}", tokens.refresh_token.is_some());
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap. `Debug` shows no secret.
#[derive(Clone)]
pub struct DeviceFlow {
    pub(super) settings: Arc<Settings>,
}

pub(super) struct Settings {
    pub(super) oauth2: OAuth2Client,
    pub(super) scope: String,
    pub(super) audience: String,
}

/// The response of the device authorization endpoint (RFC 8628, section 3.2).
#[derive(Deserialize)]
struct Sent {
    device_code: Secret,
    user_code: Secret,
    verification_uri: Location,
    verification_uri_complete: Option<Location>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<Duration>,
    #[serde(default, deserialize_with = "seconds")]
    interval: Option<Duration>,
}

impl DeviceFlow {
    /// Starts to build a flow. It uses the connections and settings of `client`, but nobody's credential.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let flow = ory_sdk::tokens::DeviceFlow::builder(client).client_id("tv").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(client: &Client) -> DeviceFlowBuilder {
        DeviceFlowBuilder::new(client.clone())
    }

    /// Begins a sign-in: gets the codes from Hydra.
    ///
    /// ```
    /// # async fn example(flow: &ory_sdk::tokens::DeviceFlow) -> Result<(), ory_sdk::tokens::TokenError> {
    /// let sign_in = flow.start().await?;
    /// println!("show {}", sign_in.user_code().expose());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: Ory's operation `oAuth2DeviceFlow`.
    ///
    /// # Errors
    ///
    /// See [`TokenError`]: `Refused` for an unknown client, or one that may not use this flow.
    pub async fn start(&self) -> Result<DeviceSignIn, TokenError> {
        let Settings { oauth2, scope, audience } = &*self.settings;
        let form = [("scope", scope.as_str()), ("audience", audience)];
        let form: Vec<_> = form.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let asked = Instant::now();
        let sent = oauth2.device::<Sent>(&form).await.map_err(TokenError::of_call)?.into_body();
        let Sent { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval } = sent;
        let codes = Codes { user_code, verification_uri, verification_uri_complete };
        Ok(DeviceSignIn::new(codes, oauth2.clone(), device_code, asked, expires_in, interval))
    }
}

impl fmt::Debug for DeviceFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { oauth2, scope, audience } = &*self.settings;
        f.debug_struct("DeviceFlow")
            .field("client_id", &oauth2.id)
            .field("scope", scope)
            .field("audience", audience)
            .finish_non_exhaustive()
    }
}
