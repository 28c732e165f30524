//! The words in which the contract speaks of an operation: area, endpoint, credential, place of a parameter, and whether
//! a repeat is safe. The build compiles this file too, so that each of them is named in one place only.

use std::borrow::Cow;
use std::fmt;

/// An area of the API: a group of operations, and a feature of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Area {
    /// Self-service flows, and the sessions of the signed-in user.
    Frontend,
    /// Administration of identities.
    Identity,
    /// Emails and text messages that Kratos sent.
    Courier,
    /// OAuth2 and OpenID Connect.
    OAuth2,
    /// JSON Web Keys.
    Jwk,
    /// Relationships, and the permissions that follow from them.
    Permission,
    /// Health and version of each server.
    Metadata,
    /// Projects of the Ory Network, and their organizations.
    Project,
    /// Workspaces of the Ory Network.
    Workspace,
    /// Event streams of the Ory Network.
    Events,
    /// API keys that a project issues.
    ApiKeys,
    /// An area that only another contract has.
    Other(&'static str),
}

impl Area {
    /// The areas of the crate's own contract.
    pub const KNOWN: [Self; 11] = [
        Self::Frontend,
        Self::Identity,
        Self::Courier,
        Self::OAuth2,
        Self::Jwk,
        Self::Permission,
        Self::Metadata,
        Self::Project,
        Self::Workspace,
        Self::Events,
        Self::ApiKeys,
    ];

    /// The name of the area's feature, and its tag in the contract.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Frontend => "frontend",
            Self::Identity => "identity",
            Self::Courier => "courier",
            Self::OAuth2 => "oauth2",
            Self::Jwk => "jwk",
            Self::Permission => "permission",
            Self::Metadata => "metadata",
            Self::Project => "project",
            Self::Workspace => "workspace",
            Self::Events => "events",
            Self::ApiKeys => "api_keys",
            Self::Other(name) => name,
        }
    }

    /// The name of the area in prose.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Frontend => "Self-service flows and sessions",
            Self::Identity => "Identities",
            Self::Courier => "Courier messages",
            Self::OAuth2 => "OAuth2 and OpenID Connect",
            Self::Jwk => "JSON Web Keys",
            Self::Permission => "Permissions and relationships",
            Self::Metadata => "Health and version",
            Self::Project => "Projects of the Ory Network",
            Self::Workspace => "Workspaces of the Ory Network",
            Self::Events => "Event streams of the Ory Network",
            Self::ApiKeys => "API keys",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A server that operations are sent to. The client has a base URL for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// Kratos' public API (port 4433).
    KratosPublic,
    /// Kratos' administrative API (port 4434).
    KratosAdmin,
    /// Hydra's public API (port 4444).
    HydraPublic,
    /// Hydra's administrative API (port 4445).
    HydraAdmin,
    /// Keto's API for reading (port 4466).
    KetoRead,
    /// Keto's API for writing (port 4467).
    KetoWrite,
    /// Keto's API for its permission language (port 4469).
    KetoOpl,
    /// The console of the Ory Network.
    Console,
    /// Any other server, by the name that `ClientBuilder::named_endpoint` gives it.
    Named(Cow<'static, str>),
}

/// What a known server is called in each place that names it.
struct Names {
    endpoint: &'static str,
    setting: &'static str,
    variable: &'static str,
    title: &'static str,
}

impl Endpoint {
    /// The servers of the crate's own contract.
    pub const KNOWN: [Self; 8] = [
        Self::KratosPublic,
        Self::KratosAdmin,
        Self::HydraPublic,
        Self::HydraAdmin,
        Self::KetoRead,
        Self::KetoWrite,
        Self::KetoOpl,
        Self::Console,
    ];

    /// The one map of the servers.
    const fn names(&self) -> Option<Names> {
        let (endpoint, setting, variable, title) = match self {
            Self::KratosPublic => ("kratos_public", "kratos_public_url", "ORY_KRATOS_PUBLIC_URL", "Kratos public"),
            Self::KratosAdmin => ("kratos_admin", "kratos_admin_url", "ORY_KRATOS_ADMIN_URL", "Kratos admin"),
            Self::HydraPublic => ("hydra_public", "hydra_public_url", "ORY_HYDRA_PUBLIC_URL", "Hydra public"),
            Self::HydraAdmin => ("hydra_admin", "hydra_admin_url", "ORY_HYDRA_ADMIN_URL", "Hydra admin"),
            Self::KetoRead => ("keto_read", "keto_read_url", "ORY_KETO_READ_URL", "Keto read"),
            Self::KetoWrite => ("keto_write", "keto_write_url", "ORY_KETO_WRITE_URL", "Keto write"),
            Self::KetoOpl => ("keto_opl", "keto_opl_url", "ORY_KETO_OPL_URL", "Keto OPL"),
            Self::Console => ("console", "console_url", "ORY_CONSOLE_URL", "console"),
            Self::Named(_) => return None,
        };
        Some(Names { endpoint, setting, variable, title })
    }

    /// The name of the server: `kratos_public`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Named(name) => name,
            known => known.names().map_or("", |names| names.endpoint),
        }
    }

    /// The setting of the client's builder that gives the server's URL: `kratos_public_url`.
    pub fn setting(&self) -> String {
        match self.names() {
            Some(names) => names.setting.to_owned(),
            None => format!("named_endpoint({:?})", self.as_str()),
        }
    }

    /// The environment variable that gives the server's URL: `ORY_KRATOS_PUBLIC_URL`. A named endpoint has none.
    pub fn variable(&self) -> Option<&'static str> {
        self.names().map(|names| names.variable)
    }

    /// The environment variable that gives the server a token of its own: `ORY_KRATOS_ADMIN_TOKEN`. The public APIs have none.
    pub(crate) fn token_variable(&self) -> Option<String> {
        let url = self.variable().filter(|_| !self.is_public())?;
        Some(format!("{}_TOKEN", url.strip_suffix("_URL")?))
    }

    /// Whether it is one of the APIs for everybody, which take no access token of an administrator.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self, Self::KratosPublic | Self::HydraPublic)
    }

    /// The name of the server in prose: `Kratos public`.
    pub fn title(&self) -> &str {
        match self {
            Self::Named(name) => name,
            known => known.names().map_or("", |names| names.title),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which servers have an operation, as a part of a sentence: `since Kratos 1.0.0`.
pub(crate) fn availability(since: &str) -> String {
    match since {
        "Ory Network" => "only the Ory Network has it".to_owned(),
        version => format!("since {version}"),
    }
}

/// A credential that an operation accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Security {
    /// The access token of a project or of the console.
    AccessToken,
    /// The token of a user's session.
    SessionToken,
    /// The id and secret of an OAuth2 client (RFC 6749, section 2.3.1).
    Basic,
    /// The registration access token of an OAuth2 client (RFC 7592).
    Bearer,
    /// An OAuth2 access token (RFC 6750).
    OAuth2,
    /// A scheme that only another contract has.
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
    /// Sending it twice has the same effect as sending it once.
    Repeatable,
    /// Sending it twice may do harm.
    Once,
}

/// Where a parameter goes in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
}
