//! Tokens before they are signed, which a test can change at will.

use std::fmt;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::clock::{Time, after};
use super::model::{SigningKey, unsigned};
use super::random;
use super::stand_in::StandIn;
use crate::error::InvalidArgument;

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

/// Leaves out what signs it.
impl fmt::Debug for TokenDraft<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (header, claims) = (&self.header, &self.claims);
        f.debug_struct("TokenDraft").field("header", header).field("claims", claims).finish_non_exhaustive()
    }
}

/// What signs a draft.
enum Signer {
    /// The newest key of the issuer.
    Newest,
    Key(Box<SigningKey>),
    Nothing,
}

impl<'a> TokenDraft<'a> {
    pub(super) fn new(stand_in: &'a StandIn, set: &'static str, client_claim: &'static str, claims: Value) -> Self {
        let claims = if let Value::Object(claims) = claims { claims } else { Map::new() };
        Self { stand_in, set, client_claim, header: Map::new(), claims, signer: Signer::Newest }
    }

    /// Sets `sub`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let ory = ory_sdk::testing::StandIn::start().await.unwrap();
    /// let token = ory.access_token().subject("ada").sign();
    /// # }
    /// ```
    pub fn subject(self, subject: impl Into<String>) -> Self {
        self.claim("sub", subject.into())
    }

    /// Sets `aud`, which is always a list.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.access_token().audience(["my-api"]).sign();
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    pub fn audience(self, audience: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let audience: Vec<String> = audience.into_iter().map(Into::into).collect();
        self.claim("aud", audience)
    }

    /// Sets `scp`, the list of granted scopes.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.access_token().scope(["read", "write"]).sign();
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    pub fn scope(self, scope: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let scope: Vec<String> = scope.into_iter().map(Into::into).collect();
        self.claim("scp", scope)
    }

    /// Sets the client: `client_id` of an access token, `aud` of the others.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.access_token().client_id("my-client").sign();
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_id(self, id: impl Into<String>) -> Self {
        if self.client_claim == "aud" { self.audience([id]) } else { self.claim("client_id", id.into()) }
    }

    /// Sets any claim.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.id_token().claim("nonce", "n-0S6_WzA2Mj").sign();
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// Leaves a claim out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.access_token().without_claim("exp").sign();
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    pub fn without_claim(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Sets a member of the header, which has `alg`, `kid` and `typ`. Null leaves it out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let ory = ory_sdk::testing::StandIn::start().await.unwrap();
    /// let token = ory.access_token().header("typ", "at+jwt").sign();
    /// # }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.header.insert(name.into(), value.into());
        self
    }

    /// Sets `exp` to this time after now, by the clock of the stand-in.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.access_token().expires_in(std::time::Duration::from_secs(60)).sign();
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    pub fn expires_in(self, time: Duration) -> Self {
        let time = TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX);
        let end = after(self.now(), time);
        self.claim("exp", end.timestamp())
    }

    /// Makes the token one that was issued two hours ago and expired an hour ago.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let ory = ory_sdk::testing::StandIn::start().await.unwrap();
    /// let token = ory.access_token().expired().sign();
    /// # }
    /// ```
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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let ory = ory_sdk::testing::StandIn::start().await.unwrap();
    /// let token = ory.access_token().unknown_key().sign();
    /// # }
    /// ```
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
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.access_token().unsigned().sign();
    /// assert!(token.ends_with('.'));
    /// # Ok(())
    /// # }
    /// ```
    pub fn unsigned(mut self) -> Self {
        self.signer = Signer::Nothing;
        self
    }

    /// The token: a JWS in its compact form.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let token = ory.access_token().sign();
    /// assert_eq!(token.split('.').count(), 3);
    /// # Ok(())
    /// # }
    /// ```
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

    fn now(&self) -> Time {
        self.stand_in.state().clock.now()
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Jws;
    use super::*;

    /// Whether a published key confirms the signature.
    fn is_genuine(stand_in: &StandIn, text: &str) -> bool {
        let token = Jws::parse(text).unwrap();
        let keys = stand_in.state().oauth2.keys.published();
        keys.iter().filter(|key| key["kid"] == token.kid()).any(|key| token.is_signed_by(key))
    }

    #[tokio::test]
    async fn drafts_are_signed_with_published_keys() {
        let ory = StandIn::start().await.unwrap();
        for draft in [ory.access_token(), ory.id_token(), ory.logout_token()] {
            let text = draft.subject("ada").client_id("app").sign();
            let token = Jws::parse(&text).unwrap();
            assert!(is_genuine(&ory, &text));
            assert_eq!((token.text("sub"), token.text("iss")), ("ada", ory.url()));
            assert_eq!(token.header["alg"], "RS256");
        }
        for algorithm in ["ES256", "EdDSA", "PS512"] {
            let text = ory.access_token().algorithm(algorithm).unwrap().sign();
            assert!(is_genuine(&ory, &text) && Jws::parse(&text).unwrap().header["alg"] == algorithm);
        }
        // A key for one draft does not sign the others.
        assert_eq!(Jws::parse(&ory.access_token().sign()).unwrap().header["alg"], "RS256");
        assert!(ory.access_token().algorithm("HS256").is_err());
        assert!(ory.access_token().signed_with(&json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"})).is_err());
    }

    #[tokio::test]
    async fn drafts_can_be_wrong_in_every_way() {
        let ory = StandIn::start().await.unwrap();
        let good = Jws::parse(&ory.access_token().sign()).unwrap();
        let forged = ory.access_token().unknown_key().header("kid", good.kid()).sign();
        assert!(!is_genuine(&ory, &forged) && !is_genuine(&ory, &ory.id_token().unknown_key().sign()));
        let unsigned = ory.access_token().unsigned().header("kid", "x").sign();
        assert!(unsigned.ends_with('.') && Jws::parse(&unsigned).unwrap().header["alg"] == "none");
        let now = ory.state().clock.now();
        let claims = |draft: TokenDraft<'_>| Jws::parse(&draft.sign()).unwrap();
        assert!(claims(ory.access_token().expired()).is_expired(now));
        assert!(!claims(ory.access_token().expires_in(Duration::from_secs(5))).is_expired(now));
        assert!(!claims(ory.access_token().expires_in(Duration::MAX)).is_expired(now));
        let changed = claims(ory.access_token().without_claim("exp").scope(["a", "b"]).audience(["c"]).claim("x", 1));
        assert_eq!(
            (changed.seconds("exp"), changed.texts("scp"), changed.texts("aud")),
            (None, vec!["a", "b"], vec!["c"])
        );
        assert_eq!(changed.claims["x"], 1);
    }

    #[tokio::test]
    async fn keys_rotate_and_retire() {
        let ory = StandIn::start().await.unwrap();
        let old = ory.id_token().sign();
        ory.rotate_keys();
        let new = ory.id_token().sign();
        assert!(is_genuine(&ory, &old) && is_genuine(&ory, &new));
        assert_ne!(Jws::parse(&old).unwrap().kid(), Jws::parse(&new).unwrap().kid());
        ory.retire_keys();
        assert!(!is_genuine(&ory, &old) && is_genuine(&ory, &new));
    }
}
