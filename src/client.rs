//! The client, and the handles that it gives for persons and OAuth2 clients.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use reqwest::Url;

use crate::Secret;
use crate::client_builder::ClientBuilder;
use crate::cookies::{self, CookieJar};
use crate::credentials::{self, Credentials, Handle, Person};
use crate::endpoints::{Endpoints, is_loopback};
use crate::operation::Endpoint;
use crate::retry::{Budget, Retry};

/// The way to every operation: one method each, named as in Ory's reference.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = ory_sdk::Client::builder()
///     .kratos_public_url("http://127.0.0.1:4433")
///     .kratos_admin_url("http://127.0.0.1:4434")
///     .build()?;
/// # #[cfg(feature = "identity")]
/// for identity in client.admin_list_identities().send().await?.iter() {
///     println!("{}", identity.id);
/// }
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap and shares the connections. A handle ([`Client::with_session_token`] and its like) is a
/// clone that also carries a person's or an OAuth2 client's credential.
///
/// # Writes to one resource at the same time
///
/// The servers keep no versions (`ETag`, `If-Match`): the last write wins, and no writer is told of the other. Who may
/// write one identity or OAuth2 client at a time is up to you.
///
/// - A PUT replaces the whole object by what its caller knew, also what somebody else has changed since. A patch
///   ([`JsonPatch`](crate::JsonPatch)) names only what changes, and reading and writing are then the server's. It is no
///   lock either: Kratos refuses the step `test`. (Kratos 0.11 loses `metadata_admin` in a patch.)
/// - A 409 ([`Error::is_conflict`](crate::Error::is_conflict)) is not about versions but about what must be unique: an
///   identifier, client id, key id or trusted issuer that is taken; or, with Hydra 2.0, a challenge that was used. It
///   is not tried again.
/// - A 429 ([`Error::is_rate_limited`](crate::Error::is_rate_limited)) did nothing. It is tried again after the time
///   that the server asks for (`Retry-After`, `x-ratelimit-reset`), as far as [`Retry`] allows.
/// - If [`Error::outcome_unknown`](crate::Error::outcome_unknown), the write may have been done: read before you write
///   again.
/// - A write that may be repeated is tried again after a broken connection, and may then replace what somebody else
///   wrote between the two tries. [`Retry::off`] prevents that.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
    pub(crate) handle: Arc<Handle>,
}

/// What all clones share.
pub(crate) struct Inner {
    pub endpoints: Endpoints,
    pub credentials: Credentials,
    /// For https, if any URL is: may use a proxy, by CONNECT.
    pub secure: Option<reqwest::Client>,
    /// For plain http, and for loopback: never a proxy, which would read the credential.
    pub plain: reqwest::Client,
    pub user_agent: HeaderValue,
    pub timeout: Duration,
    /// How long a server may be silent.
    pub stall: Duration,
    pub(crate) retry: Retry,
    pub(crate) budget: Budget,
    pub success_limit: usize,
    pub error_limit: usize,
    pub allow_insecure_http: bool,
    /// Whether arguments are held against the contract's bounds.
    pub(crate) validate: bool,
    /// Cookies that are Ory's by configuration.
    pub cookie_names: Vec<String>,
}

impl Inner {
    /// The HTTP client for a URL.
    pub(crate) fn http(&self, url: &Url) -> &reqwest::Client {
        match &self.secure {
            Some(secure) if url.scheme() == "https" && !is_loopback(url) => secure,
            _ => &self.plain,
        }
    }
}

impl Client {
    /// Starts a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A handle for the person whom this session token names: self-service and session calls carry it.
    ///
    /// The token goes into `X-Session-Token`, as flows of native apps need it, and cookies are never sent with it.
    pub fn with_session_token(&self, token: impl Into<Secret>) -> Self {
        self.with_person(Person::Token(token.into()))
    }

    /// A handle for the browser that sent these cookies (the value of its `Cookie` header).
    ///
    /// Only Ory's cookies go on: those of sessions, CSRF protection, continuity and Hydra, their `_dev` forms, and
    /// those named by [`ClientBuilder::cookie_name`].
    pub fn with_cookies(&self, cookies: impl Into<Secret>) -> Self {
        let ours = cookies::filter(cookies.into().expose(), &self.inner.cookie_names);
        if ours.is_empty() { self.clone() } else { self.with_person(Person::Cookies(ours.into())) }
    }

    /// A handle that keeps the cookies of its answers and sends them back, so that a browser flow can be run
    /// from Rust.
    pub fn with_cookie_jar(&self, jar: CookieJar) -> Self {
        self.with_person(Person::Jar(jar))
    }

    /// A handle for the person behind an incoming request, told from its headers.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client, incoming: &http::HeaderMap) {
    /// let person = client.forwarding(incoming);
    /// # }
    /// ```
    ///
    /// Taken are `X-Session-Token`, else Ory's cookies, else a bearer token as a session token, in the order in
    /// which Kratos looks; and the `User-Agent`, so that the person's list of devices is right. Without any of
    /// them the handle is nobody's, and the server says so.
    pub fn forwarding(&self, incoming: &HeaderMap) -> Self {
        let text = |name: &header::HeaderName| incoming.get(name).and_then(|value| value.to_str().ok());
        let cookies = incoming.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookies = cookies::filter(&cookies.collect::<Vec<_>>().join("; "), &self.inner.cookie_names);
        let bearer = text(&header::AUTHORIZATION).and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let person = if let Some(token) = text(&credentials::SESSION_TOKEN).filter(|token| !token.is_empty()) {
            Person::Token(token.into())
        } else if !cookies.is_empty() {
            Person::Cookies(cookies.into())
        } else if let Some(token) = bearer.filter(|token| !token.is_empty()) {
            Person::Token(token.into())
        } else {
            Person::None
        };
        self.with_handle(|handle| {
            handle.person = person;
            handle.user_agent = text(&header::USER_AGENT).map(Secret::from);
        })
    }

    /// A handle whose calls carry this `X-Forwarded-For`, for servers that are told to trust it.
    pub fn with_forwarded_for(&self, addresses: impl Into<Secret>) -> Self {
        self.with_handle(|handle| handle.forwarded_for = Some(addresses.into()))
    }

    /// A handle whose calls carry this `User-Agent`: the person's own, for their list of devices.
    pub fn with_user_agent(&self, agent: impl Into<Secret>) -> Self {
        self.with_handle(|handle| handle.user_agent = Some(agent.into()))
    }

    fn with_person(&self, person: Person) -> Self {
        self.with_handle(|handle| handle.person = handle.person.and(person))
    }

    /// A handle for an OAuth2 client: its id and secret go where OAuth2 asks for them (RFC 6749 section 2.3.1).
    pub fn with_client_credentials(&self, id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.with_handle(|handle| handle.client = Some((id.into(), secret.into())))
    }

    /// A handle for the holder of an OAuth2 access token (RFC 6750).
    pub fn with_oauth2_token(&self, token: impl Into<Secret>) -> Self {
        self.with_handle(|handle| handle.bearer = Some(token.into()))
    }

    /// A handle for an OAuth2 client that manages its own registration (RFC 7592).
    pub fn with_registration_token(&self, token: impl Into<Secret>) -> Self {
        self.with_handle(|handle| handle.registration = Some(token.into()))
    }

    fn with_handle(&self, change: impl FnOnce(&mut Handle)) -> Self {
        let mut handle = Handle::clone(&self.handle);
        change(&mut handle);
        Self { inner: Arc::clone(&self.inner), handle: Arc::new(handle) }
    }

    /// The base URL of an endpoint, if it is configured.
    pub fn endpoint(&self, endpoint: &Endpoint) -> Option<&str> {
        self.inner.endpoints.base(endpoint).ok().map(|(base, _)| base.as_str())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoints", &self.inner.endpoints.configured())
            .field("handle", &self.handle)
            .field("credentials", &self.inner.credentials)
            .finish_non_exhaustive()
    }
}
