//! Keys that sign JSON Web Tokens, and the signatures that they make (RFC 7515, RFC 7517, RFC 7518).

use aws_lc_rs::encoding::{AsBigEndian, AsDer, Curve25519SeedBin, EcPrivateKeyBin, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPairComponents, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{self as algorithms, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair};
use aws_lc_rs::{hmac, rsa};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Map, Value, json};

use super::der::rsa_integers;

/// The members that hold the private part of a key.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A JSON Web Key with its private part, ready to sign.
pub(crate) struct SigningKey {
    jwk: Value,
    pair: Pair,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Secret(Vec<u8>),
}

impl SigningKey {
    /// A new key for an algorithm of asymmetric keys, such as `RS256`. RSA keys have 2048 bits.
    pub(crate) fn generate(algorithm: &str, kid: &str, usage: &str) -> Option<Self> {
        let mut jwk = json!({"use": usage, "kid": kid, "alg": algorithm});
        let pair = if rsa_padding(algorithm).is_some() {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).ok()?;
            let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
            jwk["kty"] = "RSA".into();
            for (name, value) in ["n", "e", "d", "p", "q", "dp", "dq", "qi"].iter().zip(rsa_integers(der.as_ref())?) {
                jwk[name] = BASE64.encode(value).into();
            }
            Pair::Rsa(Box::new(pair))
        } else if let Some(curve) = Curve::of(algorithm) {
            let pair = EcdsaKeyPair::generate(curve.signing).ok()?;
            let private: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().ok()?;
            // The first byte says that the point is not compressed.
            let (x, y) = pair.public_key().as_ref().get(1..)?.split_at_checked(curve.length)?;
            jwk["kty"] = "EC".into();
            jwk["crv"] = curve.name.into();
            for (name, value) in [("x", x), ("y", y), ("d", private.as_ref())] {
                jwk[name] = BASE64.encode(value).into();
            }
            Pair::Ec(pair)
        } else if algorithm == "EdDSA" {
            let pair = Ed25519KeyPair::generate().ok()?;
            let seed: Curve25519SeedBin<'_> = pair.seed().ok()?.as_be_bytes().ok()?;
            jwk["kty"] = "OKP".into();
            jwk["crv"] = "Ed25519".into();
            jwk["x"] = BASE64.encode(pair.public_key()).into();
            jwk["d"] = BASE64.encode(seed.as_ref()).into();
            Pair::Ed25519(pair)
        } else {
            return None;
        };
        Some(Self { jwk, pair })
    }

    /// The key in a JSON Web Key, if that holds the private part of one that can sign.
    pub(crate) fn from_jwk(jwk: &Value) -> Option<Self> {
        let part = |name: &str| BASE64.decode(jwk[name].as_str()?).ok();
        let pair = match jwk["kty"].as_str()? {
            "RSA" => Pair::Rsa(Box::new(
                RsaKeyPair::from_components(&KeyPairComponents {
                    public_key: PublicKeyComponents { n: part("n")?, e: part("e")? },
                    d: part("d")?,
                    p: part("p")?,
                    q: part("q")?,
                    dP: part("dp")?,
                    dQ: part("dq")?,
                    qInv: part("qi")?,
                })
                .ok()?,
            )),
            "EC" => {
                let curve = Curve::of(algorithm(jwk)?)?;
                let (point, private) = (point(jwk)?, part("d")?);
                Pair::Ec(EcdsaKeyPair::from_private_key_and_public_key(curve.signing, &private, &point).ok()?)
            }
            "OKP" => Pair::Ed25519(Ed25519KeyPair::from_seed_and_public_key(&part("d")?, &part("x")?).ok()?),
            "oct" => Pair::Secret(part("k")?),
            _ => return None,
        };
        let mut jwk = jwk.clone();
        jwk["alg"] = algorithm(&jwk)?.into();
        Some(Self { jwk, pair })
    }

    /// The whole key.
    pub(crate) fn private_jwk(&self) -> &Value {
        &self.jwk
    }

    /// A compact JWS with these claims. `extras` are members of its header beside `alg`, `kid` and `typ`, or in place of
    /// them; null leaves one out.
    pub(crate) fn sign(&self, claims: &Value, extras: &Map<String, Value>) -> Option<String> {
        let mut header = json!({"alg": self.jwk["alg"], "kid": self.jwk["kid"], "typ": "JWT"});
        for (name, value) in extras {
            header[name] = value.clone();
        }
        let message = unsigned(&header, claims);
        let signature = self.signature(message.as_bytes())?;
        Some(format!("{message}.{}", BASE64.encode(signature)))
    }

    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let algorithm = self.jwk["alg"].as_str()?;
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(rsa_padding(algorithm)?, &random, message, &mut signature).ok()?;
                Some(signature)
            }
            Pair::Ec(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
            Pair::Secret(secret) => {
                let key = hmac::Key::new(hmac_algorithm(algorithm)?, secret);
                Some(hmac::sign(&key, message).as_ref().to_vec())
            }
        }
    }
}

/// Header and claims of a compact JWS, as they are signed.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    let mut header = header.clone();
    if let Some(header) = header.as_object_mut() {
        header.retain(|_, value| !value.is_null());
    }
    format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
}

/// The public part of a JSON Web Key. A symmetric key has none.
pub(crate) fn public_jwk(jwk: &Value) -> Option<Value> {
    let mut jwk = jwk.clone();
    jwk.as_object_mut()?.retain(|name, _| !PRIVATE.contains(&name.as_str()));
    (jwk["kty"] != "oct").then_some(jwk)
}

/// The algorithm of a key: the one that it names, or the usual one for its type.
fn algorithm(jwk: &Value) -> Option<&str> {
    jwk["alg"].as_str().or_else(|| match (jwk["kty"].as_str()?, jwk["crv"].as_str().unwrap_or_default()) {
        ("RSA", _) => Some("RS256"),
        ("EC", "P-256") => Some("ES256"),
        ("EC", "P-384") => Some("ES384"),
        ("EC", "P-521") => Some("ES512"),
        ("OKP", "Ed25519") => Some("EdDSA"),
        ("oct", _) => Some("HS256"),
        _ => None,
    })
}

/// The public point of an elliptic curve key, uncompressed.
fn point(jwk: &Value) -> Option<Vec<u8>> {
    let mut point = vec![4];
    for name in ["x", "y"] {
        point.extend(BASE64.decode(jwk[name].as_str()?).ok()?);
    }
    Some(point)
}

/// An elliptic curve, with its one algorithm.
struct Curve {
    name: &'static str,
    /// The bytes of a coordinate.
    length: usize,
    signing: &'static algorithms::EcdsaSigningAlgorithm,
    verification: &'static algorithms::EcdsaVerificationAlgorithm,
}

impl Curve {
    fn of(algorithm: &str) -> Option<Self> {
        let (name, length, signing, verification) = match algorithm {
            "ES256" => {
                let signing = &algorithms::ECDSA_P256_SHA256_FIXED_SIGNING;
                ("P-256", 32, signing, &algorithms::ECDSA_P256_SHA256_FIXED)
            }
            "ES384" => {
                let signing = &algorithms::ECDSA_P384_SHA384_FIXED_SIGNING;
                ("P-384", 48, signing, &algorithms::ECDSA_P384_SHA384_FIXED)
            }
            "ES512" => {
                let signing = &algorithms::ECDSA_P521_SHA512_FIXED_SIGNING;
                ("P-521", 66, signing, &algorithms::ECDSA_P521_SHA512_FIXED)
            }
            _ => return None,
        };
        Some(Self { name, length, signing, verification })
    }
}

fn rsa_padding(algorithm: &str) -> Option<&'static dyn algorithms::RsaEncoding> {
    match algorithm {
        "RS256" => Some(&algorithms::RSA_PKCS1_SHA256),
        "RS384" => Some(&algorithms::RSA_PKCS1_SHA384),
        "RS512" => Some(&algorithms::RSA_PKCS1_SHA512),
        "PS256" => Some(&algorithms::RSA_PSS_SHA256),
        "PS384" => Some(&algorithms::RSA_PSS_SHA384),
        "PS512" => Some(&algorithms::RSA_PSS_SHA512),
        _ => None,
    }
}

fn hmac_algorithm(algorithm: &str) -> Option<hmac::Algorithm> {
    match algorithm {
        "HS256" => Some(hmac::HMAC_SHA256),
        "HS384" => Some(hmac::HMAC_SHA384),
        "HS512" => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

/// Whether the public part of `jwk` confirms a signature by an algorithm of asymmetric keys.
pub(crate) fn is_signature(jwk: &Value, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
    verify(jwk, algorithm, message, signature).is_some()
}

fn verify(jwk: &Value, algorithm: &str, message: &[u8], signature: &[u8]) -> Option<()> {
    let part = |name: &str| BASE64.decode(jwk[name].as_str()?).ok();
    match jwk["kty"].as_str()? {
        "RSA" => {
            let parameters: &'static rsa::RsaParameters = match algorithm {
                "RS256" => &algorithms::RSA_PKCS1_2048_8192_SHA256,
                "RS384" => &algorithms::RSA_PKCS1_2048_8192_SHA384,
                "RS512" => &algorithms::RSA_PKCS1_2048_8192_SHA512,
                "PS256" => &algorithms::RSA_PSS_2048_8192_SHA256,
                "PS384" => &algorithms::RSA_PSS_2048_8192_SHA384,
                "PS512" => &algorithms::RSA_PSS_2048_8192_SHA512,
                _ => return None,
            };
            let key = PublicKeyComponents { n: part("n")?, e: part("e")? };
            key.verify(parameters, message, signature).ok()
        }
        "EC" => {
            let curve = Curve::of(algorithm).filter(|curve| jwk["crv"] == curve.name)?;
            let key = algorithms::UnparsedPublicKey::new(curve.verification, point(jwk)?);
            key.verify(message, signature).ok()
        }
        "OKP" if algorithm == "EdDSA" => {
            let key = algorithms::UnparsedPublicKey::new(&algorithms::ED25519, part("x")?);
            key.verify(message, signature).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::jws::Jws;
    use super::*;

    #[test]
    fn each_algorithm_signs_what_its_public_key_confirms() {
        for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"] {
            let key = SigningKey::generate(algorithm, "one", "sig").unwrap();
            let text = key.sign(&json!({"sub": "ada"}), &Map::new()).unwrap();
            let token = Jws::parse(&text).unwrap();
            assert_eq!(token.header, json!({"alg": algorithm, "kid": "one", "typ": "JWT"}));
            let public = public_jwk(key.private_jwk()).unwrap();
            assert!(public.get("d").is_none() && token.is_signed_by(&public), "{algorithm}");
            // The key that was read from its own JSON signs too, and another one is not it.
            let again = SigningKey::from_jwk(key.private_jwk()).unwrap();
            let text = again.sign(&json!({"sub": "eve"}), &Map::new()).unwrap();
            assert!(Jws::parse(&text).unwrap().is_signed_by(&public), "{algorithm}");
            let other = SigningKey::generate(algorithm, "one", "sig").unwrap();
            assert!(!token.is_signed_by(other.private_jwk()), "{algorithm}");
        }
    }

    #[test]
    fn symmetric_keys_are_only_read() {
        assert!(SigningKey::generate("HS256", "one", "sig").is_none());
        let jwk = json!({"kty": "oct", "k": BASE64.encode("a secret")});
        let extras = json!({"kid": null, "typ": "at+jwt"});
        let text = SigningKey::from_jwk(&jwk).unwrap().sign(&json!({}), extras.as_object().unwrap()).unwrap();
        let token = Jws::parse(&text).unwrap();
        assert_eq!(token.header, json!({"alg": "HS256", "typ": "at+jwt"}));
        assert!(!token.is_signed_by(&jwk));
        assert!(public_jwk(&jwk).is_none());
    }
}
