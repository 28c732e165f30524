//! The list of identities, by page number or by page token.

use http::{HeaderName, header};
use serde_json::Value;
use uuid::Uuid;

use super::json;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::Identity;
use crate::testing::page::{self, Numbered};
use crate::testing::state::State;

/// How many identities a page number may skip.
const FARTHEST: usize = 1000;

pub(crate) fn list(state: &State, request: &Request) -> HandlerResult {
    let all = matching(state, request);
    if request.parameter("page").is_some() && request.parameter("page_size").is_none() {
        return by_number(state, request, all);
    }
    by_token(state, request, all)
}

fn matching<'a>(state: &'a State, request: &Request) -> Vec<&'a Identity> {
    let ids: Vec<&str> = request.parameters("ids").collect();
    let identifier = request.parameter("credentials_identifier").map(str::to_lowercase);
    let matches = |identity: &&Identity| {
        let identifiers = || identity.identifiers(&state.identities.schema);
        (ids.is_empty() || ids.contains(&identity.id.to_string().as_str()))
            && identifier.as_ref().is_none_or(|identifier| identifiers().contains(identifier))
    };
    state.identities.iter().filter(matches).collect()
}

fn by_number(state: &State, request: &Request, all: Vec<&Identity>) -> HandlerResult {
    let page = Numbered::read(request, all.len());
    let skipped = usize::try_from(page.page).unwrap_or_default().saturating_mul(page.size);
    if skipped > FARTHEST {
        let reason = format!(
            "Legacy pagination is not supported for enumerating over {FARTHEST} items. Please switch to using \
             page_token and page_size."
        );
        return Err(Error::bad_request(reason).into());
    }
    let items = page.items(all, page.page);
    Ok(Reply::ok(&rows(state, items))
        .header(header::LINK, page.links(request, false))
        .header(HeaderName::from_static("x-total-count"), page.total.to_string()))
}

fn by_token(state: &State, request: &Request, all: Vec<&Identity>) -> HandlerResult {
    let name = if request.parameter("page_size").is_some() { "page_size" } else { "per_page" };
    let size = page::size(request, name, 250, 500).map_err(|why| Error::bad_request(why.0))?;
    let token = request.parameter("page_token").filter(|token| !token.is_empty()).unwrap_or(page::FIRST);
    let after: Uuid = token
        .parse()
        .map_err(|_| Error::bad_request("The page token is invalid, do not craft your own page tokens"))?;
    let rest: Vec<&Identity> = all.into_iter().filter(|identity| identity.id > after).collect();
    let has_more = rest.len() > size;
    let items: Vec<&Identity> = rest.into_iter().take(size).collect();
    let next = items.last().filter(|_| has_more).map(|last| last.id.to_string());
    let links = page::token_links(request, size, page::FIRST, next.as_deref());
    Ok(Reply::ok(&rows(state, items)).header(header::LINK, links))
}

fn rows(state: &State, items: Vec<&Identity>) -> Value {
    items.into_iter().map(|item| json::listed(item, &state.url)).collect()
}
