//! A layer of tower that gives requests a bearer token.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use tower_layer::Layer;
use tower_service::Service;

use super::header::authorization;
use crate::credentials::TokenProvider;
use crate::privacy::Secret;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A layer for HTTP clients that are services of tower, such as tonic's `Channel`: each request gets `Authorization: Bearer`
/// with the token of a provider, such as [`ClientCredentials`](super::ClientCredentials).
///
/// ```
/// use ory_sdk::tokens::{BearerLayer, BearerService, ClientCredentials};
/// use tonic::transport::Channel;
/// use tonic_health::pb::health_client::HealthClient;
/// use tower_layer::Layer;
///
/// fn client(tokens: ClientCredentials, channel: Channel) -> HealthClient<BearerService<Channel>> {
///     HealthClient::new(BearerLayer::new(tokens).layer(channel))
/// }
/// ```
///
/// - A request that has an `Authorization` header keeps it, and the provider is not asked.
/// - After a 401, or the gRPC status 16 (`UNAUTHENTICATED`) in the headers of a response, the provider is told with the next
///   request which token was refused, so that it can get another one. The response itself is passed on: the body of the
///   request is gone, so that only the caller can send it again.
/// - If the provider fails, so does the request, with the provider's error.
///
/// The token goes wherever the request goes. So put the layer around a client that has one destination, over TLS or inside
/// a network that nobody else can read, and never around one that follows redirects.
#[derive(Clone)]
pub struct BearerLayer {
    source: Arc<Source>,
}

struct Source {
    provider: Box<dyn TokenProvider>,
    /// The token that a server refused last, until the provider was told.
    refused: Mutex<Option<Secret>>,
}

impl BearerLayer {
    /// A layer with the tokens of this provider.
    ///
    /// ```
    /// # fn example(tokens: ory_sdk::tokens::ClientCredentials) {
    /// let layer = ory_sdk::tokens::BearerLayer::new(tokens);
    /// # let _ = layer;
    /// # }
    /// ```
    pub fn new(provider: impl TokenProvider + 'static) -> Self {
        Self { source: Arc::new(Source { provider: Box::new(provider), refused: Mutex::default() }) }
    }
}

impl<S> Layer<S> for BearerLayer {
    type Service = BearerService<S>;

    fn layer(&self, inner: S) -> BearerService<S> {
        BearerService { inner, source: Arc::clone(&self.source) }
    }
}

impl fmt::Debug for BearerLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerLayer").finish_non_exhaustive()
    }
}

/// The service that a [`BearerLayer`] makes.
///
/// ```
/// use ory_sdk::tokens::{BearerLayer, BearerService};
/// use tower_layer::Layer;
///
/// fn with_token<S>(layer: &BearerLayer, service: S) -> BearerService<S> {
///     layer.layer(service)
/// }
/// ```
///
/// Its error is a box: that of the service inside, or that of the provider.
#[derive(Clone)]
pub struct BearerService<S> {
    inner: S,
    source: Arc<Source>,
}

impl Source {
    async fn authorization(&self) -> Result<(Secret, HeaderValue), BoxError> {
        let refused = self.refused().clone();
        let token = self.provider.token(refused.as_ref()).await?;
        // The provider knows it now. Until here the request may have been dropped, or the provider may have failed.
        let mut last = self.refused();
        if *last == refused {
            *last = None;
        }
        drop(last);
        let value = authorization(&token)?;
        Ok((token, value))
    }

    fn refused(&self) -> MutexGuard<'_, Option<Secret>> {
        // Every change is one assignment.
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a server did not take the token. gRPC says so in a header, beside the status 200.
fn is_refusal(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::UNAUTHORIZED || headers.get("grpc-status").is_some_and(|status| status == "16")
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for BearerService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    RequestBody: Send + 'static,
{
    type Response = Response<ResponseBody>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        // The service that is ready, and a clone for the next call.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let source = Arc::clone(&self.source);
        Box::pin(async move {
            if request.headers().contains_key(header::AUTHORIZATION) {
                return inner.call(request).await.map_err(Into::into);
            }
            let (token, value) = source.authorization().await?;
            request.headers_mut().insert(header::AUTHORIZATION, value);
            let response = inner.call(request).await.map_err(Into::into)?;
            if is_refusal(response.status(), response.headers()) {
                *source.refused() = Some(token);
            }
            Ok(response)
        })
    }
}

impl<S: fmt::Debug> fmt::Debug for BearerService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerService").field("inner", &self.inner).finish_non_exhaustive()
    }
}
