//! Where browsers are sent.

use http::{HeaderMap, Method, Uri, header};
use url::Url;

use super::settings::Settings;
use crate::privacy::Location;
use crate::sessions::Refusal;
use crate::web::own_url;
use crate::wire::header::text;

impl Settings {
    /// The page that ends a refusal, and from which a browser returns. `None` if there is none, or if the browser asks for such a
    /// page already.
    pub(super) fn go_to(&self, refusal: &Refusal, method: &Method, uri: &Uri) -> Option<Location> {
        if self.ui_paths.iter().any(|path| path == uri.path()) {
            return None;
        }
        let own = |name, value| self.login_page.as_ref().map(|path| self.page(path).with_query(name, value));
        let page = match refusal {
            Refusal::Nobody => self.login_page.as_ref().map_or_else(|| self.login_url.clone(), |path| self.page(path)),
            Refusal::SecondFactor { url } => own("aal", "aal2").or_else(|| url.clone())?,
            Refusal::SignInAgain { url } => own("refresh", "true").or_else(|| url.clone())?,
            Refusal::Unverified { url } => url.clone().unwrap_or_else(|| self.verification_url.clone()),
            _ => return None,
        };
        // Another method cannot be repeated by a redirect.
        let returns = *method == Method::GET || *method == Method::HEAD;
        Some(if returns { page.with_query("return_to", self.original(uri).as_str()) } else { page })
    }

    /// The URL of a path of this service.
    fn page(&self, path: &str) -> Location {
        own_url::below(&self.public_url, path).into()
    }

    /// The URL that the browser asked for: the path and query of the request, below the configured URL. No header is read,
    /// since whoever sends the request writes them.
    fn original(&self, uri: &Uri) -> Url {
        let mut url = own_url::below(&self.public_url, uri.path());
        url.set_query(uri.query());
        url
    }

    /// Whether a page of another site opens a websocket, for which browsers send cookies along and scripts may read what
    /// comes back.
    pub(crate) fn is_foreign_websocket(&self, headers: &HeaderMap) -> bool {
        let is_upgrade = text(headers, header::UPGRADE).is_some_and(|to| to.eq_ignore_ascii_case("websocket"));
        // HTTP/2 opens one by CONNECT (RFC 8441), with this header.
        let is_websocket = is_upgrade || headers.contains_key(header::SEC_WEBSOCKET_VERSION);
        if !is_websocket || !headers.contains_key(header::COOKIE) {
            return false;
        }
        let own = self.public_url.origin().ascii_serialization();
        !text(headers, header::ORIGIN)
            .is_some_and(|origin| origin == own || self.origins.iter().any(|known| *known == origin))
    }
}
