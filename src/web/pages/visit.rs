//! What a browser asks of a page.

use std::borrow::Cow;

use http::HeaderMap;
use http::request::Parts;
use url::{Url, form_urlencoded};
use uuid::Uuid;

use super::brake;
use super::site::Site;
use crate::client::Client;
use crate::client::starts;
use crate::contract::Place;
use crate::credentials::EndUser;
use crate::flow::FlowKind;
use crate::privacy::Location;

/// One request for a page.
pub(super) struct Visit<'a> {
    pub(super) kind: FlowKind,
    pub(super) headers: &'a HeaderMap,
    /// The id of the flow to show. An id that Kratos cannot have given counts as none.
    pub(super) flow: Option<String>,
    /// Where the browser wants to be at the end, if that is a URL.
    pub(super) return_to: Option<Url>,
    /// What else the query says about the start of a flow, such as `aal=aal2`.
    pub(super) wishes: Vec<(String, String)>,
    /// When the flow was restarted, if that was just now.
    mark: Option<String>,
    /// Whether the flow was just restarted.
    pub(super) is_restart: bool,
}

impl<'a> Visit<'a> {
    pub(super) fn of(site: &Site, kind: FlowKind, request: &'a Parts) -> Self {
        let pairs = || form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes());
        let first = |name: &str| pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        let mark = first(brake::MARK).filter(|mark| brake::is_recent(mark)).map(Cow::into_owned);
        let is_restart = mark.is_some() || (site.posts_to_kratos && brake::has_cookie(&request.headers));
        let flow = first("flow").and_then(|id| Uuid::parse_str(&id).ok()).map(|id| id.to_string());
        let return_to = first("return_to").and_then(|url| site.return_to(&url));
        // The contract knows with what a flow of this kind is started.
        let parameters = starts(kind).map_or(&[][..], |operation| operation.parameters);
        let in_query = parameters.iter().filter(|it| it.place == Place::Query && it.wire != "return_to");
        let wishes = in_query.filter_map(|it| Some((it.wire.to_owned(), first(it.wire)?.into_owned())));
        let wishes = wishes.filter(|(_, value)| !value.is_empty()).collect();
        Self { kind, headers: &request.headers, flow, return_to, wishes, mark, is_restart }
    }

    /// A handle for the user who sent the request.
    pub(super) fn user(&self, client: &Client) -> Client {
        client.forwarding(self.headers)
    }

    /// Whether the request carries what may be a session.
    pub(super) fn has_session(&self, client: &Client) -> bool {
        !matches!(EndUser::with_session(self.headers, &client.transport.cookie_names), EndUser::Unknown)
    }

    /// Whether a parameter has this value.
    pub(super) fn wishes(&self, name: &str, value: &str) -> bool {
        self.wishes.iter().any(|(known, wished)| known == name && wished == value)
    }

    /// All that a restart of the flow must know.
    pub(super) fn kept(&self) -> impl Iterator<Item = (&str, &str)> {
        let wishes = self.wishes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        wishes.chain(self.return_to.as_ref().map(|url| ("return_to", url.as_str())))
    }

    /// The page without a flow, which starts one.
    pub(super) fn start(&self, site: &Site) -> Location {
        site.page_with(self.kind, self.kept())
    }

    /// The page with a flow. A reload shows the same flow, and a restart starts one like it.
    pub(super) fn page_of(&self, site: &Site, flow: &str) -> Location {
        site.page_with(self.kind, std::iter::once(("flow", flow)).chain(self.kept()))
    }

    /// Like [`page_of`](Self::page_of), for a flow that was just created.
    pub(super) fn page_of_new(&self, site: &Site, flow: &str) -> Location {
        let page = self.page_of(site, flow);
        self.mark.as_deref().map_or(page.clone(), |mark| page.with_query(brake::MARK, mark))
    }

    /// This page, to come back to from the login page. The other pages are no place to come back to.
    pub(super) fn here(&self, site: &Site) -> Option<Location> {
        if self.kind != FlowKind::Settings {
            return self.return_to.clone().map(Location::from);
        }
        Some(self.flow.as_deref().map_or_else(|| self.start(site), |flow| self.page_of(site, flow)))
    }
}
