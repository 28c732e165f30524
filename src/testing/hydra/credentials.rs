//! Verifiable credentials about the owner of an access token.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use http::StatusCode;
use serde_json::{Value, json};

use super::introspect::{access_token, bearer};
use super::issue::sign;
use super::oauth2_error::OAuth2Error;
use crate::testing::clock::after;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{ID_TOKEN_SET, Jws, Token, public_jwk};
use crate::testing::random;
use crate::testing::state::State;

/// How long a nonce and a credential are valid.
const HOUR: TimeDelta = TimeDelta::hours(1);

pub(super) fn create(state: &mut State, request: &Request) -> HandlerResult {
    let text = bearer(request).unwrap_or_default().to_owned();
    let token = access_token(state, &text)?.clone();
    let refuse = |hint: &str| Err(OAuth2Error::invalid_request(hint).into());
    let Ok(sent) = request.json_object() else { return refuse("Unable to decode request body.") };
    let format = sent["format"].as_str().unwrap_or_default();
    if format != "jwt_vc_json" {
        return refuse(&format!("The format '{format}' is not supported."));
    }
    if sent["proof"].is_null() {
        return Ok(nonce(state, text));
    }
    let kind = sent["proof"]["proof_type"].as_str().unwrap_or_default();
    if kind != "jwt" {
        return refuse(&format!("The proof type '{kind}' is not supported."));
    }
    let proof = sent["proof"]["jwt"].as_str().unwrap_or_default();
    if !proof.contains('.') {
        return refuse("The JWT in the proof is malformed.");
    }
    let Some(proof) = Jws::parse(proof) else { return refuse("The JWT header in the proof is malformed.") };
    let Some(jwk) = public_jwk(&proof.header["jwk"]).filter(|jwk| jwk["kty"].is_string()) else {
        return refuse("The JWK in the JWT header is malformed.");
    };
    if !proof.is_signed_by(&jwk) || proof.is_expired(state.clock.now()) {
        return refuse("The JWT was not signed with the correct key supplied in the JWK header.");
    }
    let Some(nonce) = proof.claims["nonce"].as_str() else {
        return refuse("The JWT did not contain the 'nonce' claim.");
    };
    match state.oauth2.nonces.get(nonce) {
        Some((of, end)) if *of == text => {
            if *end < state.clock.now() {
                return refuse("The nonce has expired.");
            }
        }
        _ => return refuse("The nonce is invalid."),
    }
    let claims = claims(state, &token, &jwk);
    let credential = sign(state, ID_TOKEN_SET, &claims)?;
    Ok(Reply::ok(&json!({"format": "jwt_vc_json", "credential_draft_00": credential})))
}

/// The refusal of a request without a proof, which holds the nonce for one.
fn nonce(state: &mut State, token: String) -> Reply {
    let nonce = random::alphanumeric(64);
    let end = after(state.clock.now(), HOUR);
    state.oauth2.nonces.insert(nonce.clone(), (token, end));
    let body = json!({
        "format": "jwt_vc",
        "c_nonce": nonce,
        "c_nonce_expires_in": HOUR.num_seconds(),
        "error": "missing_proof",
        "error_description": "Could not issue a verifiable credential because the proof is missing in the request.",
    });
    Reply::json(StatusCode::BAD_REQUEST, &body)
}

fn claims(state: &State, token: &Token, jwk: &Value) -> Value {
    let holder = format!("did:jwk:{}", BASE64_URL_SAFE_NO_PAD.encode(jwk.to_string()));
    let grant = &token.grant;
    let mut subject = json!({"id": holder, "sub": ""});
    if let Some(authentication) = &grant.authentication {
        subject["sub"] = authentication.identifier.as_str().into();
        subject["sid"] = authentication.session.as_str().into();
    }
    for (name, value) in &grant.id_claims {
        subject[name] = value.clone();
    }
    // Hydra writes these times as floating-point numbers.
    #[expect(clippy::cast_precision_loss, reason = "a time in seconds is far below 2^52")]
    let seconds = |time: crate::testing::clock::Time| time.timestamp() as f64;
    let issued_at = seconds(token.issued_at);
    json!({
        "exp": seconds(after(token.issued_at, HOUR)),
        "iat": issued_at,
        "nbf": issued_at,
        "iss": state.url,
        "jti": random::uuid(),
        "sub": holder,
        "vc": {
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiableCredential", "UserInfoCredential"],
            "credentialSubject": subject,
        },
    })
}
