//! Where the pages are.

use http::HeaderMap;
use url::Url;

use crate::flow::FlowKind;
use crate::privacy::Location;
use crate::web::own_url;

/// What is configured about the pages.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The base URL, without a slash at the end of its path.
    pub(super) public_url: Url,
    /// The paths below the base URL, in the order of [`FlowKind::ALL`].
    pub(super) paths: [String; FlowKind::ALL.len()],
    /// Where a browser goes after a login or registration that says nothing else.
    pub(super) after_sign_in: Option<Url>,
    /// Other origins than that of the base URL, to which a browser may return.
    pub(super) origins: Vec<url::Origin>,
    /// Whether browsers post their forms to Kratos.
    pub(super) posts_to_kratos: bool,
}

impl Site {
    /// The path of a page below the base URL.
    pub(super) fn path(&self, kind: FlowKind) -> &str {
        let at = FlowKind::ALL.iter().position(|known| *known == kind);
        at.and_then(|at| self.paths.get(at)).map_or("/", String::as_str)
    }

    /// Whether browsers come by https.
    pub(super) fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The URL of a page.
    pub(super) fn page(&self, kind: FlowKind) -> Location {
        self.below(self.path(kind)).into()
    }

    /// The URL of a page with query parameters.
    pub(super) fn page_with<'a>(
        &self,
        kind: FlowKind,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Location {
        pairs.into_iter().fold(self.page(kind), |page, (name, value)| page.with_query(name, value))
    }

    /// The URL of the page that shows a flow.
    pub(super) fn page_of(&self, kind: FlowKind, flow: &str) -> Location {
        self.page_with(kind, [("flow", flow)])
    }

    /// A URL below the base URL.
    pub(super) fn below(&self, path: &str) -> Url {
        own_url::below(&self.public_url, path)
    }

    /// Where a browser goes that is signed in, if nothing else is asked for.
    pub(super) fn home(&self) -> Location {
        self.after_sign_in.clone().unwrap_or_else(|| self.below("/")).into()
    }
}

/// Whether a browser sends any cookie.
pub(super) fn has_cookies(headers: &HeaderMap) -> bool {
    headers.contains_key(http::header::COOKIE)
}
