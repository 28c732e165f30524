//! Claims that every kind of token has (RFC 7519, section 4.1).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::invalid_token::InvalidToken;

/// The claims of a token.
#[derive(Clone)]
pub(super) struct Claims(pub(super) Map<String, Value>);

impl Claims {
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

/// Whether two issuers are the same. Servers write their URL with or without the slash at the end, whatever their
/// configuration says.
pub(crate) fn same_issuer(one: &str, other: &str) -> bool {
    without_slash(one) == without_slash(other)
}

fn without_slash(issuer: &str) -> &str {
    issuer.strip_suffix('/').unwrap_or(issuer)
}
