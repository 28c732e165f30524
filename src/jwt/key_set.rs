//! Sets of keys that verifiers share.

use std::fmt;
use std::sync::Arc;

use super::invalid_token::InvalidToken;
use super::jws::Jws;
use super::keys::Keys;
use super::refusal::Refusal;
use super::remote::Remote;
use crate::client::Client;
use crate::contract::Endpoint;
use crate::input::InvalidSetting;

/// The public keys with which a server signs tokens.
///
/// ```
/// # #[cfg(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::jwt::{AccessTokens, IdTokens, KeySet};
///
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// # let client = ory.client_builder().build()?;
/// # let issuer = ory.url();
/// let keys = KeySet::of_hydra(&client)?;
/// // Fails now, and not at the first token, if the server cannot be reached.
/// keys.refresh().await?;
///
/// let access_tokens = AccessTokens::builder(&keys).issuer(issuer).audience("https://api.example.org").build()?;
/// let id_tokens = IdTokens::builder(&keys).issuer(issuer).client_id("my-app").build()?;
/// # let _ = (access_tokens, id_tokens);
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
/// # fn main() {}
/// ```
///
/// A clone is cheap and shares the keys. Keys that a server publishes are fetched when they are first needed:
///
/// - They are fetched again in the background when they are 10 minutes old. Checks do not wait for it.
/// - A token with an unknown key makes one fetch, and at most one in 30 seconds, whether it succeeds or not. So tokens of a
///   new key are accepted at once, and made-up ones cause no load. A token that was issued since the last fetch and comes
///   within these 30 seconds is refused as [`Refusal::Unavailable`], since its key may be new.
/// - If fetching fails, the last keys stay good for 24 hours. After that, and if there never were any, checks are
///   refused as [`Refusal::Unavailable`], never as an invalid token.
/// - A fetch has 5 seconds, 256 KiB and 100 keys. `Cache-Control` is ignored: Hydra forbids caching for every response.
///
/// Of the keys, those are used that verify signatures: RSA with 2048 to 8192 bits, P-256, P-384 and Ed25519. Symmetric keys
/// are passed over, and so are both of two different keys with the same `kid`. Nothing in a token can name a place to get
/// keys from (`jku`, `jwk`, `x5u` and `x5c` are not read).
///
/// The signatures of up to 10,000 tokens are remembered, as hashes, until the keys are fetched again. A token that comes again
/// costs no signature check; its claims and times are checked each time. If a token was not signed with the key that it
/// names, up to 8 other keys of the set are tried: Hydra issues such tokens in the moment when its key changes.
///
/// Keys of different servers belong in different sets: with one set, each server could sign tokens of the other.
///
/// Source: RFC 7517; Ory's operation `discoverJsonWebKeys`.
#[derive(Clone)]
pub struct KeySet {
    source: Source,
}

#[derive(Clone)]
enum Source {
    Fixed(Arc<Keys>),
    Remote(Arc<Remote>),
}

impl KeySet {
    /// The keys of Hydra (`/.well-known/jwks.json`): for access tokens, ID tokens and logout tokens.
    ///
    /// ```
    /// let ory = ory_sdk::Client::builder().hydra_public_url("https://auth.example.org").build()?;
    /// let keys = ory_sdk::jwt::KeySet::of_hydra(&ory)?;
    /// # let _ = keys;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The client has no URL for Hydra's public API.
    pub fn of_hydra(client: &Client) -> Result<Self, InvalidSetting> {
        Self::at(client, Endpoint::HydraPublic, "/.well-known/jwks.json")
    }

    /// The keys at any path of a server of the client, such as a file with the keys for tokenized sessions.
    ///
    /// ```
    /// use ory_sdk::contract::Endpoint;
    ///
    /// let ory = ory_sdk::Client::builder()
    ///     .kratos_public_url("https://id.example.org")
    ///     .named_endpoint("keys", "https://static.example.org")
    ///     .build()?;
    /// let keys = ory_sdk::jwt::KeySet::at(&ory, Endpoint::Named("keys".into()), "/sessions.jwks.json")?;
    /// # let _ = keys;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    ///
    /// The file must hold public keys only: whoever reads private ones can sign tokens.
    ///
    /// # Errors
    ///
    /// The client has no URL for the server, or the path does not start with a slash.
    pub fn at(client: &Client, endpoint: Endpoint, path: &str) -> Result<Self, InvalidSetting> {
        Remote::new(client, endpoint, path).map(|remote| Self { source: Source::Remote(Arc::new(remote)) })
    }

    /// The keys in the text of a JSON Web Key Set.
    ///
    /// ```
    /// use ory_sdk::jwt::KeySet;
    ///
    /// let keys = KeySet::from_json(
    ///     r#"{"keys": [{"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "sessions-2026",
    ///         "x": "ilZS0qzmWiq4CBssVN5BJXdYQ6m_1QorbmZpzSliBOw", "y": "QeDLUUHayA1u96d9r3lT2ZzQilNJVk8vxnMndDMlTvU"}]}"#,
    /// )?;
    /// # let _ = keys;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    ///
    /// They never change. Private parts of keys are not read.
    ///
    /// # Errors
    ///
    /// The text is not a key set, or none of its keys can verify signatures.
    pub fn from_json(text: impl AsRef<[u8]>) -> Result<Self, InvalidSetting> {
        let wrong = |why: &str| InvalidSetting::new(format!("the key set {why}"));
        let keys = Keys::parse(text.as_ref()).map_err(wrong)?;
        if keys.is_empty() {
            return Err(wrong(
                "has no key that verifies signatures: expected RSA (2048 to 8192 bits), P-256, P-384 or Ed25519",
            ));
        }
        Ok(Self { source: Source::Fixed(Arc::new(keys)) })
    }

    /// Fetches the keys now, for example when a service starts.
    ///
    /// ```
    /// # async fn example(keys: ory_sdk::jwt::KeySet) -> Result<(), ory_sdk::jwt::Refusal> {
    /// keys.refresh().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A set of a text has nothing to fetch. Calls at the same time share one fetch.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unavailable`] with the error of the call, if the keys could not be fetched. The last keys stay in use.
    pub async fn refresh(&self) -> Result<(), Refusal> {
        match &self.source {
            Source::Fixed(_) => Ok(()),
            Source::Remote(remote) => remote.refresh().await,
        }
    }

    /// Checks the signature of a token. `issued` is when it says that it was issued, in seconds.
    pub(super) async fn verify(&self, token: &Jws<'_>, issued: Option<i64>) -> Result<(), Refusal> {
        match &self.source {
            Source::Fixed(keys) => Ok(keys.verify(token)?),
            Source::Remote(remote) => match remote.keys_for(token, issued).await? {
                Some(keys) => Ok(keys.verify(token)?),
                None => Err(InvalidToken::UnknownKey.into()),
            },
        }
    }
}

/// Shows where the keys are from, without any key.
impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Fixed(_) => f.write_str("KeySet(..)"),
            Source::Remote(remote) => f.debug_tuple("KeySet").field(remote.endpoint()).finish(),
        }
    }
}
