//! Signed tokens for tests, and the keys that sign them.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::clock::after;
use super::model::{
    ACCESS_TOKEN_SET, Grant, ID_TOKEN_SET, SigningKey, Token, access_token_claims, id_token_claims,
    logout_token_claims, unsigned,
};
use super::random;
use super::stand_in::StandIn;
use super::state::State;
use crate::error::InvalidArgument;

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

/// A token that is not signed yet.
///
/// ```
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let ory = ory_sdk::testing::StandIn::start().await?;
/// let good = || ory.access_token().audience(["my-api"]).scope(["read"]);
/// let accepted = good().expires_in(Duration::from_secs(60)).sign();
/// // The code under test must refuse each of these.
/// let refused = [
///     good().expired().sign(),
///     good().unknown_key().sign(),
///     good().unsigned().sign(),
///     good().audience(["another-api"]).sign(),
///     good().without_claim("exp").sign(),
///     good().claim("iss", "https://evil.example.org").sign(),
/// ];
/// # assert!(!refused.contains(&accepted));
/// # Ok(())
/// # }
/// ```
///
/// Made by [`StandIn::access_token`], [`StandIn::id_token`] and [`StandIn::logout_token`]. Each method replaces what an
/// earlier one set.
#[must_use]
pub struct TokenDraft<'a> {
    stand_in: &'a StandIn,
    set: &'static str,
    /// The claim that names the client.
    client_claim: &'static str,
    header: Map<String, Value>,
    claims: Map<String, Value>,
    signer: Signer,
}

/// What signs a draft.
enum Signer {
    /// The newest key of the issuer.
    Newest,
    Key(Box<SigningKey>),
    Nothing,
}

impl<'a> TokenDraft<'a> {
    fn new(stand_in: &'a StandIn, set: &'static str, client_claim: &'static str, claims: Value) -> Self {
        let claims = if let Value::Object(claims) = claims { claims } else { Map::new() };
        Self { stand_in, set, client_claim, header: Map::new(), claims, signer: Signer::Newest }
    }

    /// Sets `sub`.
    pub fn subject(self, subject: impl Into<String>) -> Self {
        self.claim("sub", subject.into())
    }

    /// Sets `aud`, which is always a list.
    pub fn audience(self, audience: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let audience: Vec<String> = audience.into_iter().map(Into::into).collect();
        self.claim("aud", audience)
    }

    /// Sets `scp`, the list of granted scopes.
    pub fn scope(self, scope: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let scope: Vec<String> = scope.into_iter().map(Into::into).collect();
        self.claim("scp", scope)
    }

    /// Sets the client: `client_id` of an access token, `aud` of the others.
    pub fn client_id(self, id: impl Into<String>) -> Self {
        if self.client_claim == "aud" { self.audience([id]) } else { self.claim("client_id", id.into()) }
    }

    /// Sets any claim.
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// Leaves a claim out.
    pub fn without_claim(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Sets a member of the header, which has `alg`, `kid` and `typ`. Null leaves it out.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.header.insert(name.into(), value.into());
        self
    }

    /// Sets `exp` to this time after now, by the clock of the stand-in.
    pub fn expires_in(self, time: Duration) -> Self {
        let time = TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX);
        let end = after(self.now(), time);
        self.claim("exp", end.timestamp())
    }

    /// Makes the token one that was issued two hours ago and expired an hour ago.
    pub fn expired(mut self) -> Self {
        let now = self.now().timestamp();
        for name in ["iat", "nbf", "auth_time", "rat"] {
            if let Some(time) = self.claims.get_mut(name) {
                *time = (now - 7200).into();
            }
        }
        self.claim("exp", now - 3600)
    }

    /// Signs with the private key in a JSON Web Key, such as Hydra returns for a new set of keys.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// // A verifier that takes a public key for a secret would accept such a token.
    /// let secret = serde_json::json!({"kty": "oct", "alg": "HS256", "k": "c2VjcmV0"});
    /// let token = ory.access_token().signed_with(&secret)?.sign();
    /// # assert_eq!(token.split('.').count(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the key has no private part, or is of a type that cannot sign. The types are RSA, EC (P-256, P-384, P-521), OKP
    /// (Ed25519), and oct for HMAC.
    pub fn signed_with(mut self, jwk: &Value) -> Result<Self, InvalidArgument> {
        let key = SigningKey::from_jwk(jwk);
        let key = key.ok_or_else(|| InvalidArgument::new("the key cannot sign: it has no private part".to_owned()))?;
        self.signer = Signer::Key(Box::new(key));
        Ok(self)
    }

    /// Signs with a key for this algorithm, such as `ES256`, which is published with the others.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.access_token().algorithm("ES256")?.sign();
    /// # assert_eq!(token.split('.').count(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If it is not one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA.
    pub fn algorithm(mut self, algorithm: &str) -> Result<Self, InvalidArgument> {
        let key = self.stand_in.state().oauth2.keys.key_for(self.set, algorithm);
        let key = key.ok_or_else(|| InvalidArgument::new(format!("no key signs with the algorithm {algorithm:?}")))?;
        self.signer = Signer::Key(Box::new(key));
        Ok(self)
    }

    /// Signs with a key that is not published.
    ///
    /// Its `kid` is unknown too. Set that of a published key with [`header`](Self::header) for a token that claims to be
    /// signed with it.
    pub fn unknown_key(mut self) -> Self {
        if let Some(key) = SigningKey::generate("RS256", &random::uuid().to_string(), "sig") {
            self.signer = Signer::Key(Box::new(key));
        }
        self
    }

    /// Does not sign: the algorithm is `none`, and the signature is empty.
    pub fn unsigned(mut self) -> Self {
        self.signer = Signer::Nothing;
        self
    }

    /// The token: a JWS in its compact form.
    #[must_use]
    pub fn sign(self) -> String {
        let claims = Value::Object(self.claims);
        let signed = match self.signer {
            Signer::Newest => {
                let key = self.stand_in.state().oauth2.keys.signing_key(self.set);
                key.and_then(|key| key.sign(&claims, &self.header))
            }
            Signer::Key(key) => key.sign(&claims, &self.header),
            Signer::Nothing => {
                let mut header = json!({"alg": "none", "typ": "JWT"});
                for (name, value) in self.header {
                    header[name] = value;
                }
                Some(format!("{}.", unsigned(&header, &claims)))
            }
        };
        // Signing fails only if the system has no memory or no random numbers.
        signed.unwrap_or_default()
    }

    fn now(&self) -> super::clock::Time {
        self.stand_in.state().clock.now()
    }
}
