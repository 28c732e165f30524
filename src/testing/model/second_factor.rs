//! Second factors: authenticator apps (TOTP, RFC 6238) and lookup secrets.

use aws_lc_rs::hmac;

use crate::testing::clock::Time;
use crate::testing::random;

/// How long a code of an authenticator app is shown, in seconds.
const PERIOD: i64 = 30;

const DIGITS: u32 = 6;

/// The alphabet of base32 (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// An authenticator app, by the secret that it shares with the server.
#[derive(Clone)]
pub(crate) struct Totp {
    key: [u8; 20],
    pub created_at: Time,
}

impl std::fmt::Debug for Totp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Totp(..)")
    }
}

impl Totp {
    pub(crate) fn new(now: Time) -> Self {
        Self { key: random::bytes(), created_at: now }
    }

    /// The app with this secret in base32, or `None` if that is no secret of a server's.
    pub(crate) fn with_secret(secret: &str, now: Time) -> Option<Self> {
        let letters = secret.bytes().map(|byte| BASE32.iter().position(|letter| *letter == byte.to_ascii_uppercase()));
        let numbers: Vec<usize> = letters.collect::<Option<_>>()?;
        let bits: Vec<usize> =
            numbers.into_iter().flat_map(|number| (0..5).rev().map(move |at| number >> at & 1)).collect();
        let bytes = bits.chunks(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit == 1)));
        Some(Self { key: bytes.collect::<Vec<u8>>().try_into().ok()?, created_at: now })
    }

    /// The shared secret in base32, as people type it into their app.
    pub(crate) fn secret(&self) -> String {
        let letter = |bits: &[u8]| {
            let number = bits.iter().fold(0, |number, bit| number << 1 | usize::from(*bit));
            BASE32.get(number).map_or('A', |letter| char::from(*letter))
        };
        let bits: Vec<u8> = self.key.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
        bits.chunks(5).map(letter).collect()
    }

    /// The URL that the QR code holds.
    pub(crate) fn url(&self, account: &str) -> String {
        let secret = self.secret();
        format!(
            "otpauth://totp/test:{account}?algorithm=SHA1&digits={DIGITS}&issuer=test&period={PERIOD}&secret={secret}"
        )
    }

    /// The code that the app shows at this time.
    pub(crate) fn code(&self, at: Time) -> String {
        self.code_of(at.timestamp().div_euclid(PERIOD))
    }

    /// Whether this is the code of now, or of one period earlier or later.
    pub(crate) fn accepts(&self, code: &str, now: Time) -> bool {
        let period = now.timestamp().div_euclid(PERIOD);
        (-1..=1).any(|drift| self.code_of(period + drift) == code)
    }

    fn code_of(&self, period: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.key);
        let digest = hmac::sign(&key, &period.to_be_bytes());
        let digest = digest.as_ref();
        let start = usize::from(digest.last().copied().unwrap_or_default() & 0xf);
        let number = digest.iter().skip(start).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 10_u32.pow(DIGITS))
    }
}

/// Secrets that each work once, for people who lost their other second factor.
#[derive(Clone)]
pub(crate) struct LookupSecrets {
    /// Each with the time when it was used.
    pub codes: Vec<(String, Option<Time>)>,
    pub created_at: Time,
    pub updated_at: Time,
}

impl std::fmt::Debug for LookupSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LookupSecrets(..)")
    }
}

/// What became of a lookup secret that somebody entered.
#[derive(Debug, PartialEq)]
pub(crate) enum Lookup {
    Accepted,
    Used,
    Unknown,
}

impl LookupSecrets {
    pub(crate) fn new(codes: Vec<String>, now: Time) -> Self {
        Self { codes: codes.into_iter().map(|code| (code, None)).collect(), created_at: now, updated_at: now }
    }

    /// The texts of new secrets.
    pub(crate) fn generate() -> Vec<String> {
        std::iter::repeat_with(|| random::alphanumeric(8).to_lowercase()).take(12).collect()
    }

    /// Uses a secret up.
    pub(crate) fn enter(&mut self, code: &str, now: Time) -> Lookup {
        match self.codes.iter_mut().find(|(known, _)| known == code) {
            None => Lookup::Unknown,
            Some((_, Some(_))) => Lookup::Used,
            Some((_, used_at)) => {
                *used_at = Some(now);
                self.updated_at = now;
                Lookup::Accepted
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    /// The examples of RFC 6238, appendix B, for SHA-1. They have eight digits, of which an app shows the last six.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let totp = Totp { key: *b"12345678901234567890", created_at: Time::MIN_UTC };
        let examples =
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")];
        for (seconds, code) in examples {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            assert_eq!(totp.code(at), code);
            assert!(totp.accepts(code, at) && totp.accepts(code, at + chrono::TimeDelta::seconds(30)));
            assert!(!totp.accepts(code, at + chrono::TimeDelta::seconds(90)) && !totp.accepts("", at));
        }
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(totp.secret(), secret);
        assert_eq!(Totp::with_secret(secret, Time::MIN_UTC).unwrap().key, totp.key);
        for wrong in ["", "GEZD", "1EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", &secret.repeat(2)] {
            assert!(Totp::with_secret(wrong, Time::MIN_UTC).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_lookup_secret_works_once() {
        let mut secrets = LookupSecrets::new(vec!["a".to_owned(), "b".to_owned()], Time::MIN_UTC);
        let mut enter = |code: &str| secrets.enter(code, Time::MIN_UTC);
        assert_eq!([enter("a"), enter("a"), enter("c")], [Lookup::Accepted, Lookup::Used, Lookup::Unknown]);
        assert_eq!(enter("b"), Lookup::Accepted);
    }
}
