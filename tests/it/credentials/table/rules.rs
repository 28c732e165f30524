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
    /// Anybody may call it.
    Public,
}

impl Purpose {
    pub const ALL: [Self; 8] = [
        Self::SelfService,
        Self::Page,
        Self::Client,
        Self::UserInfo,
        Self::Registration,
        Self::Administration,
        Self::Console,
        Self::Public,
    ];

    /// The calls of this purpose, as the guide names them.
    pub fn title(self) -> &'static str {
        match self {
            Self::SelfService => "self-service flows, and the sessions of the user",
            Self::Page => "the pages of Hydra that browsers visit",
            Self::Client => "obtaining and revoking OAuth2 tokens",
            Self::UserInfo => "the claims of a user (`/userinfo`)",
            Self::Registration => "the registration of an OAuth2 client, by itself",
            Self::Administration => "administration",
            Self::Console => "projects of the Ory Network",
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

/// The one server that each call goes to, and what it is for, by its path.
pub fn of_path(path: &str) -> (Endpoint, Purpose) {
    let below = |places: &[&str]| places.iter().any(|place| path == *place || path.starts_with(&format!("{place}/")));
    if below(&["/admin/identities", "/admin/recovery", "/admin/sessions", "/admin/courier"]) {
        (Endpoint::KratosAdmin, Purpose::Administration)
    } else if below(&["/admin"]) {
        (Endpoint::HydraAdmin, Purpose::Administration)
    } else if below(&["/projects"]) {
        (Endpoint::Console, Purpose::Console)
    } else if below(&["/self-service", "/sessions", "/.well-known/ory"]) {
        (Endpoint::KratosPublic, Purpose::SelfService)
    } else if below(&["/schemas"]) {
        (Endpoint::KratosPublic, Purpose::Public)
    } else if below(&["/oauth2/auth", "/oauth2/sessions/logout"]) {
        (Endpoint::HydraPublic, Purpose::Page)
    } else if below(&["/oauth2/token", "/oauth2/revoke"]) {
        (Endpoint::HydraPublic, Purpose::Client)
    } else if below(&["/oauth2/register/{id}"]) {
        (Endpoint::HydraPublic, Purpose::Registration)
    } else if below(&["/userinfo"]) {
        (Endpoint::HydraPublic, Purpose::UserInfo)
    } else if below(&["/oauth2/register", "/.well-known"]) {
        (Endpoint::HydraPublic, Purpose::Public)
    } else {
        panic!("no rule for {path}")
    }
}

/// What calls of a purpose may carry. Cookies also need their server to be at the origin that the call goes to.
pub fn may_carry(purpose: Purpose) -> &'static [Carried] {
    match purpose {
        Purpose::SelfService => &[SessionToken, KratosCookies, HydraCookies, UserAgent, ForwardedFor],
        Purpose::Page => &[HydraCookies, KratosCookies, UserAgent, ForwardedFor],
        Purpose::Client => &[ClientSecret],
        Purpose::UserInfo => &[OAuth2Token],
        Purpose::Registration => &[RegistrationToken],
        Purpose::Administration => &[OwnToken, AccessToken],
        Purpose::Console => &[ConsoleToken],
        Purpose::Public => &[],
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
    let ends = ["_challenge", "_verifier", "_token_hint"].iter().any(|end| argument.ends_with(end));
    !of_pages && (argument == "token" || ends && argument != "code_challenge")
}

/// The secret query arguments of an operation: those that it requires, and the others.
pub fn secret_arguments(operation: &Operation) -> (bool, Vec<&'static str>) {
    let secrets = || operation.parameters.iter().filter(|parameter| is_secret(parameter.wire));
    let optional = secrets().filter(|parameter| !parameter.required).map(|parameter| parameter.wire);
    (secrets().any(|parameter| parameter.required), optional.collect())
}
