//! The layer around a service: it lets guards and extractors ask who it is, and marks responses that are about a person.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::visit::Visit;
use crate::sessions::Sessions;
use crate::web::answers::{SessionLayerBuilder, Settings};

/// A layer that lets routes ask who is signed in: by a [`Guard`](super::Guard), or by the extractors of the feature `axum`.
///
/// ```
/// # #[cfg(feature = "axum")]
/// # fn example(sessions: &ory_sdk::sessions::Sessions) -> Result<axum::Router, ory_sdk::error::InvalidSetting> {
/// use axum::Router;
/// use axum::routing::get;
/// use ory_sdk::web::SessionLayer;
/// use ory_sdk::web::axum::Person;
///
/// async fn account(Person(person): Person) -> String {
///     format!("You are {}", person.identity().id)
/// }
///
/// let layer = SessionLayer::builder(sessions).public_url("https://app.example.org").build()?;
/// let app = Router::new().route("/", get(|| async { "Hello" })).route("/account", get(account)).layer(layer);
/// # Ok(app)
/// # }
/// ```
///
/// The layer makes no call by itself, so a public route costs none. Where a guard or an extractor checked who it is, the
/// response gets `Cache-Control: private, no-store` (unless the handler set one), `Vary: Cookie, Authorization,
/// X-Session-Token`, and the `Set-Cookie` headers of Kratos, which sets its cookie again after a session was extended.
///
/// Put it around the whole service: whoever signs in returns to the URI that the layer sees.
///
/// # Answers
///
/// | the person | browser, GET or HEAD | browser, other methods | API | gRPC |
/// | --- | --- | --- | --- | --- |
/// | is not signed in | 303 to the login, with `return_to` | 303 to the login | 401, `WWW-Authenticate: Bearer` | 16 |
/// | needs a second factor, or must sign in again | 303 to the login with `aal=aal2` or `refresh=true`, and `return_to` | the same without `return_to` | 403 with the URL | 7 |
/// | is not allowed, or has no verified address | 403 | 403 | 403 | 7 |
/// | sent a credential that no server takes | 400 | 400 | 400 | 3 |
/// | cannot be checked | 503 with `Retry-After` | 503 | 503 | 14 |
///
/// [`RequestKind::of`](crate::web::RequestKind::of) finds out what sent the request. A script of htmx gets `HX-Redirect`
/// instead of a redirect. JSON has the shape of Kratos' own errors. [`SessionLayerBuilder::on_refusal`] replaces any of
/// these answers.
#[derive(Clone)]
pub struct SessionLayer {
    settings: Arc<Settings>,
}

impl SessionLayer {
    /// Starts to build a layer.
    pub fn builder(sessions: &Sessions) -> SessionLayerBuilder {
        SessionLayerBuilder::new(sessions)
    }

    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings: Arc::new(settings) }
    }

    /// The settings, for a service that answers for others.
    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> SessionService<S> {
        SessionService { inner, settings: Arc::clone(&self.settings) }
    }
}

impl fmt::Debug for SessionLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionLayer").field(&self.settings).finish()
    }
}

/// The service that a [`SessionLayer`] makes.
///
/// ```
/// use ory_sdk::web::{SessionLayer, SessionService};
/// use tower_layer::Layer;
///
/// fn protect<S>(layer: &SessionLayer, service: S) -> SessionService<S> {
///     layer.layer(service)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct SessionService<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for SessionService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
{
    type Response = Response<ResponseBody>;
    type Error = S::Error;
    type Future = SessionFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> SessionFuture<S::Future> {
        let visit = Visit::new(&self.settings, request.method().clone(), original_uri(&request));
        request.extensions_mut().insert(visit.clone());
        SessionFuture { inner: self.inner.call(request), visit }
    }
}

/// The URI as the request arrived, also inside a nested router of axum.
fn original_uri<B>(request: &Request<B>) -> http::Uri {
    #[cfg(feature = "axum")]
    if let Some(axum::extract::OriginalUri(uri)) = request.extensions().get() {
        return uri.clone();
    }
    request.uri().clone()
}

pin_project! {
    /// The response of a [`SessionService`].
    ///
    /// ```
    /// # use ory_sdk::web::{SessionFuture, SessionService};
    /// # use tower_service::Service;
    /// fn respond<S, B>(service: &mut SessionService<S>, request: http::Request<()>) -> SessionFuture<S::Future>
    /// where
    ///     S: Service<http::Request<()>, Response = http::Response<B>>,
    /// {
    ///     service.call(request)
    /// }
    /// ```
    #[derive(Debug)]
    pub struct SessionFuture<F> {
        #[pin]
        inner: F,
        visit: Visit,
    }
}

impl<F, B, E> Future for SessionFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<B>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(context));
        if let Ok(response) = &mut response {
            this.visit.finish(response.headers_mut());
        }
        Poll::Ready(response)
    }
}
