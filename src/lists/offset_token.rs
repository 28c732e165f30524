//! Page tokens that hide an offset: base64url of `{"offset":"250","v":2}`, as in Hydra 2.0 to 2.3 and in Kratos' lists with
//! page numbers.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

/// Without padding, as the servers write it. Trailing bits are no reason to refuse a token.
const ENGINE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));

/// The token for an offset.
pub(crate) fn encode(offset: u64) -> String {
    ENGINE.encode(format!("{{\"offset\":\"{offset}\",\"v\":2}}"))
}

/// The offset in a token, if it is such a token. It may be negative, since servers link to pages before the first one.
pub(crate) fn decode(token: &str) -> Option<i64> {
    let bytes = ENGINE.decode(token.trim_end_matches('=')).ok()?;
    let json: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    let offset = json.get("offset")?;
    offset.as_i64().or_else(|| offset.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        assert_eq!(encode(2), "eyJvZmZzZXQiOiIyIiwidiI6Mn0");
        assert_eq!(encode(250), "eyJvZmZzZXQiOiIyNTAiLCJ2IjoyfQ");
        for offset in [0, 7, 10, 99, 100, 12_345, 1 << 40] {
            assert_eq!(decode(&encode(offset)), Some(offset as i64));
        }
        assert_eq!(decode("eyJvZmZzZXQiOiItMiIsInYiOjJ9"), Some(-2));
        for other in ["", "garbage", "00000000-0000-0000-0000-000000000000", "1", "aWQ9MDAwMDAw", "é"] {
            assert_eq!(decode(other), None, "{other}");
        }
    }
}
