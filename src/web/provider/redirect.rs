//! Where a browser goes next.

use http::{HeaderMap, HeaderValue, Response};

use super::failure::ProviderError;
use crate::privacy::Location;
use crate::web::respond;

/// Where the browser goes next, and the cookies that it gets on the way.
///
/// ```
/// use ory_sdk::web::provider::LoginStep;
///
/// # fn example(step: LoginStep) {
/// if let LoginStep::Redirect(redirect) = step {
///     println!("to {}", redirect.location());
/// }
/// # }
/// ```
///
/// It becomes a response with the status 303, so that the browser never posts a form again, and with
/// `Cache-Control: no-store`.
#[derive(Debug, Clone)]
pub struct Redirect {
    location: Location,
    header: HeaderValue,
    cookies: SetCookies,
}

/// `Set-Cookie` lines, which `Debug` counts.
#[derive(Clone, Default)]
struct SetCookies(HeaderMap);

impl std::fmt::Debug for SetCookies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cookies", self.0.len())
    }
}

impl Redirect {
    pub(super) fn to(location: Location) -> Result<Self, ProviderError> {
        let header = location.to_header_value().ok().filter(|_| !location.is_empty());
        let header = header.ok_or_else(|| ProviderError::unexpected("Hydra sent no URL to go to"))?;
        Ok(Self { location, header, cookies: SetCookies::default() })
    }

    pub(super) fn with_cookies(mut self, cookies: HeaderMap) -> Self {
        self.cookies = SetCookies(cookies);
        self
    }

    /// Where the browser goes. The URL may contain a verifier: do not log its query.
    ///
    /// ```
    /// # fn example(redirect: &ory_sdk::web::provider::Redirect) {
    /// // `Display` leaves out the query.
    /// println!("to {}", redirect.location());
    /// # }
    /// ```
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The response: 303, not to be kept.
    ///
    /// ```
    /// # fn example(redirect: ory_sdk::web::provider::Redirect) {
    /// let response = redirect.into_response();
    /// assert_eq!(response.status(), 303);
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        let mut response = respond::redirect(self.header);
        response.headers_mut().extend(self.cookies.0);
        response
    }
}

impl From<Redirect> for Response<String> {
    fn from(redirect: Redirect) -> Self {
        redirect.into_response()
    }
}
