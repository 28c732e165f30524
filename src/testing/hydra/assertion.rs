//! Tokens for the assertions of trusted issuers (RFC 7523).

use std::sync::Arc;

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::Value;

use super::interaction::missing;
use super::issue;
use super::oauth2_error::OAuth2Error;
use crate::testing::http::Form;
use crate::testing::model::{Grant, Issuer, Jws, OAuth2Client};
use crate::testing::state::State;

/// How long an assertion may be valid.
const LONGEST: TimeDelta = TimeDelta::days(30);

pub(super) fn grant(state: &mut State, client: &OAuth2Client, form: &Form) -> Result<Value, OAuth2Error> {
    let text = form.get("assertion").unwrap_or_default();
    if text.is_empty() {
        return Err(OAuth2Error::invalid_request(
            "The assertion request parameter must be set when using grant_type of \
             'urn:ietf:params:oauth:grant-type:jwt-bearer'.",
        ));
    }
    let token = Jws::parse(text).ok_or_else(|| {
        let why = if Jws::has_three_parts(text) { "invalid JWS" } else { "compact JWS format must have three parts" };
        OAuth2Error::invalid_grant(format!(
            "Unable to parse JSON Web Token passed in 'assertion' request parameter. go-jose/go-jose: {why}"
        ))
    })?;
    for (claim, name) in [("iss", "issuer"), ("sub", "subject")] {
        if token.text(claim).is_empty() {
            return Err(no_claim(claim, name));
        }
    }
    let issuer = issuer(state, &token)?;
    check_claims(state, &token)?;
    let scope = form.words("scope");
    let allowed = issuer.scope.unwrap_or_default();
    if let Some(word) = missing(&scope, &allowed) {
        let (issuer, subject) = (token.text("iss"), token.text("sub"));
        return Err(OAuth2Error::invalid_scope(format!(
            "The public key registered for issuer '{issuer}' and subject '{subject}' is not allowed to request scope \
             '{word}'."
        )));
    }
    state.oauth2.assertions.insert(token.text("jti").to_owned());
    let audience = token.texts("aud").into_iter().map(str::to_owned).collect();
    let grant = Arc::new(Grant::of_client(client.id(), token.text("sub"), scope, audience));
    issue::tokens(state, client, &grant, "jwt_bearer")
}

fn no_claim(claim: &str, name: &str) -> OAuth2Error {
    OAuth2Error::invalid_grant(format!(
        "The JWT in 'assertion' request parameter MUST contain an '{claim}' ({name}) claim."
    ))
}

/// The trusted issuer that signed an assertion.
fn issuer(state: &State, token: &Jws) -> Result<Issuer, OAuth2Error> {
    let (issuer, subject) = (token.text("iss"), token.text("sub"));
    let known = state.oauth2.issuers.speaking_for(issuer, subject);
    let known: Vec<&Issuer> = known.filter(|known| token.kid().is_empty() || known.kid() == token.kid()).collect();
    if known.is_empty() {
        return Err(OAuth2Error::invalid_grant(format!(
            "No public JWK was registered for issuer '{issuer}' and subject '{subject}', and public key is required to \
             check signature of JWT in 'assertion' request parameter. Unable to locate the resource"
        )));
    }
    known.into_iter().find(|known| token.is_signed_by(&known.jwk)).cloned().ok_or_else(|| {
        OAuth2Error::invalid_grant(
            "Unable to verify the integrity of the 'assertion' value. go-jose/go-jose: error in cryptographic primitive",
        )
    })
}

fn check_claims(state: &State, token: &Jws) -> Result<(), OAuth2Error> {
    let audience = token.texts("aud");
    let endpoint = format!("{}/oauth2/token", state.url);
    if audience.is_empty() {
        return Err(no_claim("aud", "audience"));
    }
    if !audience.contains(&endpoint.as_str()) {
        return Err(OAuth2Error::invalid_grant(format!(
            "The JWT in 'assertion' request parameter MUST contain an 'aud' (audience) claim containing a value \
             '{endpoint}' that identifies the authorization server as an intended audience."
        )));
    }
    let Some(end) = token.seconds("exp") else { return Err(no_claim("exp", "expiration time")) };
    if token.is_expired(state.clock.now()) {
        return Err(OAuth2Error::invalid_grant("The JWT in 'assertion' request parameter expired."));
    }
    let Some(start) = token.seconds("iat") else { return Err(no_claim("iat", "issued at")) };
    #[expect(clippy::cast_precision_loss, reason = "the seconds of a month are far below 2^52")]
    if end - start > LONGEST.num_seconds() as f64 {
        return Err(OAuth2Error::invalid_grant(
            "The JWT in 'assertion' request parameter contains an 'exp' (expiration time) claim with a value that is \
             unreasonably far in the future.",
        ));
    }
    let jti = token.text("jti");
    if jti.is_empty() {
        return Err(OAuth2Error::invalid_grant(
            "The JWT in 'assertion' request parameter MUST contain an 'jti' (JWT ID) claim.",
        ));
    }
    if state.oauth2.assertions.contains(jti) {
        return Err(OAuth2Error::bare(StatusCode::BAD_REQUEST, "jti_known", "The jti was already used."));
    }
    Ok(())
}
