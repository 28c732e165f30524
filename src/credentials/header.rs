//! Credentials as header values.

use base64::Engine;
use http::{HeaderName, HeaderValue};

use crate::privacy::Secret;

/// The header that carries a session token.
pub(crate) const SESSION_TOKEN: HeaderName = HeaderName::from_static("x-session-token");

/// Whether nothing of a credential would arrive: servers remove the spaces at both ends of a header.
pub(crate) fn is_blank(credential: &Secret) -> bool {
    credential.expose().trim().is_empty()
}

/// A bearer token (RFC 6750, section 2.1). The error names `setting`, which the token comes from.
pub(crate) fn bearer(token: &Secret, setting: &str) -> Result<Secret, String> {
    if is_blank(token) {
        return Err(format!("the token of {setting} is empty"));
    }
    Ok(format!("Bearer {}", token.expose()).into())
}

/// An OAuth2 client's id and secret, each form-encoded before they are joined (RFC 6749, section 2.3.1). The secret may be
/// empty.
pub(crate) fn basic(id: &str, secret: &Secret) -> Result<Secret, String> {
    if id.trim().is_empty() {
        return Err("the client id of `with_client_credentials` is empty".to_owned());
    }
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let joined = format!("{}:{}", encode(id), encode(secret.expose()));
    Ok(format!("Basic {}", base64(joined.as_bytes())).into())
}

/// Base64 with padding (RFC 4648).
pub(crate) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Whether a credential has no character that headers do not allow. They may contain a tab, and a server may have set a
/// cookie with one.
pub(crate) fn fits_header(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() && c != '\t')
}

/// A header value that the HTTP library never logs.
pub(crate) fn sensitive(text: &str) -> Result<HeaderValue, String> {
    let value = HeaderValue::from_bytes(text.as_bytes()).ok().filter(|_| fits_header(text));
    let mut value = value.ok_or("a credential contains a character that is not allowed in a header")?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_encodes_both_halves() {
        // The form-encoded `a:b` and `c d/é`.
        let both = basic("a:b", &"c d/é".into()).unwrap();
        assert_eq!(both.expose(), format!("Basic {}", base64(b"a%3Ab:c+d%2F%C3%A9")));
        assert_eq!(basic("id", &"".into()).unwrap().expose(), format!("Basic {}", base64(b"id:")));
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
    }

    #[test]
    fn nothing_is_no_credential() {
        for blank in ["", " ", " \t "] {
            assert_eq!(bearer(&blank.into(), "`x`").unwrap_err(), "the token of `x` is empty");
            assert!(basic(blank, &"secret".into()).is_err());
        }
        assert_eq!(bearer(&"t".into(), "`x`").unwrap().expose(), "Bearer t");
    }

    #[test]
    fn control_characters_are_refused() {
        assert!(sensitive("a\r\nX: y").is_err());
        assert!(sensitive("a\u{7f}").is_err() && sensitive("a\u{85}").is_err());
        assert!(sensitive("ory_kratos_session=a\tb").is_ok());
        assert!(sensitive("ory_st_x").unwrap().is_sensitive());
    }
}
