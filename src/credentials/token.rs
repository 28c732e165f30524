//! Access tokens: fixed, or from a provider that is asked before every call.

use std::fmt;
use std::sync::Arc;

use crate::platform::BoxFuture;
use crate::privacy::Secret;

/// What [`TokenProvider::token`] returns.
///
/// It is `Send`, except in a browser.
pub type TokenFuture<'a> = BoxFuture<'a, Result<Secret, Box<dyn std::error::Error + Send + Sync>>>;

/// A source of access tokens that change, such as short-lived tokens from a vault.
///
/// ```
/// use ory_sdk::Secret;
/// use ory_sdk::credentials::{TokenFuture, TokenProvider};
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
/// The client asks it before every call that requires a token, so it should cache its token until that expires.
pub trait TokenProvider: Send + Sync {
    /// Returns a token. After a 401 the client asks once more, with the token that the server `refused`.
    fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_>;
}

impl<T: TokenProvider + ?Sized> TokenProvider for Arc<T> {
    fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_> {
        T::token(self, refused)
    }
}

/// Where an access token comes from.
#[derive(Clone)]
pub(crate) enum TokenSource {
    Fixed(Secret),
    Provider(Arc<dyn TokenProvider>),
}

impl TokenSource {
    /// Returns a token. After a 401, only a provider has another one.
    pub(crate) async fn token(
        &self,
        refused: Option<&Secret>,
    ) -> Result<Option<Secret>, Box<dyn std::error::Error + Send + Sync>> {
        match self {
            Self::Fixed(token) => Ok(refused.is_none().then(|| token.clone())),
            Self::Provider(provider) => provider.token(refused).await.map(Some),
        }
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed(..)",
            Self::Provider(_) => "Provider(..)",
        })
    }
}
