//! Page tokens that only hide a number: base64url of `{"offset":"250","v":2}`, as Hydra 2.0 to 2.3 and Kratos'
//! numbered lists give them.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The token of an offset.
pub(crate) fn encode(offset: u64) -> String {
    let json = format!("{{\"offset\":\"{offset}\",\"v\":2}}");
    let mut text = String::new();
    for chunk in json.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

/// The offset in a token, if it is such a token. It may be negative: servers link before the first page.
pub(crate) fn decode(token: &str) -> Option<i64> {
    let (mut bits, mut count) = (0_u32, 0);
    let mut bytes = Vec::new();
    for byte in token.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|known| *known == byte)?;
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
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
