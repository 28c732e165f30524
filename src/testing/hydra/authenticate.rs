//! Authentication of OAuth2 clients.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{StatusCode, header};

use super::oauth2_error::OAuth2Error;
use crate::testing::http::{Form, Request};
use crate::testing::model::{Jws, OAuth2Client};
use crate::testing::state::State;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The client that sends a request: by HTTP Basic, by id and secret in the form, or by a signed assertion.
pub(super) fn authenticate(state: &mut State, request: &Request, form: &Form) -> Result<OAuth2Client, OAuth2Error> {
    match form.get("client_assertion_type").unwrap_or_default() {
        "" => by_secret(state, request, form),
        ASSERTION_TYPE => by_assertion(state, form),
        other => Err(OAuth2Error::invalid_request(format!("Unknown client_assertion_type '{other}'."))),
    }
}

fn by_secret(state: &State, request: &Request, form: &Form) -> Result<OAuth2Client, OAuth2Error> {
    let basic = request.header(header::AUTHORIZATION).and_then(basic);
    let field = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let (posted_id, posted_secret) = (field("client_id"), field("client_secret"));
    let (id, secret) = basic.clone().unwrap_or((posted_id.clone(), posted_secret.clone()));
    if id.is_empty() {
        let hint = "Client credentials missing or malformed in both HTTP Authorization header and HTTP POST body.";
        return Err(OAuth2Error::invalid_request(hint));
    }
    let client = state.clients.get(&id).ok_or_else(|| OAuth2Error::invalid_client("Unable to locate the resource"))?;
    let method = client.text("token_endpoint_auth_method");
    let asked = if !posted_id.is_empty() && !posted_secret.is_empty() {
        Some("client_secret_post")
    } else {
        basic.filter(|(_, secret)| !secret.is_empty()).map(|_| "client_secret_basic")
    };
    if let Some(asked) = asked.filter(|asked| *asked != method) {
        return Err(OAuth2Error::invalid_client(format!(
            "The OAuth 2.0 Client supports client authentication method '{method}', but method '{asked}' was requested. \
             You must configure the OAuth 2.0 client's 'token_endpoint_auth_method' value to accept '{asked}'."
        )));
    }
    if !client.is_public() && !client.has_secret(&secret) {
        let hint = "crypto/bcrypt: hashedPassword is not the hash of the given password";
        return Err(OAuth2Error::invalid_client(hint));
    }
    Ok(client.clone())
}

/// Authenticates by a JWT that the client signed (RFC 7523, section 2.2).
fn by_assertion(state: &mut State, form: &Form) -> Result<OAuth2Client, OAuth2Error> {
    let refuse = |hint: String| Err(OAuth2Error::invalid_client(hint));
    let assertion = form.get("client_assertion").unwrap_or_default();
    if assertion.is_empty() {
        return Err(OAuth2Error::invalid_request(format!(
            "The client_assertion request parameter must be set when using client_assertion_type of '{ASSERTION_TYPE}'."
        )));
    }
    let unverified = "Unable to verify the integrity of the 'client_assertion' value.";
    let Some(token) = Jws::parse(assertion) else { return refuse(unverified.to_owned()) };
    let id = form.get("client_id").filter(|id| !id.is_empty()).unwrap_or_else(|| token.text("sub"));
    let client = state.clients.get(id).ok_or_else(|| OAuth2Error::invalid_client("Unable to locate the resource"))?;
    match client.text("token_endpoint_auth_method") {
        "private_key_jwt" => {}
        "none" => {
            return refuse(
                "This requested OAuth 2.0 client does not support client authentication, however 'client_assertion' was \
                 provided in the request."
                    .to_owned(),
            );
        }
        method => {
            return refuse(format!(
                "This requested OAuth 2.0 client only supports client authentication method '{method}', however \
                 'client_assertion' was provided in the request."
            ));
        }
    }
    let own = Some(client.text("token_endpoint_auth_signing_alg")).filter(|own| !own.is_empty()).unwrap_or("RS256");
    let algorithm = token.header["alg"].as_str().unwrap_or_default();
    if algorithm != own {
        return refuse(format!(
            "The 'client_assertion' uses signing algorithm '{algorithm}' but the requested OAuth 2.0 Client enforces \
             signing algorithm '{own}'."
        ));
    }
    let keys = client.metadata.get("jwks").and_then(|jwks| jwks["keys"].as_array());
    let Some(keys) = keys else {
        return refuse(
            "The OAuth 2.0 Client has no JSON Web Keys set registered, but they are needed to complete the request."
                .to_owned(),
        );
    };
    let has_kid = |key: &&serde_json::Value| token.kid().is_empty() || key["kid"] == token.kid();
    if !keys.iter().filter(has_kid).any(|key| token.is_signed_by(key)) {
        return refuse(unverified.to_owned());
    }
    if token.seconds("exp").is_none() || token.is_expired(state.clock.now()) {
        return refuse(
            "Unable to verify the request object because its claims could not be validated, check if the expiry time is \
             set correctly."
                .to_owned(),
        );
    }
    for claim in ["iss", "sub"] {
        if token.text(claim) != client.id() {
            let hint =
                format!("Claim '{claim}' from 'client_assertion' must match the 'client_id' of the OAuth 2.0 Client.");
            return refuse(hint);
        }
    }
    let (jti, endpoint) = (token.text("jti"), format!("{}/oauth2/token", state.url));
    if jti.is_empty() {
        return refuse("Claim 'jti' from 'client_assertion' must be set but is not.".to_owned());
    }
    if !state.oauth2.assertions.insert(jti.to_owned()) {
        let text = "The jti was already used. Claim 'jti' from 'client_assertion' MUST only be used once.";
        return Err(OAuth2Error::bare(StatusCode::BAD_REQUEST, "jti_known", text));
    }
    if !token.texts("aud").contains(&endpoint.as_str()) {
        return refuse(format!(
            "Claim 'audience' from 'client_assertion' must match the authorization server's token endpoint '{endpoint}'."
        ));
    }
    Ok(client.clone())
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
