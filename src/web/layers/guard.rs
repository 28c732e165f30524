//! A layer that lets in only those who are signed in.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::Either;
use tower_layer::Layer;
use tower_service::Service;

use super::visit::Visit;
use crate::platform::BoxFuture;
use crate::sessions::{Check, Checked, Refusal, SignedIn};
use crate::web::answers::{RequestKind, missing_layer};

type OwnCheck = Arc<dyn Fn(SignedIn) -> BoxFuture<'static, Result<(), Refusal>> + Send + Sync>;

/// A layer that lets in only those who are signed in, and meet what you require.
///
/// ```
/// # #[cfg(feature = "axum")]
/// # fn example(layer: ory_sdk::web::SessionLayer) -> axum::Router {
/// use std::time::Duration;
///
/// use axum::Router;
/// use axum::routing::get;
/// use ory_sdk::web::Guard;
///
/// let admin = Router::new()
///     .route("/users", get(|| async { "all users" }))
///     .layer(Guard::signed_in().second_factor().within(Duration::from_secs(600)));
/// let app = Router::new().nest("/admin", admin).layer(layer);
/// # app
/// # }
/// ```
///
/// It stands inside of a [`SessionLayer`](super::SessionLayer), which has the settings and lists the answers. Without one it
/// lets nobody in, and responds with a 500 that says so. The handler finds who it is in the extensions of the request, as a
/// [`SignedIn`].
///
/// A requirement that a cached session does not meet is checked afresh once before it refuses.
#[derive(Clone)]
pub struct Guard {
    check: Check,
    own: Option<OwnCheck>,
    grpc: bool,
}

impl Guard {
    /// Requires somebody who is signed in.
    pub fn signed_in() -> Self {
        Self { check: Check::new(), own: None, grpc: false }
    }

    /// Requires a second factor (`aal2`).
    pub fn second_factor(mut self) -> Self {
        self.check = self.check.second_factor();
        self
    }

    /// Requires that the person last proved who they are at most this long ago.
    pub fn within(mut self, time: Duration) -> Self {
        self.check = self.check.signed_in_within(time);
        self
    }

    /// Requires an address that is verified.
    pub fn verified(mut self) -> Self {
        self.check = self.check.verified_address();
        self
    }

    /// Asks Kratos for every request, whatever is cached.
    pub fn fresh(mut self) -> Self {
        self.check = self.check.fresh();
        self
    }

    /// Adds a check of your own, for example of a permission. Only one: the last counts.
    ///
    /// ```
    /// use ory_sdk::sessions::{Refusal, SignedIn};
    /// use ory_sdk::web::Guard;
    ///
    /// let staff = Guard::signed_in().check(|person: SignedIn| async move {
    ///     let is_staff = person.identity().schema_id == "staff";
    ///     if is_staff { Ok(()) } else { Err(Refusal::forbidden()) }
    /// });
    /// ```
    ///
    /// If it refuses a cached session, it is asked again with a fresh one.
    pub fn check<F>(mut self, check: impl Fn(SignedIn) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), Refusal>> + Send + 'static,
    {
        self.own = Some(Arc::new(move |person| Box::pin(check(person))));
        self
    }

    /// Answers as gRPC, whatever the request looks like. Without it, requests with `Content-Type: application/grpc` are
    /// answered so.
    pub fn grpc(mut self) -> Self {
        self.grpc = true;
        self
    }

    /// Checks a request. `Err` is the answer.
    async fn admit(&self, visit: Option<Visit>, headers: &HeaderMap) -> Result<SignedIn, Response<String>> {
        let Some(visit) = visit else { return Err(missing_layer(headers)) };
        let kind = if self.grpc { RequestKind::Grpc } else { RequestKind::of(headers) };
        let answer = |refusal: Refusal| visit.answer(&refusal, kind);
        let person = visit.check(headers, self.check).await.map_err(answer)?;
        let Some(own) = &self.own else { return Ok(person) };
        match own(person.clone()).await {
            Ok(()) => Ok(person),
            Err(refusal) if person.checked() == Checked::Fresh => Err(answer(refusal)),
            Err(_) => {
                let person = visit.check(headers, self.check.fresh()).await.map_err(answer)?;
                own(person.clone()).await.map_err(answer)?;
                Ok(person)
            }
        }
    }
}

impl<S> Layer<S> for Guard {
    type Service = GuardService<S>;

    fn layer(&self, inner: S) -> GuardService<S> {
        GuardService { inner, guard: self.clone() }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("check", &self.check)
            .field("own_check", &self.own.is_some())
            .field("grpc", &self.grpc)
            .finish()
    }
}

/// The service that a [`Guard`] makes.
///
/// ```
/// use ory_sdk::web::{Guard, GuardService};
/// use tower_layer::Layer;
///
/// fn protect<S>(service: S) -> GuardService<S> {
///     Guard::signed_in().layer(service)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct GuardService<S> {
    inner: S,
    guard: Guard,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for GuardService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Future: Send,
    RequestBody: Send + 'static,
    ResponseBody: 'static,
{
    type Response = Response<Either<ResponseBody, http_body_util::Full<Bytes>>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        // The service that is ready, and a clone for the next call.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let guard = self.guard.clone();
        Box::pin(async move {
            let visit = request.extensions().get::<Visit>().cloned();
            // The body may not be shared between threads, so only the headers are borrowed while it waits.
            let headers = std::mem::take(request.headers_mut());
            let admitted = guard.admit(visit, &headers).await;
            *request.headers_mut() = headers;
            match admitted {
                Ok(person) => {
                    request.extensions_mut().insert(person);
                    inner.call(request).await.map(|response| response.map(Either::Left))
                }
                Err(answer) => Ok(answer.map(|body| Either::Right(body.into()))),
            }
        })
    }
}
