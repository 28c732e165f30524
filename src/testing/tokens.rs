//! Signed tokens for tests, and the keys that sign them.

use chrono::TimeDelta;
use serde_json::json;

use super::clock::after;
use super::draft::TokenDraft;
use super::model::{
    ACCESS_TOKEN_SET, Grant, ID_TOKEN_SET, Token, access_token_claims, id_token_claims, logout_token_claims,
};
use super::random;
use super::stand_in::StandIn;

/// Tokens and keys.
impl StandIn {
    /// An access token as Hydra writes it, to be changed and signed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.access_token().subject("ada").audience(["https://api.example.org"]).scope(["read"]).sign();
    /// assert_eq!(token.split('.').count(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It is a JWT for whatever verifies tokens with the keys at `/.well-known/jwks.json`. It is valid for an hour, for a
    /// random subject and client, and grants nothing. No flow issued it, so introspection and user info do not know it.
    pub fn access_token(&self) -> TokenDraft<'_> {
        let state = self.state();
        let ids = (random::uuid().to_string(), random::uuid().to_string());
        let grant = Grant::of_client(&ids.0, &ids.1, Vec::new(), Vec::new());
        let token = Token::new(&grant.into(), state.clock.now(), TimeDelta::hours(1));
        let claims = access_token_claims(&state.url, &token);
        drop(state);
        TokenDraft::new(self, ACCESS_TOKEN_SET, "client_id", claims)
    }

    /// An ID token as Hydra writes it, to be changed and signed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.id_token().subject("ada").client_id("my-app").claim("email", "ada@example.org").sign();
    /// assert_eq!(token.split('.').count(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It is valid for an hour, for a random subject and client.
    pub fn id_token(&self) -> TokenDraft<'_> {
        let state = self.state();
        let grant = Grant::of_client(&random::uuid().to_string(), "", Vec::new(), Vec::new());
        let now = state.clock.now();
        let mut claims = id_token_claims(&state.url, &grant, now, after(now, TimeDelta::hours(1)), &[]);
        drop(state);
        for (name, value) in [("sub", json!(random::uuid())), ("sid", json!(random::uuid()))] {
            claims[name] = value;
        }
        for name in ["auth_time", "rat"] {
            claims[name] = now.timestamp().into();
        }
        TokenDraft::new(self, ID_TOKEN_SET, "aud", claims)
    }

    /// A logout token as Hydra sends it to applications, to be changed and signed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.logout_token().client_id("my-app").claim("sid", "the session that ends").sign();
    /// let form = format!("logout_token={token}");
    /// # assert!(form.len() > 100);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Post it to the application under test, in a form, as OpenID Connect Back-Channel Logout defines. As with Hydra, it
    /// has no `sub` and no `exp`.
    pub fn logout_token(&self) -> TokenDraft<'_> {
        let state = self.state();
        let (client, session) = (random::uuid().to_string(), random::uuid().to_string());
        let claims = logout_token_claims(&state.url, &client, &session, state.clock.now());
        drop(state);
        TokenDraft::new(self, ID_TOKEN_SET, "aud", claims)
    }

    /// Signs all further tokens with new keys. The old ones stay published.
    ///
    /// ```
    /// # #[cfg(all(feature = "jwk", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let client = ory.client_builder().build()?;
    /// let before = client.discover_json_web_keys().send().await?.keys.len();
    /// ory.rotate_keys();
    /// assert!(client.discover_json_web_keys().send().await?.keys.len() > before);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "jwk", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn rotate_keys(&self) {
        self.state().oauth2.keys.rotate();
    }

    /// Stops publishing the keys that [`rotate_keys`](Self::rotate_keys) replaced.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let old = ory.access_token().sign();
    /// ory.rotate_keys();
    /// ory.retire_keys();
    /// // Whoever fetches the keys now cannot verify `old` any more.
    /// # assert!(!old.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn retire_keys(&self) {
        self.state().oauth2.keys.retire();
    }

    /// Makes access tokens JWTs, as Hydra does with `strategies.access_token: jwt`.
    ///
    /// ```
    /// # #[cfg(all(feature = "oauth2", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.use_jwt_access_tokens();
    /// let client = ory.client_builder().build()?;
    /// let made = client.admin_create_oauth2_client().body_map(|body| body.grant_types(["client_credentials"])).await?;
    /// let (id, secret) = (made.client_id.clone().unwrap(), made.client_secret.clone().unwrap());
    ///
    /// let app = client.with_client_credentials(id, secret);
    /// let tokens = app.perform_oauth2_token_flow().body_map(|body| body.grant_type("client_credentials")).await?;
    /// assert_eq!(tokens.access_token.as_ref().unwrap().expose().split('.').count(), 3);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "oauth2", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// Without this they are opaque, unless the client has the `access_token_strategy` `jwt`.
    pub fn use_jwt_access_tokens(&self) {
        self.state().oauth2.jwt_access_tokens = true;
    }
}
