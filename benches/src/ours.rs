//! ory-sdk, used as in its README.

use ory_sdk::{Client, types};
use serde::de::DeserializeOwned;

use crate::Contender;

#[derive(Clone)]
pub struct Ours(Client);

impl Contender for Ours {
    const NAME: &'static str = "ory-sdk";

    fn new(base: &str) -> Self {
        Self(Client::builder().project_url(base).build().expect("a client"))
    }

    async fn whoami(&self, token: &str) {
        let session = self.0.with_session_token(token).to_session().send().await.expect("a session");
        assert!(session.active == Some(true) && session.identity.is_some());
    }

    async fn refused(&self, token: &str) {
        let error = self.0.with_session_token(token).to_session().send().await.expect_err("nobody's");
        assert!(error.is_unauthorized() && error.reason().is_some());
    }

    async fn page(&self, size: usize) {
        let page = self.0.admin_list_identities().page_size(size as i64).send().await.expect("a page");
        assert_eq!(page.len(), size);
    }

    fn identities(body: &[u8]) -> Result<usize, String> {
        let rows: Vec<types::Identity> = decode(body)?;
        Ok(rows.len())
    }

    fn login_flow(body: &[u8]) -> Result<usize, String> {
        let flow: types::SelfServiceLoginFlow = decode(body)?;
        Ok(flow.ui.nodes.len())
    }

    async fn walk(&self, size: usize) -> usize {
        let mut pages = self.0.admin_list_identities().page_size(size as i64).by_page();
        let mut count = 0;
        while let Some(page) = pages.next().await {
            count += page.expect("a page").len();
        }
        count
    }
}

/// Decodes a body as a call does: UTF-8 is checked once for all of it.
fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    serde_json::from_str(text).map_err(|error| error.to_string())
}
