//! Credentials, and the headers made of them.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::Secret;
use crate::endpoints::Kind;
use crate::operation::{Area, Endpoint, Operation, Security};

/// The header that carries a session token.
pub(crate) const SESSION_TOKEN: HeaderName = HeaderName::from_static("x-session-token");

/// The credentials of the client itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    pub access_token: Option<Secret>,
    pub console_token: Option<Secret>,
}

/// What a handle carries for one person or one OAuth2 client.
#[derive(Debug, Clone, Default)]
pub(crate) struct Handle {
    pub person: Person,
    /// An OAuth2 client's id and secret.
    pub client: Option<(String, Secret)>,
    /// An OAuth2 access token.
    pub bearer: Option<Secret>,
    /// A registration access token.
    pub registration: Option<Secret>,
    pub user_agent: Option<String>,
    pub forwarded_for: Option<String>,
}

/// How a person's calls are told to be theirs.
#[derive(Debug, Clone, Default)]
pub(crate) enum Person {
    /// Nobody: self-service calls go without.
    #[default]
    None,
    Token(Secret),
    Cookies(Secret),
}

/// Writes the credential that an operation carries. What the caller wrote already stays.
pub(crate) fn authorize(
    operation: &Operation,
    kind: Kind,
    credentials: &Credentials,
    handle: &Handle,
    headers: &mut HeaderMap,
) -> Result<(), String> {
    if operation.area == Area::Frontend || browses(operation) {
        person(&handle.person, headers)?;
    }
    if operation.security.is_empty() || headers.contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    for scheme in operation.security {
        let value = match scheme {
            Security::AccessToken if kind == Kind::Console => credentials.console_token.as_ref().map(bearer),
            Security::AccessToken => credentials.access_token.as_ref().map(bearer),
            Security::Basic => handle.client.as_ref().map(|(id, secret)| basic(id, secret)),
            Security::Bearer => handle.registration.as_ref().map(bearer),
            Security::OAuth2 => handle.bearer.as_ref().map(bearer),
            Security::SessionToken | Security::Other(_) => None,
        };
        if let Some(value) = value {
            headers.insert(header::AUTHORIZATION, sensitive(&value)?);
            return Ok(());
        }
    }
    missing(operation, kind)
}

/// A call without its credential is refused before sending only where it is certain to fail.
fn missing(operation: &Operation, kind: Kind) -> Result<(), String> {
    let has = |scheme: Security| operation.security.contains(&scheme);
    if has(Security::AccessToken) {
        match kind {
            Kind::Console => return Err("the console needs a token: set `console_token`".to_owned()),
            Kind::Network => return Err("the project needs a token: set `access_token`".to_owned()),
            Kind::SelfHosted | Kind::Legacy => {}
        }
    }
    if operation.security == [Security::Bearer] {
        return Err("it needs the client's registration token: call `with_registration_token`".to_owned());
    }
    if operation.security == [Security::OAuth2] {
        return Err("it needs an OAuth2 access token: call `with_oauth2_token`".to_owned());
    }
    Ok(())
}

/// A page of the OAuth2 provider that a browser visits with its cookies.
fn browses(operation: &Operation) -> bool {
    operation.endpoint == Endpoint::HydraPublic && operation.redirect && operation.security.is_empty()
}

fn person(person: &Person, headers: &mut HeaderMap) -> Result<(), String> {
    // Kratos answers 500 to a good token beside a stale cookie, so only one of them ever goes.
    let written = headers.contains_key(SESSION_TOKEN) || headers.contains_key(header::COOKIE);
    match person {
        _ if written => {}
        Person::None => {}
        Person::Token(token) => {
            headers.insert(SESSION_TOKEN, sensitive(token.expose())?);
        }
        Person::Cookies(cookies) => {
            headers.insert(header::COOKIE, sensitive(cookies.expose())?);
        }
    }
    Ok(())
}

fn bearer(token: &Secret) -> String {
    format!("Bearer {}", token.expose())
}

/// RFC 6749 section 2.3.1: both are form-encoded before they are joined.
fn basic(id: &str, secret: &Secret) -> String {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let joined = format!("{}:{}", encode(id), encode(secret.expose()));
    format!("Basic {}", base64(joined.as_bytes()))
}

/// RFC 4648 base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            if at <= chunk.len() {
                out.push(char::from(ALPHABET[(word >> (18 - 6 * at) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// A header value that no log of the HTTP library shows.
pub(crate) fn sensitive(text: &str) -> Result<HeaderValue, String> {
    let wrong = "a credential holds a character that no header can".to_owned();
    if text.chars().any(char::is_control) {
        return Err(wrong);
    }
    let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| wrong)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_encodes_both_halves() {
        // The form-encoded `a:b` and `c d/é`.
        assert_eq!(basic("a:b", &"c d/é".into()), format!("Basic {}", base64(b"a%3Ab:c+d%2F%C3%A9")));
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
    }

    #[test]
    fn control_characters_are_refused() {
        assert!(sensitive("a\r\nX: y").is_err());
        assert!(sensitive("ory_st_x").unwrap().is_sensitive());
    }
}
