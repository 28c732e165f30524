//! The client and its handles.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use crate::contract::Endpoint;
use crate::credentials::{Caller, CookieJar, EndUser};
use crate::privacy::Secret;
use crate::transport::Transport;

/// The client: one method per operation, named as in Ory's reference of 2022.
///
/// [Today's names](crate::docs::todays_names) lists Ory's newer names beside them. With Ory's own document, the methods
/// have the names of that document ([another contract](crate::docs::another_contract)).
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = ory_sdk::Client::builder()
///     .kratos_public_url("http://127.0.0.1:4433")
///     .kratos_admin_url("http://127.0.0.1:4434")
///     .build()?;
/// # #[cfg(feature = "identity")]
/// for identity in client.admin_list_identities().await?.iter() {
///     println!("{}", identity.id);
/// }
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap and shares the connections. A *handle* is a clone that also carries the credential of a user or of
/// an OAuth2 client: [`with_session_token`](Self::with_session_token), [`forwarding`](Self::forwarding) and the others of
/// their group.
///
/// # Concurrent writes
///
/// The servers keep no versions (`ETag`, `If-Match`): the last write wins, and the other writers are not told. Decide
/// yourself who may write an identity or OAuth2 client at a time.
///
/// - A PUT replaces the whole object, with what others changed since you read it. A patch
///   ([`JsonPatch`](crate::input::JsonPatch)) names only what changes, and the server reads and writes. It is not a lock
///   either: Kratos refuses the operation `test`, and Kratos 0.11 loses `metadata_admin` in a patch.
/// - A 409 ([`Error::is_conflict`](crate::Error::is_conflict)) is not about versions. Something that must be unique
///   exists already: an identifier, client id, key id or trusted issuer. With Hydra 2.0 it can also be a challenge that
///   was used. A 409 is never repeated.
/// - A 429 ([`Error::is_rate_limited`](crate::Error::is_rate_limited)) did nothing. The client repeats the call after the
///   time that the server asks for (`Retry-After`, `x-ratelimit-reset`), within the limits of
///   [`Retry`](crate::retry::Retry).
/// - If [`Error::outcome_unknown`](crate::Error::outcome_unknown) is true, the server may have made the change. Read
///   before you write again.
/// - A change that may be repeated is repeated after a broken connection. In between, it may replace what somebody else
///   wrote. [`Retry::off`](crate::retry::Retry::off) prevents that.
#[derive(Clone)]
pub struct Client {
    pub(crate) transport: Arc<Transport>,
    pub(crate) caller: Arc<Caller>,
}

/// # Settings
impl Client {
    /// The base URL of a server, if it is configured.
    ///
    /// ```
    /// use ory_sdk::contract::Endpoint;
    ///
    /// let client = ory_sdk::Client::builder().project("my-slug").build()?;
    /// assert_eq!(client.endpoint(&Endpoint::KratosPublic), Some("https://my-slug.projects.oryapis.com/"));
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    pub fn endpoint(&self, endpoint: &Endpoint) -> Option<&str> {
        self.transport.endpoints.base(endpoint).ok().map(|(base, _)| base.as_str())
    }
}

/// # Handles for users
///
/// A service that receives requests of users calls [`forwarding`](Self::forwarding) with the headers of each. A program
/// that signs users in itself uses [`with_session_token`](Self::with_session_token).
///
/// Self-service and session calls of a handle carry the user's credential: the session token in `X-Session-Token`, or
/// the cookies. A handle with a token and cookies reports an error, since no server accepts both. Setting a credential on
/// a single call (`.x_session_token(..)`, `.cookie(..)`) takes precedence over the handle's. The guide
/// [credentials](crate::docs::credentials) shows which credential goes where.
impl Client {
    /// A handle for the user with this session token.
    ///
    /// The token is sent in `X-Session-Token`, as the flows of native apps require it, and never with cookies. With an empty
    /// token, the handle acts for nobody.
    pub fn with_session_token(&self, token: impl Into<Secret>) -> Self {
        with_end_user(self, EndUser::of_token(token.into()))
    }

    /// A handle for the browser that sent these cookies (the value of its `Cookie` header).
    ///
    /// Only Ory's cookies are sent on, each to the server that it belongs to: Kratos' cookies for sessions, CSRF protection
    /// and continuity, Hydra's cookies, their `_dev` forms, and those named by
    /// [`ClientBuilder::cookie_name`](crate::ClientBuilder::cookie_name) and
    /// [`ClientBuilder::hydra_cookie_name`](crate::ClientBuilder::hydra_cookie_name). Without any of them, the handle acts for
    /// nobody.
    pub fn with_cookies(&self, cookies: impl Into<Secret>) -> Self {
        with_end_user(self, EndUser::of_cookies(cookies.into().expose(), &self.transport.cookie_names))
    }

    /// A handle that keeps the cookies of its responses and sends them back, to run a browser flow from Rust.
    pub fn with_cookie_jar(&self, jar: CookieJar) -> Self {
        with_end_user(self, EndUser::Jar(jar))
    }

    /// A handle for the user who sent a request to your service, by its headers.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client, incoming: &http::HeaderMap) {
    /// let user = client.forwarding(incoming);
    /// # }
    /// ```
    ///
    /// It takes the first of these, in the order in which Kratos looks for them: `X-Session-Token`; Ory's cookies; a
    /// bearer token, as a session token. It also takes the `User-Agent`, so that the user's list of devices is right.
    /// A bearer token of another kind stays here: an OAuth2 token or API key of Ory (`ory_at_`, `ory_pat_` and others) or a
    /// JWT. If the request has none of them, the calls go without a credential, and the server responds that nobody is signed
    /// in.
    ///
    /// Nothing of an earlier user stays: neither a credential nor an OAuth2 token, nor the `X-Forwarded-For` of
    /// [`with_forwarded_for`](Self::with_forwarded_for), which you call afterwards. The id and secret of an OAuth2 client and
    /// its registration token stay, since they belong to your program.
    pub fn forwarding(&self, incoming: &HeaderMap) -> Self {
        let caller = self.caller.forwarding(incoming, &self.transport.cookie_names);
        Self { transport: Arc::clone(&self.transport), caller: Arc::new(caller) }
    }

    /// A handle whose calls for the user carry this `X-Forwarded-For`, for servers that are configured to trust it.
    ///
    /// Those are self-service and session calls, and the pages of Hydra that browsers visit.
    pub fn with_forwarded_for(&self, addresses: impl Into<Secret>) -> Self {
        with_caller(self, |caller| caller.forwarded_for = Some(addresses.into()))
    }

    /// A handle whose calls for the user carry this `User-Agent`: that of the user, for their list of devices.
    ///
    /// Those are self-service and session calls, and the pages of Hydra that browsers visit. The others carry
    /// [`ClientBuilder::user_agent`](crate::ClientBuilder::user_agent).
    pub fn with_user_agent(&self, agent: impl Into<Secret>) -> Self {
        with_caller(self, |caller| caller.user_agent = Some(agent.into()))
    }
}

/// # Handles for OAuth2
impl Client {
    /// A handle for an OAuth2 client. Its id and secret go where OAuth2 requires them (RFC 6749, section 2.3.1).
    pub fn with_client_credentials(&self, id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        with_caller(self, |caller| caller.client = Some((id.into(), secret.into())))
    }

    /// A handle with an OAuth2 access token (RFC 6750).
    pub fn with_oauth2_token(&self, token: impl Into<Secret>) -> Self {
        with_caller(self, |caller| caller.oauth2_token = Some(token.into()))
    }

    /// A handle for an OAuth2 client that manages its own registration (RFC 7592).
    pub fn with_registration_token(&self, token: impl Into<Secret>) -> Self {
        with_caller(self, |caller| caller.registration_token = Some(token.into()))
    }
}

// Functions, since every method of `Client` is a name that no operation can have.

fn with_end_user(client: &Client, end_user: EndUser) -> Client {
    with_caller(client, |caller| caller.end_user = caller.end_user.and(end_user))
}

fn with_caller(client: &Client, change: impl FnOnce(&mut Caller)) -> Client {
    let mut caller = Caller::clone(&client.caller);
    change(&mut caller);
    Client { transport: Arc::clone(&client.transport), caller: Arc::new(caller) }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoints", &self.transport.endpoints.configured())
            .field("caller", &self.caller)
            .field("credentials", &self.transport.credentials)
            .finish_non_exhaustive()
    }
}
