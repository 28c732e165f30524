//! Signed tokens in the compact form (RFC 7515, section 3.1).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::invalid_token::InvalidToken;
use super::strict_json;

/// The longest token. Hydra's have one or two kilobytes, and servers refuse headers that are much longer.
const LONGEST: usize = 16 << 10;

/// A token whose signature nobody has looked at yet.
pub(super) struct Jws<'a> {
    /// The whole token.
    pub(super) text: &'a str,
    pub(super) algorithm: Algorithm,
    pub(super) kid: Option<String>,
    /// The type, in small letters and without `application/`.
    pub(super) typ: Option<String>,
    /// What is signed: the first two parts.
    pub(super) message: &'a str,
    payload: &'a str,
    pub(super) signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Reads a token. Of its claims nothing is read, since nobody knows who wrote them.
    pub(super) fn parse(token: &'a str) -> Result<Self, InvalidToken> {
        if token.len() > LONGEST {
            return Err(InvalidToken::malformed("the token is longer than 16 KiB"));
        }
        let parts = token.rsplit_once('.').and_then(|(message, signature)| {
            let (header, payload) = message.split_once('.')?;
            (!payload.contains('.')).then_some((message, header, payload, signature))
        });
        let three = InvalidToken::malformed("expected a token of three parts, separated by dots");
        let (message, header, payload, signature) = parts.ok_or(three)?;
        let header = BASE64.decode(header);
        let header = header.map_err(|_| InvalidToken::malformed("the header of the token is not base64url"))?;
        let header = strict_json::object(&header).map_err(|why| {
            InvalidToken::malformed(match why {
                "has a key twice" => "the header of the token has a key twice",
                _ => "the header of the token is not a JSON object",
            })
        })?;
        // Extensions that a reader does not know change what a token means, so it has to refuse them.
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(InvalidToken::malformed(
                "the header of the token has critical extensions, which are not supported",
            ));
        }
        let algorithm = text(&header, "alg")?.ok_or(InvalidToken::malformed("the header of the token lacks `alg`"))?;
        let signature = BASE64.decode(signature);
        Ok(Self {
            text: token,
            algorithm: Algorithm::of_header(algorithm)?,
            kid: text(&header, "kid")?.map(str::to_owned),
            typ: text(&header, "typ")?.map(media_type),
            message,
            payload,
            signature: signature.map_err(|_| InvalidToken::malformed("the signature of the token is not base64url"))?,
        })
    }

    /// The bytes that are signed along with the header.
    pub(super) fn payload(&self) -> Result<Vec<u8>, InvalidToken> {
        BASE64.decode(self.payload).map_err(|_| InvalidToken::malformed("the claims of the token are not base64url"))
    }

    /// The claims: the payload of a JSON Web Token.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, InvalidToken> {
        strict_json::object(&self.payload()?).map_err(|why| {
            InvalidToken::malformed(match why {
                "has a key twice" => "the claims of the token have a key twice",
                _ => "the claims of the token are not a JSON object",
            })
        })
    }
}

/// A member of the header that is a text.
fn text<'h>(header: &'h Map<String, Value>, name: &str) -> Result<Option<&'h str>, InvalidToken> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(InvalidToken::malformed("`alg`, `kid` or `typ` in the header of the token is not a text")),
    }
}

/// A type without `application/`, which may be left out (RFC 7515, section 4.1.9). Capitals do not matter.
fn media_type(typ: &str) -> String {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").map(str::to_owned).unwrap_or(typ)
}
