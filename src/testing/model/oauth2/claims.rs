//! The claims of the tokens that Hydra signs.

use aws_lc_rs::digest;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::grant::Grant;
use super::tokens::Token;
use crate::testing::clock::Time;
use crate::testing::random;

/// The claims of an access token.
pub(crate) fn access_token_claims(issuer: &str, token: &Token) -> Value {
    let grant = &token.grant;
    json!({
        "aud": grant.audience,
        "client_id": grant.client,
        "exp": token.expires_at.timestamp(),
        "ext": grant.access_claims,
        "iat": token.issued_at.timestamp(),
        "iss": issuer,
        "jti": random::uuid(),
        "nbf": token.issued_at.timestamp(),
        "scp": grant.scope,
        "sub": grant.subject,
    })
}

/// The claims of an ID token. `hashes` are those of the texts that come with it.
pub(crate) fn id_token_claims(
    issuer: &str,
    grant: &Grant,
    issued_at: Time,
    expires_at: Time,
    hashes: &[(&str, String)],
) -> Value {
    let mut claims = common_claims(issuer, grant, issued_at);
    claims.insert("exp".to_owned(), expires_at.timestamp().into());
    claims.insert("jti".to_owned(), json!(random::uuid()));
    for (name, hash) in hashes {
        claims.insert((*name).to_owned(), hash.as_str().into());
    }
    if let Some(authentication) = &grant.authentication {
        claims.insert("sid".to_owned(), authentication.session.as_str().into());
        if !authentication.nonce.is_empty() {
            claims.insert("nonce".to_owned(), authentication.nonce.as_str().into());
        }
    }
    Value::Object(claims)
}

/// What the endpoint for user info says about the owner of a token.
pub(crate) fn user_info_claims(issuer: &str, token: &Token) -> Map<String, Value> {
    common_claims(issuer, &token.grant, token.issued_at)
}

/// The claims of a logout token.
pub(crate) fn logout_token_claims(issuer: &str, client: &str, session: &str, issued_at: Time) -> Value {
    json!({
        "aud": [client],
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        "iat": issued_at.timestamp(),
        "iss": issuer,
        "jti": random::uuid(),
        "sid": session,
    })
}

/// The consent's own claims, and above them those that the issuer sets.
fn common_claims(issuer: &str, grant: &Grant, issued_at: Time) -> Map<String, Value> {
    let mut claims = grant.id_claims.clone();
    // The issuer alone sets these, or leaves them out.
    for name in ["sub", "exp", "jti", "sid", "nonce", "at_hash", "c_hash", "rat", "auth_time", "acr", "amr"] {
        claims.remove(name);
    }
    let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    set("aud", json!([grant.client]));
    set("iat", issued_at.timestamp().into());
    set("iss", issuer.into());
    if let Some(authentication) = &grant.authentication {
        set("sub", authentication.identifier.as_str().into());
        set("auth_time", authentication.authenticated_at.timestamp().into());
        set("rat", authentication.requested_at.timestamp().into());
        if !authentication.acr.is_empty() {
            set("acr", authentication.acr.as_str().into());
        }
        if !authentication.amr.is_empty() {
            set("amr", json!(authentication.amr));
        }
    }
    claims
}

/// The left half of a text's SHA-256, as `at_hash` and `c_hash` hold it.
pub(crate) fn left_half_hash(text: &str) -> String {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hash.as_ref().get(..16).unwrap_or_default())
}
