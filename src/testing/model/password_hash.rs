//! Hashes of passwords that an administrator imports.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The most rounds of PBKDF2 that are computed. More would hold up every other request.
const MAX_ROUNDS: u32 = 1_000_000;

/// The greatest cost of bcrypt that is computed, for the same reason.
const MAX_COST: u32 = 14;

/// How the formats begin that Kratos takes.
const KNOWN: [&str; 14] = [
    "$2a$",
    "$2b$",
    "$2y$",
    "$pbkdf2-",
    "$argon2i$",
    "$argon2id$",
    "$scrypt$",
    "$firescrypt$",
    "$md5$",
    "$sha1$",
    "$sha256$",
    "$hmac-",
    "$md5-crypt$",
    "$sha",
];

/// Whether a text has a format that Kratos takes.
pub(crate) fn is_known(hash: &str) -> bool {
    let crypt = ["$1$", "$5$", "$6$", "{SSHA}", "{SSHA256}", "{SSHA512}"];
    KNOWN.iter().chain(&crypt).any(|start| hash.starts_with(start))
}

/// Whether a password has this hash, or `None` for a format or a cost that is not computed here.
pub(super) fn verify(hash: &str, clear: &str) -> Option<bool> {
    if let Some(rest) = hash.strip_prefix("$pbkdf2-") { pbkdf2(rest, clear) } else { bcrypt(hash, clear) }
}

/// `<digest>$i=<rounds>,l=<length>$<salt>$<key>`, salt and key in base64 without padding.
fn pbkdf2(text: &str, clear: &str) -> Option<bool> {
    let [digest, parameters, salt, key] = text.split('$').collect::<Vec<_>>().try_into().ok()?;
    let algorithm = match digest {
        "sha1" => pbkdf2::PBKDF2_HMAC_SHA1,
        "sha256" => pbkdf2::PBKDF2_HMAC_SHA256,
        "sha512" => pbkdf2::PBKDF2_HMAC_SHA512,
        _ => return None,
    };
    let rounds = parameters.split(',').find_map(|parameter| parameter.strip_prefix("i="))?;
    let rounds: NonZeroU32 = rounds.parse().ok().filter(|rounds: &NonZeroU32| rounds.get() <= MAX_ROUNDS)?;
    let (salt, key) = (STANDARD_NO_PAD.decode(salt).ok()?, STANDARD_NO_PAD.decode(key).ok()?);
    Some(pbkdf2::verify(algorithm, rounds, &salt, clear.as_bytes(), &key).is_ok())
}

/// `$2a$<cost>$<salt and digest>`
fn bcrypt(hash: &str, clear: &str) -> Option<bool> {
    let cost: u32 = hash.strip_prefix("$2")?.get(2..4)?.parse().ok()?;
    if cost > MAX_COST { None } else { bcrypt::verify(clear, hash).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifies_what_kratos_wrote() {
        let pbkdf2 = "$pbkdf2-sha256$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$UNPzOBnITimvqRLSr+T77UvZ0u4QJiD3rGCEUNgL+SA";
        let bcrypt = "$2a$04$ZQyKUo2RRcbyEKVUJD5Or.mGmrlkUz1QruADO1LN.gX/ICsYj9NAu";
        for hash in [pbkdf2, bcrypt] {
            assert!(is_known(hash));
            assert_eq!(verify(hash, "a-Long-passw0rd!"), Some(true), "{hash}");
            assert_eq!(verify(hash, "another"), Some(false), "{hash}");
        }
    }

    #[test]
    fn leaves_alone_what_it_cannot_compute() {
        for hash in [
            "$argon2id$v=19$m=32,t=2,p=4$c2FsdA$a2V5",
            "$2a$31$ZQyKUo2RRcbyEKVUJD5Or.mGmrlkUz1QruADO1LN.gX/ICsYj9NAu",
            "$pbkdf2-sha256$i=4000000000,l=32$c2FsdA$a2V5",
            "$pbkdf2-sha256$i=0,l=32$c2FsdA$a2V5",
            "$pbkdf2-sha256$",
            "$2",
        ] {
            assert_eq!(verify(hash, "x"), None, "{hash}");
        }
        assert!(!is_known("$what$ever") && !is_known("x") && !is_known(""));
    }
}
