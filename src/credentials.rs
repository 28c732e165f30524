//! Credentials, and the headers made of them.

use base64::Engine;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use reqwest::Url;

use crate::Secret;
use crate::cookies::CookieJar;
use crate::endpoints::Kind;
use crate::operation::{Area, Endpoint, Operation, Security};
use crate::token::Source;

/// The header that carries a session token.
pub(crate) const SESSION_TOKEN: HeaderName = HeaderName::from_static("x-session-token");

/// The credentials of the client itself.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    pub(crate) access_token: Option<Source>,
    pub(crate) console_token: Option<Source>,
}

/// What a handle carries for one person or one OAuth2 client.
#[derive(Debug, Clone, Default)]
pub(crate) struct Handle {
    pub(crate) person: Person,
    /// An OAuth2 client's id and secret.
    pub(crate) client: Option<(String, Secret)>,
    /// An OAuth2 access token.
    pub(crate) bearer: Option<Secret>,
    /// A registration access token.
    pub(crate) registration: Option<Secret>,
    pub(crate) user_agent: Option<Secret>,
    pub(crate) forwarded_for: Option<Secret>,
}

/// How a person's calls are told to be theirs.
#[derive(Debug, Clone, Default)]
pub(crate) enum Person {
    /// Nobody: self-service calls go without.
    #[default]
    None,
    Token(Secret),
    Cookies(Secret),
    Jar(CookieJar),
    /// A token and cookies were both given, which no server takes well.
    Both,
}

impl Person {
    /// One way replaces another of its kind; a second kind is a contradiction that the call reports.
    pub(crate) fn and(&self, more: Self) -> Self {
        match (self, &more) {
            (Self::Token(_), Self::Cookies(_) | Self::Jar(_)) | (Self::Cookies(_) | Self::Jar(_), Self::Token(_)) => {
                Self::Both
            }
            (Self::Both, _) => Self::Both,
            _ => more,
        }
    }
}

/// What an operation carries in `Authorization`.
#[derive(Debug)]
pub(crate) enum Wanted<'a> {
    Nothing,
    /// A value that is known already.
    Value(Secret),
    /// A token that may have to be asked for.
    Token(&'a Source),
}

/// The credential that an operation carries, by the contract's `security`. A call without its credential is
/// refused before sending only where it is certain to fail.
pub(crate) fn wanted<'a>(
    operation: &Operation,
    kind: Kind,
    credentials: &'a Credentials,
    handle: &Handle,
) -> Result<Wanted<'a>, String> {
    for scheme in operation.security.iter() {
        let value = match scheme {
            Security::AccessToken => {
                let source = if kind == Kind::Console { &credentials.console_token } else { &credentials.access_token };
                match source {
                    Some(source) => return Ok(Wanted::Token(source)),
                    None => continue,
                }
            }
            Security::Basic => handle.client.as_ref().map(|(id, secret)| basic(id, secret)),
            Security::Bearer => handle.registration.as_ref().map(bearer),
            // Beside Basic it tells how a token is got, not that one is sent: a person's token proves no client.
            Security::OAuth2 if operation.security.contains(&Security::Basic) => None,
            Security::OAuth2 => handle.bearer.as_ref().map(bearer),
            Security::SessionToken | Security::Other(_) => None,
        };
        if let Some(value) = value {
            return Ok(Wanted::Value(value));
        }
    }
    missing(operation, kind)?;
    Ok(Wanted::Nothing)
}

fn missing(operation: &Operation, kind: Kind) -> Result<(), String> {
    let why = match (operation.security, kind) {
        ([Security::AccessToken], Kind::Console) => "the console needs a token: set `console_token`",
        ([Security::AccessToken], Kind::Network) => "the project needs a token: set `access_token`",
        ([Security::Bearer], _) => "it needs the client's registration token: call `with_registration_token`",
        ([Security::OAuth2], _) => "it needs an OAuth2 access token: call `with_oauth2_token`",
        _ => return Ok(()),
    };
    Err(why.to_owned())
}

/// Writes the person's credential on the calls that are theirs. What the caller wrote already stays.
pub(crate) fn identify(
    operation: &Operation,
    handle: &Handle,
    url: &Url,
    headers: &mut HeaderMap,
) -> Result<(), String> {
    let both = || Err("a session token and cookies are both given: use one of them".to_owned());
    let (token, cookie) = (headers.contains_key(SESSION_TOKEN), headers.contains_key(header::COOKIE));
    // Kratos answers 500 to a good token beside a stale cookie, so only one of them ever goes.
    if token && cookie {
        return both();
    }
    let theirs = operation.area == Area::Frontend || browses(operation);
    if !theirs || token || cookie {
        return Ok(());
    }
    match &handle.person {
        Person::None => {}
        Person::Both => return both(),
        // It is Kratos' own: the pages of the OAuth2 provider know cookies alone.
        Person::Token(_) if operation.area != Area::Frontend => {}
        Person::Token(token) => {
            headers.insert(SESSION_TOKEN, sensitive(token.expose())?);
        }
        Person::Cookies(cookies) => {
            headers.insert(header::COOKIE, sensitive(cookies.expose())?);
        }
        Person::Jar(jar) => {
            if let Some(cookies) = jar.header(url) {
                headers.insert(header::COOKIE, sensitive(cookies.expose())?);
            }
        }
    }
    Ok(())
}

/// A page of the OAuth2 provider that a browser visits with its cookies.
fn browses(operation: &Operation) -> bool {
    operation.endpoint == Endpoint::HydraPublic && operation.redirect && operation.security.is_empty()
}

/// RFC 6750 section 2.1.
pub(crate) fn bearer(token: &Secret) -> Secret {
    format!("Bearer {}", token.expose()).into()
}

/// RFC 6749 section 2.3.1: both are form-encoded before they are joined.
fn basic(id: &str, secret: &Secret) -> Secret {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let joined = format!("{}:{}", encode(id), encode(secret.expose()));
    format!("Basic {}", base64(joined.as_bytes())).into()
}

/// RFC 4648 base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A header value that no log of the HTTP library shows.
pub(crate) fn sensitive(text: &str) -> Result<HeaderValue, String> {
    let wrong = "a credential holds a character that no header can".to_owned();
    // A tab is none that a header cannot hold, and a server may have set a cookie with one.
    if text.chars().any(|c| c.is_control() && c != '\t') {
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
        assert_eq!(basic("a:b", &"c d/é".into()).expose(), format!("Basic {}", base64(b"a%3Ab:c+d%2F%C3%A9")));
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
    }

    #[test]
    fn control_characters_are_refused() {
        assert!(sensitive("a\r\nX: y").is_err());
        assert!(sensitive("a\u{7f}").is_err() && sensitive("a\u{85}").is_err());
        assert!(sensitive("ory_kratos_session=a\tb").is_ok());
        assert!(sensitive("ory_st_x").unwrap().is_sensitive());
    }
}
