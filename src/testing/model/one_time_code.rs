//! Codes and link tokens: whoever has one reads somebody's mail, or was sent by an administrator.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::testing::clock::{Clock, Time, after};
use crate::testing::random;

/// How long a code is valid if nobody says otherwise.
pub(crate) const LIFESPAN: TimeDelta = TimeDelta::hours(1);

/// A code of six digits, or the token of a link.
#[derive(Debug, Clone)]
pub(crate) struct OneTimeCode {
    text: String,
    /// The flow in which it is valid.
    flow: Uuid,
    /// Whose it is. Nobody's yet in a registration.
    pub identity: Option<Uuid>,
    /// The address that it was sent to, if it was.
    pub address: Option<String>,
    expires_at: Time,
    used: bool,
}

/// How a code looks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CodeForm {
    /// Six digits, to be typed.
    Digits,
    /// The token of a link.
    Link,
}

/// What became of a code that somebody entered.
pub(crate) enum Entered {
    Accepted(OneTimeCode),
    Used,
    /// Unknown or expired.
    Wrong,
}

/// All codes, including used and expired ones.
pub(crate) struct OneTimeCodes(Vec<OneTimeCode>);

impl OneTimeCodes {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// Makes a code, or the token of a link. It replaces those of the same flow.
    pub(crate) fn issue(
        &mut self,
        clock: &Clock,
        form: CodeForm,
        flow: Uuid,
        identity: Option<Uuid>,
        address: Option<String>,
        lifespan: TimeDelta,
    ) -> String {
        let text = match form {
            CodeForm::Digits => random::digits(6),
            CodeForm::Link => random::alphanumeric(32),
        };
        let expires_at = after(clock.now(), lifespan);
        self.0.retain(|code| code.flow != flow);
        self.0.push(OneTimeCode { text: text.clone(), flow, identity, address, expires_at, used: false });
        text
    }

    /// Uses a code of a flow up.
    pub(crate) fn enter(&mut self, clock: &Clock, flow: Uuid, text: &str) -> Entered {
        match self.0.iter_mut().find(|code| code.flow == flow && code.text == text) {
            Some(code) if code.used => Entered::Used,
            Some(code) if code.expires_at > clock.now() => {
                code.used = true;
                Entered::Accepted(code.clone())
            }
            _ => Entered::Wrong,
        }
    }

    /// Deletes all codes of an identity.
    pub(crate) fn remove_of(&mut self, identity: Uuid) {
        self.0.retain(|code| code.identity != Some(identity));
    }
}
