//! Access tokens: a fixed text, or a provider that is asked for each call.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use crate::Secret;

/// What a [`TokenProvider`] gives: a token, some time later.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Secret, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// Gives access tokens that change, such as short-lived ones from a vault.
///
/// ```
/// use ory_sdk::{Secret, TokenFuture, TokenProvider};
///
/// struct Vault;
///
/// impl TokenProvider for Vault {
///     fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_> {
///         let again = refused.is_some();
///         Box::pin(async move { Ok(Secret::from(if again { "fresh" } else { "cached" })) })
///     }
/// }
/// ```
///
/// It is asked before each call that needs a token, so it should keep its token until that expires.
pub trait TokenProvider: Send + Sync {
    /// A token. After a 401 it is asked once more, with the token that was `refused`.
    fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_>;
}

/// Where an access token comes from.
#[derive(Clone)]
pub(crate) enum Source {
    Fixed(Secret),
    Provider(Arc<dyn TokenProvider>),
}

impl Source {
    /// A token; after a 401 only a provider has another one.
    pub(crate) async fn token(&self, refused: Option<&Secret>) -> Result<Option<Secret>, String> {
        match self {
            Self::Fixed(token) => Ok(refused.is_none().then(|| token.clone())),
            Self::Provider(provider) => {
                let token = provider.token(refused).await;
                token.map(Some).map_err(|why| format!("the token provider failed: {why}"))
            }
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed(..)",
            Self::Provider(_) => "Provider(..)",
        })
    }
}
