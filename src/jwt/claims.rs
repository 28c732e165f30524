//! Claims that every kind of token has (RFC 7519, section 4.1).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::invalid_token::InvalidToken;

/// The claims of a token.
#[derive(Clone)]
pub(super) struct Claims(pub(super) Map<String, Value>);

/// From here on (2^53), a double may stand for several integers.
const INEXACT: f64 = 9_007_199_254_740_992.0;

impl Claims {
    /// The claims as they were sent, but with integers as integers: Hydra writes those of hooks and consents in a JSON Web
    /// Token as `1e+06` from a million on, which would not fit an integer of the caller's type.
    pub(super) fn of(mut sent: Map<String, Value>) -> Self {
        sent.values_mut().for_each(with_integers);
        Self(sent)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A claim that is a text.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, InvalidToken> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(InvalidToken::claim(name, "is not a text")),
        }
    }

    pub(super) fn required_text(&self, name: &'static str) -> Result<&str, InvalidToken> {
        self.text(name)?.ok_or(InvalidToken::claim(name, "is missing"))
    }

    /// A claim that is a time, in whole seconds. Fractions are cut.
    pub(super) fn seconds(&self, name: &'static str) -> Result<Option<i64>, InvalidToken> {
        let wrong = InvalidToken::claim(name, "is not a time in seconds");
        match self.get(name) {
            None => Ok(None),
            Some(Value::Number(number)) => {
                #[expect(clippy::cast_possible_truncation, reason = "times out of range are refused below")]
                let seconds = number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64)).ok_or(wrong)?;
                // Out of the range of dates, nothing is a time.
                DateTime::from_timestamp(seconds, 0).map(|_| Some(seconds)).ok_or(wrong)
            }
            Some(_) => Err(wrong),
        }
    }

    pub(super) fn time(&self, name: &'static str) -> Result<Option<DateTime<Utc>>, InvalidToken> {
        Ok(self.seconds(name)?.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
    }

    /// A claim that is a list of texts or a single one, as `aud` is.
    pub(super) fn texts(&self, name: &'static str) -> Result<Vec<String>, InvalidToken> {
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text.clone()]),
            Some(Value::Array(items)) => {
                let texts = items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>();
                texts.ok_or(InvalidToken::claim(name, "is not a list of texts"))
            }
            Some(_) => Err(InvalidToken::claim(name, "is neither a text nor a list of texts")),
        }
    }

    /// The scopes: the list `scp`, or the words of the text `scope`. Hydra writes one of them or both
    /// (`strategies.jwt.scope_claim`). If both are there, they say the same.
    pub(super) fn scopes(&self) -> Result<Vec<String>, InvalidToken> {
        let words = |text: &str| text.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let text = self.text("scope")?.map(words);
        match (self.get("scp"), text) {
            (None, None) => Ok(Vec::new()),
            (None, Some(words)) => Ok(words),
            (Some(Value::Array(_)), text) => {
                let list = self.texts("scp")?;
                if text.is_some_and(|words| words != list) {
                    return Err(InvalidToken::claim("scp", "says something else than `scope`"));
                }
                Ok(list)
            }
            (Some(_), _) => Err(InvalidToken::claim("scp", "is not a list of texts")),
        }
    }

    /// Checks the times at `now`, with a tolerance for clocks that differ.
    pub(super) fn check_times(&self, now: i64, skew: i64, needs_end: bool) -> Result<(), InvalidToken> {
        match self.seconds("exp")? {
            // The token is good before that time, and not at it (RFC 7519, section 4.1.4).
            Some(end) if end.saturating_add(skew) <= now => return Err(InvalidToken::Expired),
            None if needs_end => return Err(InvalidToken::claim("exp", "is missing")),
            _ => {}
        }
        for name in ["nbf", "iat"] {
            if self.seconds(name)?.is_some_and(|start| start.saturating_sub(skew) > now) {
                return Err(InvalidToken::NotYetValid);
            }
        }
        Ok(())
    }

    pub(super) fn check_issuer(&self, issuer: &str) -> Result<(), InvalidToken> {
        if same_issuer(self.required_text("iss")?, issuer) { Ok(()) } else { Err(InvalidToken::Issuer) }
    }
}

/// Makes each number that is whole an integer, as long as it is surely the one that was meant.
fn with_integers(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(with_integers),
        Value::Object(fields) => fields.values_mut().for_each(with_integers),
        Value::Number(number) if number.is_f64() => {
            let whole = number.as_f64().filter(|it| it.fract() == 0.0 && it.abs() < INEXACT);
            if let Some(whole) = whole {
                #[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
                let whole = whole as i64;
                *number = whole.into();
            }
        }
        _ => {}
    }
}

/// Whether two issuers are the same. Servers write their URL with or without the slash at the end, whatever their
/// configuration says.
pub(crate) fn same_issuer(one: &str, other: &str) -> bool {
    without_slash(one) == without_slash(other)
}

fn without_slash(issuer: &str) -> &str {
    issuer.strip_suffix('/').unwrap_or(issuer)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Claims;

    /// The claims of a token hook, as Hydra writes them in a JSON Web Token.
    #[test]
    fn integers_of_hydra_are_integers() {
        let ext = r#"{"ext":{"a":42,"b":99999,"c":1e+06,"d":1.234567e+06,"e":9.007199254740991e+15,"f":1.5,
            "g":{"h":[7.654321e+06,-2.026113e+07]},"i":9.007199254740992e+15,"j":1e300,"k":18446744073709551615}}"#;
        let claims = Claims::of(serde_json::from_str(ext).unwrap());
        let read = json!({
            "a": 42, "b": 99999, "c": 1_000_000, "d": 1_234_567, "e": 9_007_199_254_740_991_i64, "f": 1.5,
            "g": {"h": [7_654_321, -20_261_130]}, "i": 9_007_199_254_740_992.0, "j": 1e300, "k": u64::MAX,
        });
        assert_eq!(claims.get("ext"), Some(&read));
        assert_eq!(claims.get("ext").and_then(|ext| ext["c"].as_i64()), Some(1_000_000));
        assert!(claims.get("ext").is_some_and(|ext| ext["i"].is_f64()), "it may have been another number");
        let number: Result<u32, _> =
            serde_json::from_value(claims.get("ext").map_or(Value::Null, |it| it["d"].clone()));
        assert_eq!(number.ok(), Some(1_234_567));
    }
}
