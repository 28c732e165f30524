//! What may go where, as rules over the paths of the contract. They know nothing of how the crate decides it.

use ory_sdk::contract::{Endpoint, Operation};

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Self-service flows, and the sessions of the user.
    SelfService,
    /// The pages of Hydra that a browser visits.
    Page,
    /// An OAuth2 client obtains or revokes tokens.
    Client,
    UserInfo,
    /// An OAuth2 client manages its own registration.
    Registration,
    Administration,
    Console,
    /// Whether a server runs. The call names the server.
    Health,
    /// The version of a server. The call names the server.
    Version,
    /// Anybody may call it.
    Public,
}

impl Purpose {
    pub const ALL: [Self; 10] = [
        Self::SelfService,
        Self::Page,
        Self::Client,
        Self::UserInfo,
        Self::Registration,
        Self::Administration,
        Self::Console,
        Self::Version,
        Self::Health,
        Self::Public,
    ];

    /// The calls of this purpose, as the guide names them.
    pub fn title(self) -> &'static str {
        match self {
            Self::SelfService => "self-service flows, and the sessions of the user",
            Self::Page => "the pages of Hydra that browsers visit",
            Self::Client => "obtaining and revoking OAuth2 tokens",
            Self::UserInfo => "the claims and the credential of a user (`/userinfo`, `/credentials`)",
            Self::Registration => "the registration of an OAuth2 client, by itself",
            Self::Administration => "administration",
            Self::Console => "projects and workspaces of the Ory Network",
            Self::Version => "the version of a server",
            Self::Health => "the health of a server",
            Self::Public => "everything else",
        }
    }
}

/// What a call may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carried {
    SessionToken,
    KratosCookies,
    HydraCookies,
    ClientSecret,
    OAuth2Token,
    RegistrationToken,
    AccessToken,
    /// The token of `endpoint_token`.
    OwnToken,
    ConsoleToken,
    UserAgent,
    ForwardedFor,
    /// A cookie that is not Ory's, which no call may carry.
    ForeignCookie,
}

use Carried::*;

impl Carried {
    pub const ALL: [Self; 12] = [
        SessionToken,
        KratosCookies,
        HydraCookies,
        ClientSecret,
        OAuth2Token,
        RegistrationToken,
        AccessToken,
        OwnToken,
        ConsoleToken,
        UserAgent,
        ForwardedFor,
        ForeignCookie,
    ];

    /// The name in the guide.
    pub fn title(self) -> &'static str {
        match self {
            SessionToken => "session token",
            KratosCookies => "cookies of Kratos",
            HydraCookies => "cookies of Hydra",
            ClientSecret => "client id and secret",
            OAuth2Token => "OAuth2 token",
            RegistrationToken => "registration token",
            AccessToken => "access token",
            OwnToken => "token of the endpoint",
            ConsoleToken => "console token",
            UserAgent => "`User-Agent` of the user",
            ForwardedFor => "`X-Forwarded-For`",
            ForeignCookie => "other cookies",
        }
    }

    /// Whether it proves who somebody is. The others are facts about a user's browser.
    pub fn is_credential(self) -> bool {
        !matches!(self, UserAgent | ForwardedFor)
    }
}

/// The server of the API keys, which has no setting of its own.
pub fn api_keys() -> Endpoint {
    Endpoint::Named("api_keys".into())
}

/// Where administrators call. An access token belongs to one origin, so these must be at one.
pub fn administrative() -> [Endpoint; 6] {
    [
        Endpoint::KratosAdmin,
        Endpoint::HydraAdmin,
        Endpoint::KetoRead,
        Endpoint::KetoWrite,
        Endpoint::KetoOpl,
        api_keys(),
    ]
}

/// The one server that each call goes to, and what it is for, by its path. Calls of `Health` and `Version` name another.
pub fn of_path(path: &str) -> (Endpoint, Purpose) {
    let below = |places: &[&str]| places.iter().any(|place| path == *place || path.starts_with(&format!("{place}/")));
    let of_kratos =
        ["/admin/identities", "/admin/recovery", "/admin/sessions", "/admin/courier", "/admin/test-login-flows"];
    if below(&of_kratos) {
        (Endpoint::KratosAdmin, Purpose::Administration)
    } else if below(&["/admin/relation-tuples"]) {
        (Endpoint::KetoWrite, Purpose::Administration)
    } else if below(&["/relation-tuples", "/namespaces"]) {
        (Endpoint::KetoRead, Purpose::Administration)
    } else if below(&["/opl"]) {
        (Endpoint::KetoOpl, Purpose::Administration)
    } else if below(&["/v2alpha1/admin"]) {
        (api_keys(), Purpose::Administration)
    } else if below(&["/v2alpha1"]) {
        (api_keys(), Purpose::Public)
    } else if below(&["/version"]) {
        (Endpoint::KratosAdmin, Purpose::Version)
    } else if below(&["/health"]) {
        (Endpoint::KratosAdmin, Purpose::Health)
    } else if below(&["/admin"]) {
        (Endpoint::HydraAdmin, Purpose::Administration)
    } else if below(&["/projects", "/workspaces"]) {
        (Endpoint::Console, Purpose::Console)
    } else if below(&["/self-service", "/sessions", "/elements", "/.well-known/ory", "/.well-known/change-password"]) {
        (Endpoint::KratosPublic, Purpose::SelfService)
    } else if below(&["/schemas"]) {
        (Endpoint::KratosPublic, Purpose::Public)
    } else if below(&["/oauth2/auth", "/oauth2/device/verify", "/oauth2/sessions/logout"]) {
        (Endpoint::HydraPublic, Purpose::Page)
    } else if below(&["/oauth2/token", "/oauth2/device/auth", "/oauth2/revoke"]) {
        (Endpoint::HydraPublic, Purpose::Client)
    } else if below(&["/oauth2/register/{id}"]) {
        (Endpoint::HydraPublic, Purpose::Registration)
    } else if below(&["/userinfo", "/credentials"]) {
        (Endpoint::HydraPublic, Purpose::UserInfo)
    } else if below(&["/oauth2/register", "/.well-known"]) {
        (Endpoint::HydraPublic, Purpose::Public)
    } else {
        panic!("no rule for {path}")
    }
}

/// What calls of a purpose may carry to a server. Cookies also need their server to be at the origin that the call goes to.
pub fn may_carry(purpose: Purpose, endpoint: &Endpoint) -> &'static [Carried] {
    match purpose {
        Purpose::Version if administrative().contains(endpoint) => &[OwnToken, AccessToken],
        Purpose::Version => match endpoint {
            Endpoint::KratosPublic | Endpoint::HydraPublic => &[],
            Endpoint::Console => &[ConsoleToken],
            // The contract knows nothing of this server, so it gets only what was set for it.
            _ => &[OwnToken],
        },
        Purpose::SelfService => &[SessionToken, KratosCookies, HydraCookies, UserAgent, ForwardedFor],
        Purpose::Page => &[HydraCookies, KratosCookies, UserAgent, ForwardedFor],
        Purpose::Client => &[ClientSecret],
        Purpose::UserInfo => &[OAuth2Token],
        Purpose::Registration => &[RegistrationToken],
        Purpose::Administration => &[OwnToken, AccessToken],
        Purpose::Console => &[ConsoleToken],
        Purpose::Public | Purpose::Health => &[],
    }
}

/// The credential without which a call is not sent, since the server would refuse it for certain.
pub fn requires(purpose: Purpose) -> Option<Carried> {
    match purpose {
        Purpose::UserInfo => Some(OAuth2Token),
        Purpose::Registration => Some(RegistrationToken),
        Purpose::Console => Some(ConsoleToken),
        _ => None,
    }
}

/// The server that a cookie belongs to.
pub fn server_of(cookies: Carried) -> Option<Endpoint> {
    match cookies {
        KratosCookies => Some(Endpoint::KratosPublic),
        HydraCookies => Some(Endpoint::HydraPublic),
        _ => None,
    }
}

/// Query arguments that are secrets, by their names: what ends a login, consent or logout at the server, and tokens.
pub fn is_secret(argument: &str) -> bool {
    let of_pages = argument.starts_with("page_");
    let ends = ["_challenge", "_verifier", "_token_hint", "_code"].iter().any(|end| argument.ends_with(end));
    let is_other = matches!(argument, "code_challenge" | "return_session_token_exchange_code");
    !of_pages && !is_other && (argument == "token" || ends)
}

/// The secret query arguments of an operation: those that it requires, and the others.
pub fn secret_arguments(operation: &Operation) -> (bool, Vec<&'static str>) {
    let secrets = || operation.parameters.iter().filter(|parameter| is_secret(parameter.wire));
    let optional = secrets().filter(|parameter| !parameter.required).map(|parameter| parameter.wire);
    (secrets().any(|parameter| parameter.required), optional.collect())
}
