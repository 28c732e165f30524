//! One public key of a set (RFC 7517, RFC 7518, RFC 8037).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Map, Value};

use super::algorithm::{Algorithm, KeyType};
use crate::crypto::backend::signature::{self as backend, RsaPublicKeyComponents, UnparsedPublicKey};

/// The shortest modulus of an RSA key, in bytes (NIST SP 800-131A), and the longest that is verified.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// A public key that can verify signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) kid: Option<String>,
    key_type: KeyType,
    /// The only algorithm for which it may be used. An RSA key need not name one.
    algorithm: Option<Algorithm>,
    material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point, or the 32 bytes of Ed25519.
    Point(Vec<u8>),
}

impl Key {
    /// The key in a JSON Web Key. The error says why it verifies no signature: many sets have keys for other purposes.
    pub(super) fn of(jwk: &Map<String, Value>) -> Result<Self, &'static str> {
        let text = |name: &str| match jwk.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err("one of its members is not a text"),
        };
        if text("use")?.is_some_and(|purpose| purpose != "sig") {
            return Err("it is not for signatures (`use`)");
        }
        if let Some(operations) = jwk.get("key_ops") {
            let verifies = operations.as_array().is_some_and(|known| known.iter().any(|it| it == "verify"));
            if !verifies {
                return Err("it is not for signatures (`key_ops`)");
            }
        }
        let number = |name: &str| -> Result<Vec<u8>, &'static str> {
            let text = text(name)?.ok_or("a number of the key is missing")?;
            BASE64.decode(text).map_err(|_| "a number of the key is not base64url")
        };
        let (key_type, material) = match (text("kty")?, text("crv")?) {
            (Some("RSA"), _) => (KeyType::Rsa, rsa(number("n")?, number("e")?)?),
            (Some("EC"), Some("P-256")) => (KeyType::P256, point(&number("x")?, &number("y")?, 32)?),
            (Some("EC"), Some("P-384")) => (KeyType::P384, point(&number("x")?, &number("y")?, 48)?),
            (Some("OKP"), Some("Ed25519")) => (KeyType::Ed25519, ed25519(number("x")?)?),
            (Some("oct"), _) => return Err("it is symmetric"),
            _ => return Err("its type or curve is not supported"),
        };
        let algorithm = match text("alg")? {
            Some(name) => Some(Algorithm::of(name).ok_or("its algorithm is not supported")?),
            None => Algorithm::ALL.into_iter().find(|it| it.key_type() == key_type && key_type != KeyType::Rsa),
        };
        if algorithm.is_some_and(|algorithm| algorithm.key_type() != key_type) {
            return Err("its algorithm is one of another type of key");
        }
        Ok(Self { kid: text("kid")?.map(str::to_owned), key_type, algorithm, material })
    }

    /// Whether the key may be used for an algorithm.
    pub(super) fn is_for(&self, algorithm: Algorithm) -> bool {
        match self.algorithm {
            Some(own) => own == algorithm,
            None => self.key_type == algorithm.key_type(),
        }
    }

    /// Whether the signature is that of this key. `algorithm` must be one that the key [is for](Self::is_for).
    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Rsa { n, e } => {
                let parameters = match algorithm {
                    Algorithm::Rs256 => &backend::RSA_PKCS1_2048_8192_SHA256,
                    Algorithm::Rs384 => &backend::RSA_PKCS1_2048_8192_SHA384,
                    Algorithm::Rs512 => &backend::RSA_PKCS1_2048_8192_SHA512,
                    Algorithm::Ps256 => &backend::RSA_PSS_2048_8192_SHA256,
                    Algorithm::Ps384 => &backend::RSA_PSS_2048_8192_SHA384,
                    Algorithm::Ps512 => &backend::RSA_PSS_2048_8192_SHA512,
                    _ => return false,
                };
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()
            }
            Material::Point(point) => {
                let verify = |known: &'static dyn backend::VerificationAlgorithm| {
                    UnparsedPublicKey::new(known, point).verify(message, signature).is_ok()
                };
                match algorithm {
                    Algorithm::Es256 => verify(&backend::ECDSA_P256_SHA256_FIXED),
                    Algorithm::Es384 => verify(&backend::ECDSA_P384_SHA384_FIXED),
                    Algorithm::EdDsa => verify(&backend::ED25519),
                    _ => false,
                }
            }
        }
    }
}

fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Material, &'static str> {
    let (n, e) = (without_zeros(n), without_zeros(e));
    // The lowest exponent that is not known to be weak, and small enough to verify quickly.
    let is_usual = e.len() <= 4 && e.last().is_some_and(|last| last % 2 == 1) && e.as_slice() != [1];
    if !RSA_BYTES.contains(&n.len()) || (n.len() == *RSA_BYTES.start() && n.first().is_some_and(|top| *top < 0x80)) {
        return Err("an RSA key must have 2048 to 8192 bits");
    }
    if is_usual { Ok(Material::Rsa { n, e }) } else { Err("the exponent of the RSA key is unusual") }
}

/// A number without zeros in front. They are not allowed (RFC 7518, section 6.3.1.1), but some servers write one.
fn without_zeros(number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number[zeros..].to_vec()
}

fn point(x: &[u8], y: &[u8], length: usize) -> Result<Material, &'static str> {
    if x.len() != length || y.len() != length {
        return Err("the coordinates of the key have the wrong length");
    }
    // The first byte says that the point is not compressed.
    Ok(Material::Point([&[4], x, y].concat()))
}

fn ed25519(x: Vec<u8>) -> Result<Material, &'static str> {
    if x.len() == 32 { Ok(Material::Point(x)) } else { Err("a key of Ed25519 must have 32 bytes") }
}
