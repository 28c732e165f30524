//! The settings that a layer, its guards and its extractors share.

use std::fmt;
use std::sync::Arc;

use http::{Method, Response, Uri};
use url::Url;

use super::request_kind::RequestKind;
use crate::privacy::Location;
use crate::sessions::{Refusal, Sessions};

/// Replaces the answer to a refusal.
pub(super) type OnRefusal = Arc<dyn Fn(&Refused<'_>) -> Option<Response<String>> + Send + Sync>;

pub(crate) struct Settings {
    pub(crate) sessions: Sessions,
    /// The URL of the service as browsers see it, without a slash at the end of its path.
    pub(super) public_url: Url,
    /// The path of the service's own login page, below the public URL.
    pub(super) login_page: Option<String>,
    /// Where Kratos starts a login and a verification, unless the service has pages of its own.
    pub(super) login_url: Location,
    pub(super) verification_url: Location,
    /// Paths below the public URL that are never redirected, since they are where redirects lead.
    pub(super) ui_paths: Vec<String>,
    /// The origins of pages that may open websockets, beside that of the public URL.
    pub(super) origins: Vec<String>,
    pub(super) on_refusal: Option<OnRefusal>,
}

/// Somebody who is not let in: what
/// [`SessionLayerBuilder::on_refusal`](super::SessionLayerBuilder::on_refusal) gets.
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::sessions::Refusal;
/// use ory_sdk::web::{Refused, RequestKind};
///
/// /// A page of our own for an outage, and the usual answer to everything else.
/// fn answer(refused: &Refused<'_>) -> Option<Response<String>> {
///     let Refusal::Unavailable { .. } = refused.refusal else { return None };
///     let is_page = refused.kind == RequestKind::Browser;
///     is_page.then(|| Response::builder().status(503).body("<h1>Back soon</h1>".to_owned()).ok()).flatten()
/// }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Refused<'a> {
    /// Why.
    pub refusal: &'a Refusal,
    /// Who sent the request.
    pub kind: RequestKind,
    /// The method of the request.
    pub method: &'a Method,
    /// The URI of the request as it arrived.
    pub uri: &'a Uri,
    /// Where a browser would be sent.
    pub go_to: Option<&'a Location>,
}

/// Shows no query, which may contain a secret.
impl fmt::Debug for Refused<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refused")
            .field("refusal", self.refusal)
            .field("kind", &self.kind)
            .field("method", self.method)
            .field("path", &self.uri.path())
            .field("go_to", &self.go_to)
            .finish()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("sessions", &self.sessions)
            .field("public_url", &self.public_url.as_str())
            .field("login_page", &self.login_page)
            .field("ui_paths", &self.ui_paths)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}
