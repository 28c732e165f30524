//! The operation table's types: what the contract says of each operation.

use std::borrow::Cow;
use std::fmt;

/// One operation of the contract, as the build compiled it.
///
/// ```
/// let operation = ory_sdk::operations().iter().find(|op| op.name == "to_session");
/// # #[cfg(feature = "frontend")]
/// assert_eq!(operation.unwrap().path, "/sessions/whoami");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Operation {
    /// Ory's name (`adminListIdentities`).
    pub id: &'static str,
    /// The client's method (`admin_list_identities`).
    pub name: &'static str,
    /// The HTTP method.
    pub method: http::Method,
    /// The path template (`/admin/identities/{id}`).
    pub path: &'static str,
    /// The area of the API.
    pub area: Area,
    /// Where it is served.
    pub endpoint: Endpoint,
    /// Which credential it carries; any one is enough, and none means that it is public.
    pub security: &'static [Security],
    /// Whether doing it twice hurts.
    pub repeat: Repeat,
    /// Its arguments, without the body.
    pub arguments: &'static [Argument],
    /// Its body, if it has one.
    pub body: Option<Body>,
    /// The type of a success, as text.
    pub success: &'static str,
    /// Whether a redirect is a success.
    pub redirect: bool,
    /// Its name in the legacy layout of 2021, if it was there.
    pub legacy: Option<&'static str>,
    /// Whether the contract advises against it.
    pub deprecated: bool,
    /// Whether it answers with a list, so that its builder has `by_page` and `by_item`.
    pub list: bool,
}

/// An area of the API: a group of operations, and a feature of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Area {
    /// Self-service flows and a person's own sessions.
    Frontend,
    /// Administration of identities.
    Identity,
    /// Mails and text messages that were sent.
    Courier,
    /// OAuth2 and OpenID Connect.
    OAuth2,
    /// JSON Web Keys.
    Jwk,
    /// Projects of the Ory Network.
    Project,
    /// An area that only another contract knows.
    Other(&'static str),
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Frontend => "frontend",
            Self::Identity => "identity",
            Self::Courier => "courier",
            Self::OAuth2 => "oauth2",
            Self::Jwk => "jwk",
            Self::Project => "project",
            Self::Other(name) => name,
        })
    }
}

/// A server that operations are sent to; the client knows the URL of each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// Kratos for everyone (port 4433).
    KratosPublic,
    /// Kratos for administrators (port 4434).
    KratosAdmin,
    /// Hydra for everyone (port 4444).
    HydraPublic,
    /// Hydra for administrators (port 4445).
    HydraAdmin,
    /// The Ory Network console.
    Console,
    /// Any other, by the name under which the client's builder was given its URL.
    Named(Cow<'static, str>),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KratosPublic => "kratos_public",
            Self::KratosAdmin => "kratos_admin",
            Self::HydraPublic => "hydra_public",
            Self::HydraAdmin => "hydra_admin",
            Self::Console => "console",
            Self::Named(name) => name,
        })
    }
}

/// A way to say who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Security {
    /// The access token of a project or of the console.
    AccessToken,
    /// The token of a person's session.
    SessionToken,
    /// An OAuth2 client's id and secret (RFC 6749, section 2.3.1).
    Basic,
    /// An OAuth2 client's registration access token (RFC 7592).
    Bearer,
    /// An OAuth2 access token (RFC 6750).
    OAuth2,
    /// A scheme that only another contract knows.
    Other(&'static str),
}

impl fmt::Display for Security {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessToken => "access_token",
            Self::SessionToken => "session_token",
            Self::Basic => "basic",
            Self::Bearer => "registration_token",
            Self::OAuth2 => "oauth2",
            Self::Other(name) => name,
        })
    }
}

/// Whether an operation may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repeat {
    /// It changes nothing.
    Safe,
    /// Twice is like once.
    Repeatable,
    /// Twice may hurt.
    Once,
}

/// An argument of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// The name on the wire.
    pub wire: &'static str,
    /// The builder's setter.
    pub name: &'static str,
    /// Where it is written.
    pub place: Place,
    /// Whether the call needs it.
    pub required: bool,
    /// Whether it never shows.
    pub secret: bool,
    /// Whether the contract advises against it.
    pub deprecated: bool,
    /// The least value.
    pub minimum: Option<i64>,
    /// The greatest value.
    pub maximum: Option<i64>,
    /// The least length of a text, in characters.
    pub min_length: Option<u64>,
    /// The least value in the legacy layout, where it differs.
    pub legacy_minimum: Option<i64>,
    /// The greatest value in the legacy layout, where it differs.
    pub legacy_maximum: Option<i64>,
}

impl Argument {
    /// The least and the greatest value; those of the layout of 2021 where it is asked for and they differ.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # {
    /// let operation = ory_sdk::operations().iter().find(|op| op.id == "adminListIdentities").unwrap();
    /// let per_page = operation.arguments.iter().find(|argument| argument.wire == "per_page").unwrap();
    /// assert_eq!(per_page.bounds(false), (Some(1), Some(1000)));
    /// assert_eq!(per_page.bounds(true), (Some(1), Some(500)));
    /// # }
    /// ```
    pub fn bounds(&self, legacy: bool) -> (Option<i64>, Option<i64>) {
        let of_legacy = |bound: Option<i64>| bound.filter(|_| legacy);
        let least = of_legacy(self.legacy_minimum).or(self.minimum);
        let most = of_legacy(self.legacy_maximum).or(self.maximum);
        (least, most)
    }

    /// Why a value is out of bounds, if it is.
    pub(crate) fn refuse(&self, value: &str, legacy: bool) -> Option<String> {
        let name = self.name;
        if self.min_length.is_some_and(|least| (value.chars().count() as u64) < least) {
            return Some(if value.is_empty() {
                format!("`{name}` is empty")
            } else {
                format!("`{name}` is shorter than {} characters", self.min_length.unwrap_or_default())
            });
        }
        let (least, most) = self.bounds(legacy);
        let number: i64 = value.parse().ok()?;
        if least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most) {
            return None;
        }
        let allowed = match (least, most) {
            (Some(least), Some(most)) => format!("{least} to {most}"),
            (Some(least), None) => format!("{least} and more"),
            (None, Some(most)) => format!("{most} and less"),
            (None, None) => return None,
        };
        Some(format!("`{name}` is {number}, allowed are {allowed}"))
    }
}

/// Where an argument is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
}

/// The body of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body {
    /// The media type that is sent.
    pub content_type: &'static str,
    /// Whether the call needs it.
    pub required: bool,
    /// Its type, as text.
    pub ty: &'static str,
}
