//! The dimensions of the table: layouts of servers, handles and calls, and what each call is expected to send.

use std::collections::BTreeSet;

use http::{HeaderMap, HeaderValue, Method};
use ory_sdk::contract::{Endpoint, Operation};
use ory_sdk::retry::Retry;
use ory_sdk::{Client, error::InvalidSetting};

use super::origins::{Arrived, Origins};
use super::rules::{self, Carried, Purpose};
use crate::support::dispatch::{self, Given};

/// Scheme, host, and the number of the server, which stands for its port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    pub scheme: &'static str,
    pub host: &'static str,
    pub server: usize,
}

impl Origin {
    pub fn is_this_machine(self) -> bool {
        matches!(self.host, "127.0.0.1" | "localhost")
    }
}

/// The settings of a client.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    pub project: Option<Origin>,
    pub kratos_public: Option<Origin>,
    pub kratos_admin: Option<Origin>,
    pub hydra_public: Option<Origin>,
    pub hydra_admin: Option<Origin>,
    pub keto_read: Option<Origin>,
    pub keto_write: Option<Origin>,
    pub keto_opl: Option<Origin>,
    pub api_keys: Option<Origin>,
    pub console: Option<Origin>,
    /// A named endpoint of which the contract knows nothing, `other`.
    pub named: Option<Origin>,
    /// A token for each server instead of one access token.
    pub own_tokens: bool,
    pub allow_insecure_http: bool,
}

pub fn other() -> Endpoint {
    Endpoint::Named("other".into())
}

/// Every server.
pub fn servers() -> impl Iterator<Item = Endpoint> {
    Endpoint::KNOWN.into_iter().chain([rules::api_keys(), other()])
}

impl Layout {
    /// Where the calls of an endpoint go.
    pub fn origin_of(&self, endpoint: &Endpoint) -> Option<Origin> {
        let own = match endpoint {
            Endpoint::KratosPublic => self.kratos_public,
            Endpoint::KratosAdmin => self.kratos_admin,
            Endpoint::HydraPublic => self.hydra_public,
            Endpoint::HydraAdmin => self.hydra_admin,
            Endpoint::KetoRead => self.keto_read,
            Endpoint::KetoWrite => self.keto_write,
            Endpoint::KetoOpl => self.keto_opl,
            Endpoint::Console => return self.console,
            named if *named == rules::api_keys() => self.api_keys,
            _ => self.named,
        };
        own.or(self.project)
    }

    /// The origins of administrative calls.
    pub fn administrative(&self) -> BTreeSet<Origin> {
        rules::administrative().iter().filter_map(|it| self.origin_of(it)).collect()
    }

    pub fn build(&self, origins: &Origins) -> Result<Client, InvalidSetting> {
        let url = |origin: Origin| format!("{}://{}:{}", origin.scheme, origin.host, origins.ports[origin.server]);
        let mut builder = Client::builder().retry(Retry::off()).user_agent("own-agent");
        type Set = fn(ory_sdk::ClientBuilder, String) -> ory_sdk::ClientBuilder;
        let settings: [(Option<Origin>, Set); 11] = [
            (self.project, |builder, url| builder.project_url(url)),
            (self.kratos_public, |builder, url| builder.kratos_public_url(url)),
            (self.kratos_admin, |builder, url| builder.kratos_admin_url(url)),
            (self.hydra_public, |builder, url| builder.hydra_public_url(url)),
            (self.hydra_admin, |builder, url| builder.hydra_admin_url(url)),
            (self.keto_read, |builder, url| builder.keto_read_url(url)),
            (self.keto_write, |builder, url| builder.keto_write_url(url)),
            (self.keto_opl, |builder, url| builder.keto_opl_url(url)),
            (self.api_keys, |builder, url| builder.named_endpoint("api_keys", url)),
            (self.console, |builder, url| builder.console_url(url).console_token("mark-console")),
            (self.named, |builder, url| builder.named_endpoint("other", url)),
        ];
        let used: Vec<Origin> = settings.iter().filter_map(|(origin, _)| *origin).collect();
        for (origin, set) in settings {
            if let Some(origin) = origin {
                builder = set(builder, url(origin));
            }
        }
        if self.own_tokens {
            let takers = rules::administrative().into_iter().chain([other()]);
            for endpoint in takers.filter(|it| self.origin_of(it).is_some()) {
                let token = format!("mark-own-{endpoint}");
                builder = builder.endpoint_token(endpoint, token);
            }
        } else {
            builder = builder.access_token("mark-access");
        }
        if self.allow_insecure_http {
            builder = builder.allow_insecure_http();
        }
        if used.iter().any(|origin| origin.scheme == "https" || !origin.is_this_machine()) {
            builder = builder.customize(move |http| {
                let http = http.no_proxy().tls_danger_accept_invalid_certs(true);
                let distant = used.iter().filter(|origin| !origin.is_this_machine());
                distant.fold(http, |http, origin| http.resolve(origin.host, ([127, 0, 0, 1], 0).into()))
            });
        }
        builder.build()
    }
}

/// What a handle carries, and how it is made.
pub struct Handle {
    pub name: &'static str,
    pub make: fn(&Client) -> Client,
    pub carries: &'static [Carried],
}

const COOKIES: &str = "theme=mark-foreign; ory_kratos_session=mark-kratos; ory_hydra_session=mark-hydra";

fn personal(client: &Client) -> Client {
    client.with_user_agent("mark-agent").with_forwarded_for("mark-address")
}

fn of_oauth2(client: &Client) -> Client {
    client
        .with_client_credentials("mark-id", "mark-secret")
        .with_oauth2_token("mark-oauth2")
        .with_registration_token("mark-registration")
}

use Carried::*;

pub const HANDLES: [Handle; 9] = [
    Handle { name: "nobody", make: Client::clone, carries: &[] },
    Handle {
        name: "session token",
        make: |client| personal(client).with_session_token("mark-session"),
        carries: &[SessionToken, UserAgent, ForwardedFor],
    },
    Handle {
        name: "cookies",
        make: |client| personal(client).with_cookies(COOKIES),
        carries: &[KratosCookies, HydraCookies, UserAgent, ForwardedFor],
    },
    Handle {
        name: "forwarded",
        make: |client| {
            let pairs = [("cookie", "ory_kratos_session=mark-kratos"), ("user-agent", "mark-agent")];
            let headers: HeaderMap =
                pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect();
            client.forwarding(&headers)
        },
        carries: &[KratosCookies, UserAgent],
    },
    Handle {
        name: "client credentials",
        make: |client| client.with_client_credentials("mark-id", "mark-secret"),
        carries: &[ClientSecret],
    },
    Handle { name: "OAuth2 token", make: |client| client.with_oauth2_token("mark-oauth2"), carries: &[OAuth2Token] },
    Handle {
        name: "registration token",
        make: |client| client.with_registration_token("mark-registration"),
        carries: &[RegistrationToken],
    },
    Handle {
        name: "all, with cookies",
        make: |client| of_oauth2(&personal(client).with_cookies(COOKIES)),
        carries: &[KratosCookies, HydraCookies, ClientSecret, OAuth2Token, RegistrationToken, UserAgent, ForwardedFor],
    },
    Handle {
        name: "all, with a session token",
        make: |client| of_oauth2(&personal(client).with_session_token("mark-session")),
        carries: &[SessionToken, ClientSecret, OAuth2Token, RegistrationToken, UserAgent, ForwardedFor],
    },
];

/// The text by which each thing is found in the bytes of a request.
fn marks(carried: Carried) -> &'static [&'static str] {
    match carried {
        SessionToken => &["mark-session"],
        KratosCookies => &["mark-kratos"],
        HydraCookies => &["mark-hydra"],
        // The second is the base64 of `mark-id:mark-secret`.
        ClientSecret => &["mark-secret", "bWFyay1pZDptYXJrLXNlY3JldA=="],
        OAuth2Token => &["mark-oauth2"],
        RegistrationToken => &["mark-registration"],
        AccessToken => &["mark-access"],
        OwnToken => &["mark-own"],
        ConsoleToken => &["mark-console"],
        UserAgent => &["mark-agent"],
        ForwardedFor => &["mark-address"],
        ForeignCookie => &["mark-foreign"],
    }
}

/// A secret argument, or what may be one.
pub const ARGUMENT: &str = "mark-argument";

/// What is called.
#[derive(Debug, Clone)]
pub enum Target {
    Operation(&'static Operation),
    /// Any request to a server.
    Request(Endpoint),
}

#[derive(Debug, Clone)]
pub struct Call {
    pub target: Target,
    /// The server, of an operation that every server has.
    pub named: Option<Endpoint>,
    /// A query pair and a header that the call adds.
    pub query: Option<&'static str>,
    pub header: Option<&'static str>,
}

impl Call {
    /// The calls of an operation: one, or one to each server if it names its server.
    pub fn of(operation: &'static Operation) -> Vec<Self> {
        let (_, purpose) = rules::of_path(operation.path);
        let call = |named| Self { target: Target::Operation(operation), named, query: None, header: None };
        match purpose {
            Purpose::Health | Purpose::Version => servers().map(|server| call(Some(server))).collect(),
            _ => vec![call(None)],
        }
    }

    pub fn request(endpoint: Endpoint) -> Self {
        Self { target: Target::Request(endpoint), named: None, query: None, header: None }
    }

    /// The server and the purpose.
    pub fn place(&self) -> (Endpoint, Purpose) {
        match &self.target {
            Target::Operation(operation) => {
                let (endpoint, purpose) = rules::of_path(operation.path);
                (self.named.clone().unwrap_or(endpoint), purpose)
            }
            Target::Request(endpoint) => {
                let purpose = match endpoint {
                    Endpoint::KratosPublic => Purpose::SelfService,
                    Endpoint::HydraPublic => Purpose::Client,
                    Endpoint::Console => Purpose::Console,
                    _ => Purpose::Administration,
                };
                (endpoint.clone(), purpose)
            }
        }
    }

    /// Whether it sends something that nobody may read on the way, beside a credential.
    fn has_secret(&self) -> bool {
        let of_operation = match &self.target {
            Target::Operation(operation) => operation.body.is_some() || rules::secret_arguments(operation).0,
            Target::Request(_) => false,
        };
        of_operation || self.query.is_some() || self.header.is_some()
    }

    pub async fn send(&self, client: &Client) {
        let query: Vec<(String, String)> =
            self.query.iter().map(|key| ((*key).to_owned(), ARGUMENT.to_owned())).collect();
        let headers = self.header.iter().map(|name| ((*name).to_owned(), ARGUMENT.to_owned())).collect();
        match &self.target {
            Target::Operation(operation) => {
                let mut given = Given { query, headers, ..Given::default() };
                if let Some(server) = &self.named {
                    given.endpoint = server.clone();
                }
                dispatch::call_with(client, operation.name, &given).await.unwrap();
            }
            Target::Request(endpoint) => {
                let mut request = client.request(Method::GET, endpoint.clone(), "/anything");
                for (key, value) in query {
                    request = request.query(key, value);
                }
                for (name, value) in headers {
                    request = request.header(name, value);
                }
                let _ = request.send_json::<serde_json::Value>().await;
            }
        }
    }
}

/// What leaves: the origin, and what the request carries.
#[derive(Debug, PartialEq, Eq)]
pub struct Sent {
    pub origin: Origin,
    pub carried: BTreeSet<Carried>,
}

/// What a call is expected to send. `None` if it is refused.
pub fn expected(layout: &Layout, handle: &Handle, call: &Call) -> Option<Sent> {
    let (endpoint, purpose) = call.place();
    let origin = layout.origin_of(&endpoint)?;
    let allowed = match &call.target {
        // Requests to a server with a name of the user's carry only what was set for it.
        Target::Request(Endpoint::Named(_)) => &[OwnToken],
        _ => rules::may_carry(purpose, &endpoint),
    };
    let is_there = |carried: &Carried| match carried {
        AccessToken => !layout.own_tokens,
        OwnToken => layout.own_tokens,
        ConsoleToken => true,
        of_handle => handle.carries.contains(of_handle),
    };
    let is_at_home = |carried: &Carried| match rules::server_of(*carried) {
        Some(server) => layout.origin_of(&server) == Some(origin),
        None => true,
    };
    let carried: BTreeSet<Carried> = allowed.iter().copied().filter(is_there).filter(is_at_home).collect();
    if rules::requires(purpose).is_some_and(|required| !carried.contains(&required)) {
        return None;
    }
    let is_private = call.has_secret() || carried.iter().any(|carried| carried.is_credential());
    let is_open = origin.scheme == "http" && !origin.is_this_machine() && !layout.allow_insecure_http;
    (!is_private || !is_open).then_some(Sent { origin, carried })
}

/// What a request carried, by its bytes.
pub fn observed(origins: &Origins, layout: &Layout, call: &Call, arrived: &Arrived) -> Sent {
    let (endpoint, _) = call.place();
    let carried: BTreeSet<Carried> = Carried::ALL
        .into_iter()
        .filter(|carried| marks(*carried).iter().any(|mark| arrived.bytes.contains(mark)))
        .collect();
    if carried.contains(&OwnToken) {
        assert!(arrived.bytes.contains(&format!("Bearer mark-own-{endpoint}\r\n")), "{arrived:?}");
    }
    for header in ["authorization", "cookie", "x-session-token", "user-agent", "x-forwarded-for", "host"] {
        assert!(arrived.count(header) <= 1, "{arrived:?}");
    }
    let has_argument = call.query.is_some() || call.header.is_some();
    assert_eq!(arrived.bytes.contains(ARGUMENT), has_argument, "{arrived:?}");
    let known = layout.origin_of(&endpoint).unwrap();
    let server = origins.ports.iter().position(|port| *port == arrived.port).unwrap();
    let host = arrived.host().rsplit_once(':').unwrap();
    assert_eq!(host, (known.host, arrived.port.to_string().as_str()), "{arrived:?}");
    Sent { origin: Origin { scheme: arrived.scheme, host: known.host, server }, carried }
}
