//! A request on its way through the service: who it is, once somebody asks.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderValue, Method, Response, Uri, header};

use crate::credentials::{SetCookie, append};
use crate::sessions::{Check, Refusal, SignedIn};
use crate::web::answers::{Facts, RequestKind, Settings};

/// What the layer leaves in the extensions of a request.
#[derive(Clone)]
pub(crate) struct Visit {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Arc<Settings>,
    method: Method,
    /// As it arrived: routers remove prefixes.
    uri: Uri,
    /// Whether somebody asked who it is, so that the response is about one person.
    is_personal: AtomicBool,
    found: Mutex<Found>,
}

/// What is known so far.
#[derive(Default)]
struct Found {
    person: Option<SignedIn>,
    /// Kratos said that nobody is signed in.
    is_nobody: bool,
    /// What Kratos sets, for the browser.
    cookies: Vec<SetCookie>,
}

impl Visit {
    pub(super) fn new(settings: &Arc<Settings>, method: Method, uri: Uri) -> Self {
        let found = Mutex::default();
        let settings = Arc::clone(settings);
        Self { inner: Arc::new(Inner { settings, method, uri, is_personal: AtomicBool::new(false), found }) }
    }

    /// Checks who it is. One request asks Kratos once, however many of its guards and extractors want to know, unless one
    /// of them asks for more than is known.
    pub(crate) async fn check(&self, headers: &HeaderMap, how: Check) -> Result<SignedIn, Refusal> {
        let Inner { settings, method, is_personal, .. } = &*self.inner;
        is_personal.store(true, Ordering::Relaxed);
        if settings.is_foreign_websocket(headers) {
            return Err(Refusal::forbidden());
        }
        let how = if method.is_safe() { how.allow_stale() } else { how };
        let known = {
            let found = self.found();
            if found.is_nobody {
                return Err(Refusal::Nobody);
            }
            found.person.clone()
        };
        let sessions = &settings.sessions;
        let Some(who) = sessions.credential(headers) else { return Err(Refusal::Nobody) };
        let checked = sessions.check_known(known, &who, how).await;
        let mut found = self.found();
        match checked {
            Ok((person, unmet)) => {
                if found.cookies.is_empty() {
                    found.cookies = person.set_cookies().to_vec();
                }
                found.person = Some(person.clone());
                unmet.map_or(Ok(person), Err)
            }
            Err(refusal) => {
                // Anything else may be different when it is asked for again.
                found.is_nobody = matches!(refusal, Refusal::Nobody);
                Err(refusal)
            }
        }
    }

    /// The answer to a refusal.
    pub(crate) fn answer(&self, refusal: &Refusal, kind: RequestKind) -> Response<String> {
        let Inner { settings, method, uri, .. } = &*self.inner;
        settings.answer(refusal, &Facts { kind, method, uri })
    }

    /// Marks a response as one person's, if somebody asked who it is.
    pub(super) fn finish(&self, headers: &mut HeaderMap) {
        if !self.inner.is_personal.load(Ordering::Relaxed) {
            return;
        }
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
        headers.append(header::VARY, HeaderValue::from_static("Cookie, Authorization, X-Session-Token"));
        append(&self.found().cookies, headers);
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        // Every change is one assignment.
        self.inner.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit").field("method", &self.inner.method).finish_non_exhaustive()
    }
}
