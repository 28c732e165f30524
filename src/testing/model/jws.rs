//! Signed tokens that somebody sent: read, and compared with a key.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::Value;

use super::signing_key::is_signature;
use crate::testing::clock::Time;

/// A compact JWS (RFC 7515) whose payload is JSON.
pub(crate) struct Jws {
    pub header: Value,
    pub claims: Value,
    message: String,
    signature: Vec<u8>,
}

impl Jws {
    /// Reads a token. Its signature is not looked at.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (message, signature) = text.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let json = |part: &str| serde_json::from_slice::<Value>(&BASE64.decode(part).ok()?).ok();
        let (header, claims) = (json(header)?, json(claims)?);
        let is_token = header.is_object() && claims.is_object();
        let signature = BASE64.decode(signature).ok()?;
        is_token.then(|| Self { header, claims, message: message.to_owned(), signature })
    }

    /// Whether the token has the three parts that every token has.
    pub(crate) fn has_three_parts(text: &str) -> bool {
        text.split('.').count() == 3
    }

    /// Whether the public part of `jwk` confirms the signature. A token cannot choose an algorithm of another type of key.
    pub(crate) fn is_signed_by(&self, jwk: &Value) -> bool {
        let algorithm = self.header["alg"].as_str().unwrap_or_default();
        is_signature(jwk, algorithm, self.message.as_bytes(), &self.signature)
    }

    pub(crate) fn kid(&self) -> &str {
        self.header["kid"].as_str().unwrap_or_default()
    }

    /// A claim that is a text, empty if it is missing.
    pub(crate) fn text(&self, claim: &str) -> &str {
        self.claims[claim].as_str().unwrap_or_default()
    }

    /// A claim that is a time, in seconds.
    pub(crate) fn seconds(&self, claim: &str) -> Option<f64> {
        self.claims[claim].as_f64()
    }

    pub(crate) fn is_expired(&self, now: Time) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a time in seconds is far below 2^52")]
        self.seconds("exp").is_some_and(|end| end < now.timestamp() as f64)
    }

    /// The texts of a claim that is a list or a single text, as `aud` is.
    pub(crate) fn texts(&self, claim: &str) -> Vec<&str> {
        match &self.claims[claim] {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
            Value::String(text) => vec![text],
            _ => Vec::new(),
        }
    }
}
