//! What a check asks for.

use std::time::Duration;

/// How a session is checked, and what is required of it: for [`Sessions::check_with`](super::Sessions::check_with).
///
/// ```
/// use std::time::Duration;
///
/// use ory_sdk::sessions::Check;
///
/// // Before a transfer of money: a second factor, and a sign-in during the last ten minutes.
/// let check = Check::new().second_factor().signed_in_within(Duration::from_secs(600));
/// ```
///
/// A requirement that a cached session does not meet is checked afresh once before it refuses: a second factor leaves the
/// session and its token as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Check {
    pub(super) max_age: Option<Duration>,
    pub(super) fresh: bool,
    pub(super) stale: bool,
    pub(super) second_factor: bool,
    pub(super) within: Option<Duration>,
    pub(super) verified: bool,
}

impl Check {
    /// A check without requirements, as [`Sessions::check`](super::Sessions::check) makes it.
    pub const fn new() -> Self {
        Self { max_age: None, fresh: false, stale: false, second_factor: false, within: None, verified: false }
    }

    /// Accepts a cached session of up to this age. The limit of [`SessionsBuilder::max_age`](super::SessionsBuilder::max_age)
    /// holds too.
    pub const fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Asks Kratos, whatever is cached.
    pub const fn fresh(mut self) -> Self {
        self.fresh = true;
        self
    }

    /// Allows a stale session while Kratos cannot be reached, as far as
    /// [`SessionsBuilder::stale_if_error`](super::SessionsBuilder::stale_if_error) does.
    ///
    /// Allow it only for requests that change nothing (GET and HEAD). It has no effect together with
    /// [`fresh`](Self::fresh), [`second_factor`](Self::second_factor) or [`signed_in_within`](Self::signed_in_within).
    pub const fn allow_stale(mut self) -> Self {
        self.stale = true;
        self
    }

    /// Requires a second factor (`aal2`).
    pub const fn second_factor(mut self) -> Self {
        self.second_factor = true;
        self
    }

    /// Requires that the person last proved who they are at most this long ago (`authenticated_at`).
    pub const fn signed_in_within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    /// Requires an address that is verified.
    pub const fn verified_address(mut self) -> Self {
        self.verified = true;
        self
    }

    /// Whether a stale session may be accepted.
    pub(super) fn accepts_stale(&self) -> bool {
        self.stale && !self.fresh && !self.second_factor && self.within.is_none()
    }
}
