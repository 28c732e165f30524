//! What a person decided on the consent page.

use std::fmt;

use super::calls::Kind;
use super::failure::{ProviderError, ProviderErrorKind};
use super::parameters::Parameters;
use crate::privacy::Secret;

/// What a person decided: the argument of [`Provider::answer_consent`](super::Provider::answer_consent).
///
/// ```
/// use ory_sdk::web::provider::ConsentAnswer;
///
/// // As a browser posts the form of `ConsentQuestion::form`.
/// let answer = ConsentAnswer::from_form(b"consent_challenge=c&scope=openid&scope=email&decision=accept")?;
/// assert!(answer.is_accepted());
///
/// // Or made by hand, from whatever the page sent.
/// let answer = ConsentAnswer::accept("c", ["openid", "email"]).remember(true);
/// # let _ = answer;
/// # Ok::<(), ory_sdk::web::provider::ProviderError>(())
/// ```
#[derive(Clone)]
pub struct ConsentAnswer {
    pub(super) challenge: Secret,
    /// `None` if the person said no.
    pub(super) granted: Option<Granted>,
}

#[derive(Clone, Debug)]
pub(super) struct Granted {
    pub scopes: Vec<String>,
    /// `None` for all that were asked for.
    pub audience: Option<Vec<String>>,
    pub remember: bool,
}

impl ConsentAnswer {
    /// The person grants these scopes, and every audience that the application asked for.
    ///
    /// ```
    /// use ory_sdk::web::provider::ConsentAnswer;
    ///
    /// # fn example(challenge: &ory_sdk::Secret) {
    /// let answer = ConsentAnswer::accept(challenge, ["openid"]);
    /// assert!(answer.is_accepted());
    /// # }
    /// ```
    pub fn accept(challenge: impl Into<Secret>, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let scopes = scopes.into_iter().map(Into::into).collect();
        Self { challenge: challenge.into(), granted: Some(Granted { scopes, audience: None, remember: false }) }
    }

    /// The person grants nothing.
    ///
    /// ```
    /// use ory_sdk::web::provider::ConsentAnswer;
    ///
    /// # fn example(challenge: &ory_sdk::Secret) {
    /// assert!(!ConsentAnswer::reject(challenge).is_accepted());
    /// # }
    /// ```
    pub fn reject(challenge: impl Into<Secret>) -> Self {
        Self { challenge: challenge.into(), granted: None }
    }

    /// Grants these audiences alone.
    ///
    /// ```
    /// use ory_sdk::web::provider::ConsentAnswer;
    ///
    /// # fn example(challenge: &ory_sdk::Secret) {
    /// let answer = ConsentAnswer::accept(challenge, ["openid"]).audience(["https://api.example.org"]);
    /// # let _ = answer;
    /// # }
    /// ```
    pub fn audience(mut self, audience: impl IntoIterator<Item = impl Into<String>>) -> Self {
        if let Some(granted) = &mut self.granted {
            granted.audience = Some(audience.into_iter().map(Into::into).collect());
        }
        self
    }

    /// Sets whether Hydra remembers it, so that the person is not asked again.
    ///
    /// ```
    /// use ory_sdk::web::provider::ConsentAnswer;
    ///
    /// # fn example(challenge: &ory_sdk::Secret) {
    /// let answer = ConsentAnswer::accept(challenge, ["openid"]).remember(true);
    /// # let _ = answer;
    /// # }
    /// ```
    ///
    /// [`remember_consent_for`](super::ProviderBuilder::remember_consent_for) says for how long.
    pub fn remember(mut self, remember: bool) -> Self {
        if let Some(granted) = &mut self.granted {
            granted.remember = remember;
        }
        self
    }

    /// Reads the form of [`ConsentQuestion::form`](super::ConsentQuestion::form), or one of your own with the same fields.
    ///
    /// ```
    /// use ory_sdk::web::provider::ConsentAnswer;
    ///
    /// let answer = ConsentAnswer::from_form(b"consent_challenge=c&decision=reject")?;
    /// assert!(!answer.is_accepted());
    /// # Ok::<(), ory_sdk::web::provider::ProviderError>(())
    /// ```
    ///
    /// | field | value |
    /// | --- | --- |
    /// | `consent_challenge` | the challenge |
    /// | `decision` | `accept` or `reject` |
    /// | `scope` | a scope that the person grants; once for each |
    /// | `audience` | the same for audiences; all that were asked for if there is no such field |
    /// | `remember` | `true` if the person wants that |
    ///
    /// # Errors
    ///
    /// [`ProviderError`]: no challenge, or no decision.
    pub fn from_form(form: impl AsRef<[u8]>) -> Result<Self, ProviderError> {
        let form = Parameters::of_form(form.as_ref());
        let challenge = form.challenge(Kind::Consent.parameter())?;
        let all = |name| form.all(name).map(str::to_owned).collect::<Vec<_>>();
        match form.first("decision") {
            Some("accept") => {
                let audience = Some(all("audience")).filter(|audience| !audience.is_empty());
                let remember = form.first("remember") == Some("true");
                Ok(Self { challenge, granted: Some(Granted { scopes: all("scope"), audience, remember }) })
            }
            Some("reject") => Ok(Self::reject(challenge)),
            _ => {
                let text = "the field `decision` of the form must be `accept` or `reject`";
                Err(ProviderError::new(ProviderErrorKind::InvalidForm, text))
            }
        }
    }

    /// Whether the person grants anything.
    ///
    /// ```
    /// use ory_sdk::web::provider::ConsentAnswer;
    ///
    /// assert!(ConsentAnswer::accept("c", ["openid"]).is_accepted());
    /// ```
    pub fn is_accepted(&self) -> bool {
        self.granted.is_some()
    }
}

/// Shows no challenge.
impl fmt::Debug for ConsentAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsentAnswer").field("granted", &self.granted).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_an_answer_or_says_what_is_missing() {
        let answer =
            ConsentAnswer::from_form("consent_challenge=hunter2&scope=a&scope=b+c&decision=accept&remember=true");
        let answer = answer.unwrap();
        let granted = answer.granted.as_ref().unwrap();
        assert_eq!(
            (granted.scopes.as_slice(), &granted.audience, granted.remember),
            (&["a".into(), "b c".into()][..], &None, true)
        );
        assert!(!format!("{answer:?}").contains("hunter2"));
        let refused = |form: &str| ConsentAnswer::from_form(form).unwrap_err();
        for form in ["", "decision=accept", "consent_challenge=&decision=accept", "\u{fffd}&&=;%"] {
            let error = refused(form);
            assert_eq!(error.kind(), ProviderErrorKind::MissingChallenge, "{form}");
            assert!(error.to_string().contains("`consent_challenge`"));
        }
        for form in ["consent_challenge=c", "consent_challenge=c&decision=", "consent_challenge=c&decision=ACCEPT"] {
            assert_eq!(refused(form).kind(), ProviderErrorKind::InvalidForm, "{form}");
        }
    }
}
