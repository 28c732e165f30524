//! A person who is signed in.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::credential::Credential;
use super::entry::Entry;
use super::handle::Sessions;
use super::watch::Watch;
use crate::credentials::SetCookie;
use crate::generated::types;
use crate::wire::identity_traits::{InvalidTraits, decode};

/// A person who is signed in, and the session that says so, to which it dereferences.
///
/// ```
/// # fn example(person: ory_sdk::sessions::SignedIn) -> Result<(), Box<dyn std::error::Error>> {
/// #[derive(serde::Deserialize)]
/// struct Traits {
///     email: String,
/// }
///
/// let traits: Traits = person.traits()?;
/// println!("{} ({}), session {} until {:?}", traits.email, person.identity().id, person.id, person.expires_at);
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap. `Debug` shows the ids and nothing of the person.
#[derive(Clone)]
pub struct SignedIn {
    pub(super) entry: Arc<Entry>,
    pub(super) who: Credential,
    pub(super) checked: Checked,
    pub(super) cookies: Option<Arc<[SetCookie]>>,
}

/// Where a session comes from: [`SignedIn::checked`].
///
/// ```
/// # fn example(person: &ory_sdk::sessions::SignedIn) {
/// use ory_sdk::sessions::Checked;
///
/// match person.checked() {
///     Checked::Fresh => println!("Kratos was asked"),
///     Checked::Cached(age) => println!("asked {age:?} ago"),
///     Checked::Stale(age) => println!("Kratos cannot be reached; asked {age:?} ago"),
/// }
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// From Kratos, which was asked after this check began.
    Fresh,
    /// From the cache, or from a call that was under way already. Kratos was asked this long ago.
    Cached(Duration),
    /// From the cache, although it is too old, since Kratos cannot be reached.
    Stale(Duration),
}

impl SignedIn {
    /// The session.
    pub fn session(&self) -> &types::Session {
        &self.entry.session
    }

    /// The person.
    pub fn identity(&self) -> &types::Identity {
        match &self.entry.session.identity {
            Some(identity) => identity,
            None => unreachable!("a session without an identity is refused when it is read"),
        }
    }

    /// The traits of the person, as your own type.
    ///
    /// # Errors
    ///
    /// The traits have another form. The error names the field.
    pub fn traits<T: DeserializeOwned>(&self) -> Result<T, InvalidTraits> {
        static NONE: Value = Value::Null;
        decode(self.identity().traits.as_ref().unwrap_or(&NONE))
    }

    /// Whether the person presented a second factor in this session (`aal2`).
    pub fn has_second_factor(&self) -> bool {
        self.entry.session.authenticator_assurance_level == Some(types::AuthenticatorAssuranceLevel::Aal2)
    }

    /// Whether the person last proved who they are at most this long ago.
    pub fn signed_in_within(&self, time: Duration) -> bool {
        let since = self.entry.session.authenticated_at.map(|at| (Utc::now() - at).to_std().unwrap_or_default());
        since.is_some_and(|since| since <= time)
    }

    /// Whether an address of the person is verified.
    pub fn has_verified_address(&self) -> bool {
        self.identity().verifiable_addresses.iter().any(|address| address.verified == Some(true))
    }

    /// Where the session comes from.
    pub fn checked(&self) -> Checked {
        self.checked
    }

    /// The cookies that Kratos set with the response, to be passed on to the browser: after a session was extended, its cookie
    /// is set again. Empty for a session from the cache.
    pub fn set_cookies(&self) -> &[SetCookie] {
        self.cookies.as_deref().unwrap_or_default()
    }

    /// The credential that was checked.
    pub fn credential(&self) -> &Credential {
        &self.who
    }

    /// Checks the session again and again, for a connection that outlives the request: a websocket or a stream of events.
    ///
    /// ```
    /// # async fn example(sessions: ory_sdk::sessions::Sessions, person: ory_sdk::sessions::SignedIn) {
    /// use std::time::Duration;
    ///
    /// let mut watch = person.watch(&sessions, Duration::from_secs(30));
    /// tokio::select! {
    ///     refusal = watch.ended() => println!("close the connection: {refusal}"),
    ///     () = serve() => {}
    /// }
    /// # }
    /// # async fn serve() {}
    /// ```
    pub fn watch(&self, sessions: &Sessions, every: Duration) -> Watch {
        Watch::new(sessions.clone(), self, every)
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.checked == Checked::Fresh
    }
}

impl Deref for SignedIn {
    type Target = types::Session;

    fn deref(&self) -> &types::Session {
        &self.entry.session
    }
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("session", &self.entry.session.id)
            .field("identity", &self.entry.identity_id())
            .field("checked", &self.checked)
            .finish_non_exhaustive()
    }
}
