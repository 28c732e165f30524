//! Why a token is refused.

use std::fmt;

/// What is wrong with a token. No text of the token is in it.
///
/// ```
/// use ory_sdk::jwt::InvalidToken;
///
/// # fn example(why: InvalidToken) {
/// match why {
///     InvalidToken::Expired => println!("get a new token"),
///     other => println!("refused: {other}"),
/// }
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidToken {
    /// It is not a signed token in the compact form (RFC 7515, section 3.1), or its header or claims are not a JSON object.
    Malformed {
        /// What is wrong.
        why: &'static str,
    },
    /// Its algorithm is not allowed, or not the one of its key.
    Algorithm {
        /// What is wrong.
        why: &'static str,
    },
    /// The key set has no such key.
    UnknownKey,
    /// The signature is not that of the key.
    Signature,
    /// It is a token of another kind, such as an ID token where an access token is expected.
    Kind {
        /// The kind that was expected.
        expected: &'static str,
        /// What shows that it is another one.
        why: &'static str,
    },
    /// A claim is missing, or of the wrong type.
    Claim {
        /// The name of the claim.
        name: &'static str,
        /// What is wrong.
        why: &'static str,
    },
    /// It has expired (`exp`), or is older than it may be.
    Expired,
    /// It is from the future (`nbf`, `iat`).
    NotYetValid,
    /// Somebody else issued it (`iss`).
    Issuer,
    /// It is for somebody else (`aud`, `azp`).
    Audience,
    /// It was used before (`jti`).
    Replayed,
    /// The server says that it is not active: expired, revoked, or never issued.
    Inactive,
}

impl InvalidToken {
    pub(super) const fn malformed(why: &'static str) -> Self {
        Self::Malformed { why }
    }

    pub(super) const fn claim(name: &'static str, why: &'static str) -> Self {
        Self::Claim { name, why }
    }
}

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { why } | Self::Algorithm { why } => f.write_str(why),
            Self::UnknownKey => f.write_str("the key set has no such key"),
            Self::Signature => f.write_str("the signature is wrong"),
            Self::Kind { expected, why } => write!(f, "expected {expected}, but {why}"),
            Self::Claim { name, why } => write!(f, "the claim `{name}` {why}"),
            Self::Expired => f.write_str("the token has expired"),
            Self::NotYetValid => f.write_str("the token is not valid yet"),
            Self::Issuer => f.write_str("the token is of another issuer"),
            Self::Audience => f.write_str("the token is for another audience"),
            Self::Replayed => f.write_str("the token was used before"),
            Self::Inactive => f.write_str("the token is not active"),
        }
    }
}

impl std::error::Error for InvalidToken {}
