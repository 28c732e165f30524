//! The official crate, used as in its documentation.

use ory_client::apis::Error;
use ory_client::apis::configuration::Configuration;
use ory_client::apis::frontend_api::to_session;
use ory_client::apis::identity_api::list_identities;
use ory_client::models;

use crate::Contender;

#[derive(Clone)]
pub struct Official(Configuration);

impl Official {
    async fn list(&self, size: usize, page: Option<usize>) -> Vec<models::Identity> {
        let page = page.map(|page| page as i64);
        let (size_of_page, per_page) = if page.is_some() { (None, Some(size)) } else { (Some(size), None) };
        let [size_of_page, per_page] = [size_of_page, per_page].map(|size| size.map(|size| size as i64));
        let rows = list_identities(&self.0, per_page, page, size_of_page, None, None, None, None, None, None, None);
        rows.await.expect("a page")
    }
}

impl Contender for Official {
    const NAME: &'static str = "official";

    fn new(base: &str) -> Self {
        Self(Configuration { base_path: base.to_owned(), ..Configuration::default() })
    }

    async fn whoami(&self, token: &str) {
        let session = to_session(&self.0, Some(token), None, None).await.expect("a session");
        assert!(session.active == Some(true) && session.identity.is_some());
    }

    async fn refused(&self, token: &str) {
        let error = to_session(&self.0, Some(token), None, None).await.expect_err("nobody's");
        let Error::ResponseError(response) = error else { panic!("no response") };
        assert!(response.status == 401 && response.entity.is_some());
    }

    async fn page(&self, size: usize) {
        assert_eq!(self.list(size, None).await.len(), size);
    }

    fn identities(body: &[u8]) -> Result<usize, String> {
        let rows: Vec<models::Identity> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        Ok(rows.len())
    }

    fn login_flow(body: &[u8]) -> Result<usize, String> {
        let flow: models::LoginFlow = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        Ok(flow.ui.nodes.len())
    }

    /// Uses page numbers, since the crate does not expose the `Link` header and so gives no page tokens.
    async fn walk(&self, size: usize) -> usize {
        let mut count = 0;
        for page in 0.. {
            let rows = self.list(size, Some(page)).await.len();
            count += rows;
            if rows < size {
                break;
            }
        }
        count
    }
}
