//! The algorithms of signatures (RFC 7518, section 3.1; RFC 8037).

use std::fmt;

use super::invalid_token::InvalidToken;
use crate::crypto::backend::digest;

/// An algorithm of signatures with which tokens may be signed.
///
/// ```
/// use ory_sdk::jwt::Algorithm;
///
/// assert_eq!(Algorithm::Rs256.as_str(), "RS256");
/// assert!(Algorithm::ALL.contains(&Algorithm::EdDsa));
/// ```
///
/// Not among them: `none`; `HS256` and other symmetric ones, with which whoever can check a token can make one; and
/// `ES512`, which is hardly used and not implemented by every TLS library.
///
/// Source: RFC 7518, section 3.1, and RFC 8037.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what Hydra uses by default.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// EdDSA with Ed25519.
    EdDsa,
}

/// The types of keys, each with its own algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyType {
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl Algorithm {
    /// All of them.
    ///
    /// ```
    /// assert_eq!(ory_sdk::jwt::Algorithm::ALL.len(), 9);
    /// ```
    pub const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// The name in a token's header (`alg`).
    ///
    /// ```
    /// assert_eq!(ory_sdk::jwt::Algorithm::EdDsa.as_str(), "EdDSA");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name)
    }

    /// The algorithm in a token's header.
    pub(super) fn of_header(name: &str) -> Result<Self, InvalidToken> {
        Self::of(name).ok_or(InvalidToken::Algorithm {
            why: match name {
                "none" => "the token is not signed (`none`)",
                "HS256" | "HS384" | "HS512" => {
                    "the token is signed with a symmetric key (HS256, HS384 or HS512), which is not supported"
                }
                "ES512" => "ES512 is not supported: let the server sign with ES256, ES384, EdDSA or RS256",
                _ => "the algorithm of the token is not known",
            },
        })
    }

    pub(super) const fn key_type(self) -> KeyType {
        match self {
            Self::Es256 => KeyType::P256,
            Self::Es384 => KeyType::P384,
            Self::EdDsa => KeyType::Ed25519,
            _ => KeyType::Rsa,
        }
    }

    /// The hash that claims such as `at_hash` use (OpenID Connect Core, section 3.1.3.6). Ed25519 has SHA-512 inside.
    pub(super) fn hash(self) -> &'static digest::Algorithm {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 => &digest::SHA256,
            Self::Rs384 | Self::Ps384 | Self::Es384 => &digest::SHA384,
            Self::Rs512 | Self::Ps512 | Self::EdDsa => &digest::SHA512,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
