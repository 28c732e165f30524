//! A client as one writes it without an SDK: reqwest and derived structs, with the settings, headers and fields of
//! ory-sdk. It has no retries, uses one URL for everything, and trusts the status and the JSON that servers send.

mod types;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, LINK};
use reqwest::{Response, StatusCode};
use rustls_platform_verifier::BuilderVerifierExt;
use serde::de::DeserializeOwned;

use crate::Contender;
use types::{ErrorBody, ErrorContent, Identity, LoginFlow, Session};

#[derive(Clone)]
pub struct ByHand {
    http: reqwest::Client,
    base: Arc<str>,
}

#[derive(Debug)]
pub enum Error {
    Http(reqwest::Error),
    Decode(serde_json::Error),
    Api { status: StatusCode, error: Option<ErrorContent> },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Api { status, error } => {
                write!(f, "{status}: {}", error.as_ref().and_then(|error| error.message.as_deref()).unwrap_or(""))
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Decode(error)
    }
}

impl ByHand {
    async fn session(&self, token: &str) -> Result<Session, Error> {
        let url = format!("{}/sessions/whoami", self.base);
        json(self.http.get(url).header("X-Session-Token", token).send().await?).await
    }

    async fn identities(&self, size: usize, token: Option<&str>) -> Result<(Vec<Identity>, Option<String>), Error> {
        let mut url = format!("{}/admin/identities?page_size={size}", self.base);
        if let Some(token) = token {
            url.push_str("&page_token=");
            url.push_str(token);
        }
        let response = self.http.get(url).send().await?;
        let next = response.headers().get(LINK).and_then(|link| next_token(link.to_str().ok()?));
        Ok((json(response).await?, next))
    }
}

/// Decodes the body of a success, or returns the error.
async fn json<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    let status = response.status();
    let body = response.bytes().await?;
    if status.is_success() {
        return Ok(serde_json::from_slice(&body)?);
    }
    let error = serde_json::from_slice::<ErrorBody>(&body).ok().map(|body| body.error);
    Err(Error::Api { status, error })
}

/// The page token in the link to the next page.
fn next_token(link: &str) -> Option<String> {
    let next = link.split(',').find(|link| link.contains("rel=\"next\""))?;
    let token = next.split_once("page_token=")?.1;
    Some(token.split(['&', '>']).next()?.to_owned())
}

impl Contender for ByHand {
    const NAME: &'static str = "by hand";

    fn new(base: &str) -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .expect("TLS")
            .with_no_client_auth();
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .default_headers(headers)
            .user_agent("by-hand/0.1.0")
            .timeout(Duration::from_secs(30))
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(15))
            .redirect(reqwest::redirect::Policy::none())
            .build();
        Self { http: http.expect("a client"), base: base.into() }
    }

    async fn whoami(&self, token: &str) {
        let session = self.session(token).await.expect("a session");
        assert!(session.active == Some(true) && session.identity.is_some());
    }

    async fn refused(&self, token: &str) {
        let Err(Error::Api { status, error }) = self.session(token).await else { panic!("not refused") };
        assert!(status == StatusCode::UNAUTHORIZED && error.is_some_and(|error| error.reason.is_some()));
    }

    async fn page(&self, size: usize) {
        assert_eq!(self.identities(size, None).await.expect("a page").0.len(), size);
    }

    fn identities(body: &[u8]) -> Result<usize, String> {
        let rows: Vec<Identity> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        Ok(rows.len())
    }

    fn login_flow(body: &[u8]) -> Result<usize, String> {
        let flow: LoginFlow = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        Ok(flow.ui.nodes.len())
    }

    async fn walk(&self, size: usize) -> usize {
        let (mut count, mut token) = (0, None);
        loop {
            let (rows, next) = self.identities(size, token.as_deref()).await.expect("a page");
            count += rows.len();
            token = next;
            if token.is_none() {
                return count;
            }
        }
    }
}
