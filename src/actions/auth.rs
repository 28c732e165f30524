//! What a call must carry to be read.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::refused::ActionRefused;
use crate::input::InvalidSetting;
use crate::privacy::Secret;

/// What a call of Kratos or Hydra must carry: an API key in a header or in a cookie, or a user name and a password.
///
/// ```
/// use ory_sdk::actions::ActionAuth;
///
/// # fn main() -> Result<(), ory_sdk::error::InvalidSetting> {
/// let auth = ActionAuth::header("x-api-key", "the key of today")?;
/// // While the configuration of the servers changes, both keys are good.
/// let both = auth.or(ActionAuth::header("x-api-key", "the key of tomorrow")?);
/// # let _ = both;
/// # Ok(())
/// # }
/// ```
///
/// Ory signs none of these calls, so such a key is all that tells them from the call of anybody else. No [`Action`] can be
/// read without it.
///
/// Secrets are compared in a time that depends only on their lengths. `Debug` shows where they are expected, and none of them.
///
/// [`Action`]: super::Action
#[derive(Clone)]
pub struct ActionAuth {
    keys: Arc<[Key]>,
}

#[derive(Clone)]
enum Key {
    Header(HeaderName, Secret),
    Cookie(String, Secret),
    /// User name and password, joined by a colon (RFC 7617).
    Basic(Secret),
}

impl ActionAuth {
    /// An API key in a header.
    ///
    /// ```
    /// use ory_sdk::actions::ActionAuth;
    ///
    /// let auth = ActionAuth::header("x-api-key", "a long random text")?;
    /// let why = ActionAuth::header("x-api-key", " ").unwrap_err();
    /// assert_eq!(why.to_string(), "`header`: the secret is blank");
    /// # let _ = auth;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    ///
    /// It fits `auth: {type: api_key, config: {in: header, name: x-api-key, value: ..}}`.
    ///
    /// # Errors
    ///
    /// The name is no name of a header, or the secret is blank, has spaces at its ends, or has control characters: servers
    /// cannot send those.
    pub fn header(name: &str, secret: impl Into<Secret>) -> Result<Self, InvalidSetting> {
        let secret = given("header", secret.into())?;
        let wrong = |_| InvalidSetting::new(format!("`header`: {name:?} is no name of a header"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(wrong)?;
        let text = secret.expose();
        if text.trim() != text || HeaderValue::from_bytes(text.as_bytes()).is_err() {
            let why = "`header`: the secret has control characters, or spaces at its ends, which servers cannot send";
            return Err(InvalidSetting::new(why));
        }
        Ok(Self::of(Key::Header(name, secret)))
    }

    /// An API key in a cookie.
    ///
    /// ```
    /// let auth = ory_sdk::actions::ActionAuth::cookie("hook", "a-long-random-text")?;
    /// # let _ = auth;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    ///
    /// It fits `auth: {type: api_key, config: {in: cookie, name: hook, value: ..}}`.
    ///
    /// # Errors
    ///
    /// The name is no name of a cookie, or the secret is blank or has characters that a cookie cannot have (RFC 6265,
    /// section 4.1.1): spaces, commas, semicolons, quotes, backslashes, and all that is not ASCII. Servers leave them out or
    /// quote them.
    pub fn cookie(name: &str, secret: impl Into<Secret>) -> Result<Self, InvalidSetting> {
        let secret = given("cookie", secret.into())?;
        // A name of a cookie is a token, as that of a header is.
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(InvalidSetting::new(format!("`cookie`: {name:?} is no name of a cookie")));
        }
        let is_sent = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | ',' | ';' | '\\');
        if !secret.expose().chars().all(is_sent) {
            return Err(InvalidSetting::new("`cookie`: the secret has characters that a cookie cannot have"));
        }
        Ok(Self::of(Key::Cookie(name.to_owned(), secret)))
    }

    /// A user name and a password (RFC 7617).
    ///
    /// ```
    /// let auth = ory_sdk::actions::ActionAuth::basic("kratos", "a long random text")?;
    /// # let _ = auth;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    ///
    /// It fits `auth: {type: basic_auth, config: {user: kratos, password: ..}}` of Kratos. Hydra has API keys only.
    ///
    /// # Errors
    ///
    /// The password is blank, or the user name has a colon, which ends it.
    pub fn basic(user: &str, password: impl Into<Secret>) -> Result<Self, InvalidSetting> {
        let password = given("basic", password.into())?;
        if user.contains(':') {
            return Err(InvalidSetting::new("`basic`: the user name has a colon, which ends it"));
        }
        Ok(Self::of(Key::Basic(format!("{user}:{}", password.expose()).into())))
    }

    /// Also lets in whoever carries the other credential: the next key, or that of another server.
    ///
    /// ```
    /// use ory_sdk::actions::ActionAuth;
    ///
    /// # fn main() -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let kratos = ActionAuth::basic("kratos", "one long random text")?;
    /// let either = kratos.or(ActionAuth::header("x-api-key", "another, for Hydra")?);
    /// # let _ = either;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { keys: self.keys.iter().chain(other.keys.iter()).cloned().collect() }
    }

    /// Checks what a request carries. [`Action::read`](super::Action::read) does it too; where a framework reads bodies by
    /// itself, check before it does.
    ///
    /// ```
    /// use ory_sdk::actions::ActionAuth;
    ///
    /// let auth = ActionAuth::header("x-api-key", "secret")?;
    /// let mut headers = ory_sdk::http::HeaderMap::new();
    /// assert_eq!(auth.check(&headers).unwrap_err().status(), 401);
    /// headers.insert("x-api-key", "secret".parse()?);
    /// assert!(auth.check(&headers).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The credential is missing or wrong. The error does not say which.
    pub fn check(&self, headers: &HeaderMap) -> Result<(), ActionRefused> {
        // All of them, so that the time does not say which of them was close.
        let found = self.keys.iter().fold(Choice::from(0), |found, key| found | key.is_in(headers));
        if found.into() { Ok(()) } else { Err(ActionRefused::unauthorized()) }
    }

    fn of(key: Key) -> Self {
        Self { keys: Arc::new([key]) }
    }
}

fn given(setting: &str, secret: Secret) -> Result<Secret, InvalidSetting> {
    if secret.expose().trim().is_empty() {
        return Err(InvalidSetting::new(format!("`{setting}`: the secret is blank")));
    }
    Ok(secret)
}

impl Key {
    fn is_in(&self, headers: &HeaderMap) -> Choice {
        let none = Choice::from(0);
        match self {
            Self::Header(name, secret) => {
                let values = headers.get_all(name).iter();
                values.fold(none, |found, value| found | same(secret, value.as_bytes()))
            }
            Self::Cookie(name, secret) => {
                let lines = headers.get_all(header::COOKIE).iter();
                let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
                let values =
                    pairs.filter_map(|pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="));
                values.fold(none, |found, value| found | same(secret, value))
            }
            Self::Basic(pair) => {
                let values = headers.get_all(header::AUTHORIZATION).iter().filter_map(basic_pair);
                values.fold(none, |found, value| found | same(pair, &value))
            }
        }
    }
}

fn same(secret: &Secret, value: &[u8]) -> Choice {
    secret.expose().as_bytes().ct_eq(value)
}

/// What follows `Basic`, decoded.
fn basic_pair(value: &HeaderValue) -> Option<Zeroizing<Vec<u8>>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let (scheme, encoded) = value.to_str().ok()?.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    LENIENT.decode(encoded.trim()).ok().map(Zeroizing::new)
}

/// Shows where the credentials are expected.
impl fmt::Debug for ActionAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.keys.iter().map(|key| match key {
            Key::Header(name, _) => format!("header {name}"),
            Key::Cookie(name, _) => format!("cookie {name}"),
            Key::Basic(_) => "basic".to_owned(),
        });
        f.debug_tuple("ActionAuth").field(&places.collect::<Vec<_>>()).finish()
    }
}
