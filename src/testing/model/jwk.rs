//! Keys of an issuer.

use serde_json::{Value, json};

use crate::testing::random;

/// A JSON Web Key in the form of an RSA public key. It has a random modulus, and nothing is signed with it.
pub(crate) fn public_key() -> Value {
    let modulus = format!("{}A", random::alphanumeric(682));
    json!({"use": "sig", "kty": "RSA", "kid": random::uuid(), "alg": "RS256", "n": modulus, "e": "AQAB"})
}
