//! What a browser's sign-in needs until it comes back.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::error::TokenError;
use crate::crypto::{random_text, sha256};
use crate::input::InvalidArgument;
use crate::privacy::Secret;

/// The form of the text, so that another one can follow.
const VERSION: &str = "1";

/// What an application keeps for a browser that it sent away to sign in: the `state`, the `nonce`, and the verifier of PKCE
/// (RFC 7636).
///
/// ```
/// # fn example(flow: &ory_sdk::tokens::CodeFlow) -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::tokens::PendingSignIn;
///
/// let begun = flow.authorization_url()?;
/// let cookie = format!("sign_in={}; HttpOnly; Secure; SameSite=Lax; Path=/callback; Max-Age=600", begun.pending.to_text().expose());
///
/// // When the browser comes back with the cookie:
/// let text = begun.pending.to_text();
/// let pending = PendingSignIn::parse(text.expose())?;
/// # assert!(pending.to_text() == text && cookie.len() > 100);
/// # Ok(())
/// # }
/// ```
///
/// Keep it where only this browser can present it: in a cookie with `HttpOnly`, `Secure` and `SameSite=Lax` (not `Strict`,
/// since the browser comes back from another site), or in a session of your own. Take it away when the browser is back: a
/// sign-in is finished once. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingSignIn {
    pub(super) state: Secret,
    pub(super) verifier: Secret,
    /// The scope `openid` has an ID token, and that has a nonce.
    pub(super) nonce: Option<Secret>,
}

impl PendingSignIn {
    pub(super) fn new(is_openid: bool) -> Result<Self, TokenError> {
        let random = || random_text::<32>().map(Secret::from).ok_or_else(TokenError::without_random);
        Ok(Self { state: random()?, verifier: random()?, nonce: is_openid.then(random).transpose()? })
    }

    /// The challenge of PKCE, by the method `S256`.
    pub(super) fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(sha256(self.verifier.expose().as_bytes()))
    }

    /// What the claim `nonce` of the ID token must be, if the scope has `openid`.
    ///
    /// ```
    /// # fn example(pending: &ory_sdk::tokens::PendingSignIn) {
    /// assert!(pending.nonce().is_some());
    /// # }
    /// ```
    pub fn nonce(&self) -> Option<&Secret> {
        self.nonce.as_ref()
    }

    /// It as text, which fits into a cookie without another encoding.
    ///
    /// ```
    /// # fn example(pending: &ory_sdk::tokens::PendingSignIn) {
    /// assert!(pending.to_text().expose().len() < 150);
    /// # }
    /// ```
    pub fn to_text(&self) -> Secret {
        let nonce = self.nonce.as_ref().map_or("", Secret::expose);
        format!("{VERSION}.{}.{}.{nonce}", self.state.expose(), self.verifier.expose()).into()
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    ///
    /// ```
    /// use ory_sdk::tokens::PendingSignIn;
    ///
    /// let error = PendingSignIn::parse("1.garbage").unwrap_err();
    /// assert_eq!(error.to_string(), "a pending sign-in: expected the text of `PendingSignIn::to_text`, not one of 9 bytes");
    /// ```
    ///
    /// # Errors
    ///
    /// Any other text. The error does not contain it.
    pub fn parse(text: &str) -> Result<Self, InvalidArgument> {
        // 32 random bytes in base64url.
        let is_random = |part: &str| {
            part.len() == 43 && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        match text.split('.').collect::<Vec<_>>()[..] {
            [VERSION, state, verifier, nonce]
                if is_random(state) && is_random(verifier) && (nonce.is_empty() || is_random(nonce)) =>
            {
                let nonce = (!nonce.is_empty()).then(|| nonce.into());
                Ok(Self { state: state.into(), verifier: verifier.into(), nonce })
            }
            _ => Err(InvalidArgument::new(format!(
                "a pending sign-in: expected the text of `PendingSignIn::to_text`, not one of {} bytes",
                text.len()
            ))),
        }
    }
}

impl fmt::Debug for PendingSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSignIn").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let pending = PendingSignIn { state: "s".into(), verifier: verifier.into(), nonce: None };
        assert_eq!(pending.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn texts_are_read_as_written() {
        for is_openid in [true, false] {
            let pending = PendingSignIn::new(is_openid).unwrap();
            assert_eq!(pending.nonce().is_some(), is_openid);
            let text = pending.to_text();
            assert!(PendingSignIn::parse(text.expose()).unwrap() == pending);
            let text = text.expose();
            let changed =
                [&text[1..], &text[..80], &format!("{text}A"), &text.replace('.', ":"), "", "1...", "1.a.b.c"];
            for other in changed {
                let why = PendingSignIn::parse(other).unwrap_err().to_string();
                assert!(!why.contains(pending.state.expose()) && !why.contains(pending.verifier.expose()), "{why}");
            }
        }
    }
}
