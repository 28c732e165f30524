//! Bodies that take one of two forms.

use std::fmt;

use crate::privacy::{Location, Redact, Redacted, Secret};

/// The response of an operation that browsers visit: a body, or a redirect, which is a success too.
///
/// ```
/// use ory_sdk::response::OrRedirect;
///
/// # fn example(outcome: OrRedirect<String>) {
/// match outcome {
///     OrRedirect::Value(value) => println!("{value}"),
///     OrRedirect::Redirect(location) => println!("send the browser to {}", location.as_str()),
/// }
/// # }
/// ```
///
/// If you expect a body, [`Response::into_value`](crate::Response::into_value) makes an
/// [`Error`](crate::Error) of a redirect.
#[derive(Clone, PartialEq)]
pub enum OrRedirect<T> {
    /// The body of a 2xx.
    Value(T),
    /// The URL to which the browser is sent. Relay the cookies of the response along with it.
    Redirect(Location),
}

impl<T> OrRedirect<T> {
    /// The body, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Redirect(_) => None,
        }
    }

    /// The URL of the redirect, if it is one.
    pub fn redirect(&self) -> Option<&Location> {
        match self {
            Self::Value(_) => None,
            Self::Redirect(location) => Some(location),
        }
    }

    /// The body, or the URL of the redirect as an error, which `?` converts into [`Error`](crate::Error).
    ///
    /// # Errors
    ///
    /// The URL to which the browser is sent.
    pub fn into_value(self) -> Result<T, Location> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Redirect(location) => Err(location),
        }
    }
}

impl<T: Redact> Redact for OrRedirect<T> {
    fn redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => f.debug_tuple("Value").field(&Redacted(value)).finish(),
            Self::Redirect(location) => f.debug_tuple("Redirect").field(location).finish(),
        }
    }
}

impl<T: Redact> fmt::Debug for OrRedirect<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.redacted(f)
    }
}

/// A body that is JSON, or signed text (a JWT) if the OAuth2 client is configured so.
///
/// ```no_run
/// # #[cfg(feature = "oauth2")]
/// # async fn example(client: &ory_sdk::Client, token: ory_sdk::Secret) -> ory_sdk::Result<()> {
/// let info = client.with_oauth2_token(token).get_oidc_user_info().await?;
/// match info.json() {
///     Some(claims) => println!("{:?}", claims.sub),
///     None => println!("a JWT of {} bytes", info.raw_body().len()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
pub enum JsonOrText<T> {
    /// The value of a JSON body.
    Json(T),
    /// A body of another media type, such as a JWT.
    Text(Secret),
}

impl<T> JsonOrText<T> {
    /// The value, if the body is JSON.
    pub fn json(&self) -> Option<&T> {
        match self {
            Self::Json(value) => Some(value),
            Self::Text(_) => None,
        }
    }

    /// The text, if the body is not JSON.
    pub fn text(&self) -> Option<&Secret> {
        match self {
            Self::Json(_) => None,
            Self::Text(text) => Some(text),
        }
    }
}

impl<T: Redact> Redact for JsonOrText<T> {
    fn redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(value) => f.debug_tuple("Json").field(&Redacted(value)).finish(),
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
        }
    }
}

impl<T: Redact> fmt::Debug for JsonOrText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.redacted(f)
    }
}
