//! Authentication of OAuth2 clients.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{StatusCode, header};

use super::oauth2_reply::{malformed, refuse};
use crate::testing::http::{Form, HandlerResult, Reply, Request};
use crate::testing::model::{OAuth2Client, OAuth2Clients};

const NOT_AUTHENTICATED: &str = "Client authentication failed (e.g., unknown client, no client authentication \
                                 included, or unsupported authentication method).";

/// The client that sends a request: by HTTP Basic, or by id and secret in the form, as it is registered.
pub(super) fn authenticate<'a>(
    clients: &'a OAuth2Clients,
    request: &Request,
    form: &Form,
) -> HandlerResult<&'a OAuth2Client> {
    let (id, secret, method) = match request.header(header::AUTHORIZATION).and_then(basic) {
        Some((id, secret)) => (id, secret, "client_secret_basic"),
        None => {
            let why = "Make sure that the various parameters are correct, be aware of case sensitivity and trim your \
                       parameters. Make sure that the client you are using has exactly whitelisted the redirect_uri \
                       you specified.";
            let id = form.get("client_id").ok_or_else(|| malformed(why))?;
            let secret = form.get("client_secret").unwrap_or_default();
            (id.to_owned(), secret.to_owned(), if secret.is_empty() { "none" } else { "client_secret_post" })
        }
    };
    let client = clients.get(&id).ok_or_else(|| unauthenticated("Unable to locate the resource"))?;
    let registered = client.text("token_endpoint_auth_method");
    if registered != method {
        return Err(unauthenticated(&format!(
            "The OAuth 2.0 Client supports client authentication method '{registered}', but method '{method}' was \
             requested. You must configure the OAuth 2.0 client's 'token_endpoint_auth_method' value to accept \
             '{method}'."
        )));
    }
    if method != "none" && !client.has_secret(&secret) {
        return Err(unauthenticated("The client secret does not match."));
    }
    Ok(client)
}

fn unauthenticated(why: &str) -> Reply {
    refuse(StatusCode::UNAUTHORIZED, "invalid_client", &format!("{NOT_AUTHENTICATED} {why}"))
}

/// Id and secret of an `Authorization` header. Both are form-encoded (RFC 6749, section 2.3.1).
fn basic(value: &str) -> Option<(String, String)> {
    let decoded = BASE64_STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decode(id), form_decode(secret)))
}

fn form_decode(text: &str) -> String {
    let field = format!("x={}", text.replace('&', "%26"));
    url::form_urlencoded::parse(field.as_bytes()).next().map(|(_, text)| text.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_basic_credentials() {
        let header = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
        let pair = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(basic(&header("a%3Ab:c+d%2F%C3%A9%3D%26")), pair("a:b", "c d/é=&"));
        assert_eq!(basic(&header("id:")), pair("id", ""));
        assert_eq!(basic("Basic ?"), None);
        assert_eq!(basic("Bearer x"), None);
    }
}
