//! Signatures alone, for vectors and fuzzing: tokens whose payload is not JSON, and keys that no server has.

use super::invalid_token::InvalidToken;
use super::jws::Jws;
use super::keys::Keys;

/// Whether a key of this set signed the token, whatever it says.
pub(crate) fn check(set: &[u8], token: &str) -> Result<(), String> {
    let keys = Keys::parse(set).map_err(str::to_owned)?;
    let check = || -> Result<(), InvalidToken> {
        let token = Jws::parse(token)?;
        keys.verify(&token)?;
        token.payload().map(drop)
    };
    check().map_err(|why| why.to_string())
}
