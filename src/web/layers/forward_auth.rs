//! Answers a proxy that asks whether a request may pass.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use tower_service::Service;

use super::session_layer::SessionLayer;
use crate::credentials::append;
use crate::input::InvalidSetting;
use crate::sessions::{Check, Refusal, SignedIn};
use crate::web::answers::{Facts, RequestKind, Settings};
use crate::wire::header::text;

/// Reads a value of a person for a header.
type OfPerson = Arc<dyn Fn(&SignedIn) -> Option<String> + Send + Sync>;

/// A service that answers a proxy whether a request may pass: `auth_request` of nginx, `ForwardAuth` of Traefik, `ext_authz` of
/// Envoy (in its HTTP mode).
///
/// ```
/// # #[cfg(feature = "axum")]
/// # fn example(layer: &ory_sdk::web::SessionLayer) -> Result<axum::Router, ory_sdk::error::InvalidSetting> {
/// use axum::Router;
/// use ory_sdk::web::ForwardAuth;
///
/// let check = ForwardAuth::nginx(layer).prefix("/check")?;
/// let app = Router::new().route_service("/check/{*path}", check);
/// # Ok(app)
/// # }
/// ```
///
/// Whoever may pass gets a 200 with `X-User-Id`, the id of the identity, and the headers that you
/// [add](Self::header). Each of them is always there, empty if the person has no such value, so that the proxy replaces one
/// that the request brought along. Let nobody reach the services behind the proxy in another way.
///
/// Everybody else gets the answer of a [`SessionLayer`], where gRPC counts as an API. The answer is never a 2xx. nginx
/// understands only 401 and 403, so what would be a redirect is a 401 or 403 with a `Location`.
///
/// Sessions are never stale here: the proxy does not tell for certain whether a request changes something.
///
/// The guide [behind a proxy](crate::docs::behind_a_proxy) has configurations for all three.
#[derive(Clone)]
pub struct ForwardAuth {
    settings: Arc<Settings>,
    check: Check,
    proxy: Proxy,
    path: OriginalPath,
    headers: Vec<(HeaderName, OfPerson)>,
}

/// Where the path of the request is that the proxy asks about.
#[derive(Debug, Clone)]
enum OriginalPath {
    /// In the URL, behind this prefix.
    Behind(String),
    Header(HeaderName),
    /// Nowhere: the person returns to the public URL.
    Unknown,
}

/// What the proxy understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proxy {
    /// 2xx, 401 and 403. Anything else is a 500 to the browser.
    Nginx,
    /// It passes on whatever is not a 2xx.
    Transparent,
}

impl ForwardAuth {
    /// Answers `auth_request` of nginx.
    pub fn nginx(layer: &SessionLayer) -> Self {
        Self::new(layer, Proxy::Nginx, OriginalPath::Behind(String::new()))
    }

    /// Answers `ForwardAuth` of Traefik. It does not put the path of the request into the URL: see
    /// [`path_header`](Self::path_header).
    pub fn traefik(layer: &SessionLayer) -> Self {
        Self::new(layer, Proxy::Transparent, OriginalPath::Unknown)
    }

    /// Answers `ext_authz` of Envoy, in its HTTP mode.
    pub fn envoy(layer: &SessionLayer) -> Self {
        Self::new(layer, Proxy::Transparent, OriginalPath::Behind(String::new()))
    }

    fn new(layer: &SessionLayer, proxy: Proxy, path: OriginalPath) -> Self {
        let user_id: OfPerson = Arc::new(|person| Some(person.identity().id.to_string()));
        Self {
            settings: Arc::clone(layer.settings()),
            check: Check::new(),
            proxy,
            path,
            headers: vec![(HeaderName::from_static("x-user-id"), user_id)],
        }
    }

    /// Sets the path of this service, which the proxy puts in front of the path of the request. The rest is where the person
    /// returns to after the login.
    ///
    /// # Errors
    ///
    /// The path does not start with a slash.
    pub fn prefix(mut self, path: impl Into<String>) -> Result<Self, InvalidSetting> {
        let path = path.into();
        if !path.starts_with('/') {
            return Err(InvalidSetting::new(format!("`prefix`: expected a path such as /check, not {path:?}")));
        }
        self.path = OriginalPath::Behind(path.trim_end_matches('/').to_owned());
        Ok(self)
    }

    /// Reads the path and query of the request from this header instead: `X-Forwarded-Uri` of Traefik. Only if the proxy
    /// always sets it, since otherwise whoever sends the request does. The origin remains the configured one.
    ///
    /// # Errors
    ///
    /// The name is not a valid header name.
    pub fn path_header(mut self, name: &str) -> Result<Self, InvalidSetting> {
        self.path = OriginalPath::Header(header_name("path_header", name)?);
        Ok(self)
    }

    /// Adds a header for the service behind the proxy.
    ///
    /// ```
    /// # fn example(check: ory_sdk::web::ForwardAuth) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let check = check.header("X-User-Email", |person| {
    ///     let traits: serde_json::Value = person.traits().ok()?;
    ///     Some(traits["email"].as_str()?.to_owned())
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It is empty if there is no such value, or one that no header can have.
    ///
    /// # Errors
    ///
    /// The name is not a valid header name.
    pub fn header(
        mut self,
        name: &str,
        value: impl Fn(&SignedIn) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self, InvalidSetting> {
        let name = header_name("header", name)?;
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, Arc::new(value)));
        Ok(self)
    }

    /// Requires a second factor (`aal2`).
    pub fn second_factor(mut self) -> Self {
        self.check = self.check.second_factor();
        self
    }

    /// Requires that the person last proved who they are at most this long ago.
    pub fn within(mut self, time: Duration) -> Self {
        self.check = self.check.signed_in_within(time);
        self
    }

    /// Requires an address that is verified.
    pub fn verified(mut self) -> Self {
        self.check = self.check.verified_address();
        self
    }

    /// Answers a request of the proxy.
    ///
    /// ```
    /// # async fn example(check: &ory_sdk::web::ForwardAuth, request: &http::request::Parts) {
    /// let response = check.respond(request).await;
    /// println!("{}", response.status());
    /// # }
    /// ```
    pub async fn respond(&self, request: &Parts) -> Response<String> {
        match self.person(&request.headers).await {
            Ok(person) => self.pass(&person),
            Err(refusal) => self.refuse(&refusal, request),
        }
    }

    async fn person(&self, headers: &HeaderMap) -> Result<SignedIn, Refusal> {
        if self.settings.is_foreign_websocket(headers) {
            return Err(Refusal::forbidden());
        }
        let Some(who) = self.settings.sessions.credential(headers) else { return Err(Refusal::Nobody) };
        self.settings.sessions.check_with(&who, self.check).await
    }

    fn pass(&self, person: &SignedIn) -> Response<String> {
        let mut response = Response::new(String::new());
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            let value = value(person).and_then(|value| HeaderValue::try_from(value).ok());
            headers.insert(name.clone(), value.unwrap_or(HeaderValue::from_static("")));
        }
        append(person.set_cookies(), headers);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    fn refuse(&self, refusal: &Refusal, request: &Parts) -> Response<String> {
        let kind = match RequestKind::of(&request.headers) {
            // Its answer is a 200, which lets the request pass.
            RequestKind::Grpc => RequestKind::Api,
            kind => kind,
        };
        let uri = self.original_uri(request);
        let method = original_method(request);
        let mut response = self.settings.answer(refusal, &Facts { kind, method: &method, uri: &uri });
        let status = response.status();
        let is_login = matches!(refusal, Refusal::Nobody);
        let denied = if is_login { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        let is_understood = match self.proxy {
            Proxy::Nginx => status == denied || status.is_server_error(),
            Proxy::Transparent => !status.is_success() && !status.is_informational(),
        };
        if !is_understood {
            *response.status_mut() = denied;
        }
        response
    }

    fn original_uri(&self, request: &Parts) -> Uri {
        let path = match &self.path {
            OriginalPath::Behind(prefix) => {
                let all = request.uri.path_and_query().map_or("", |path| path.as_str());
                all.strip_prefix(prefix.as_str()).map(Cow::Borrowed)
            }
            OriginalPath::Header(name) => text(&request.headers, name),
            OriginalPath::Unknown => None,
        };
        // Only a path: everything else would be another place.
        let path = path.filter(|path| path.starts_with('/')).unwrap_or(Cow::Borrowed("/"));
        Uri::builder().path_and_query(&*path).build().unwrap_or_default()
    }
}

/// The method of the request that the proxy asks about. A wrong one costs at most the way back after the login.
fn original_method(request: &Parts) -> Method {
    let named = ["x-forwarded-method", "x-original-method"].into_iter().find_map(|name| text(&request.headers, name));
    named.and_then(|name| Method::from_bytes(name.as_bytes()).ok()).unwrap_or_else(|| request.method.clone())
}

fn header_name(setting: &str, name: &str) -> Result<HeaderName, InvalidSetting> {
    name.parse().map_err(|_| InvalidSetting::new(format!("`{setting}`: {name:?} is not a valid header name")))
}

impl<B> Service<Request<B>> for ForwardAuth {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<String>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let check = self.clone();
        let (parts, _) = request.into_parts();
        Box::pin(async move { Ok(check.respond(&parts).await) })
    }
}

impl fmt::Debug for ForwardAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&HeaderName> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("ForwardAuth")
            .field("settings", &self.settings)
            .field("check", &self.check)
            .field("proxy", &self.proxy)
            .field("path", &self.path)
            .field("headers", &headers)
            .finish()
    }
}
