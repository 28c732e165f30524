//! What the contract says about one operation.

use super::kinds::{Area, Endpoint, Place, Repeat, Security};

/// One operation of the contract, as the build compiled it.
///
/// ```
/// let operation = ory_sdk::contract::operations().iter().find(|op| op.name == "to_session");
/// # #[cfg(feature = "frontend")]
/// assert_eq!(operation.unwrap().path, "/sessions/whoami");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Operation {
    /// Ory's name (`adminListIdentities`).
    pub id: &'static str,
    /// The client's method (`admin_list_identities`).
    pub name: &'static str,
    /// The HTTP method.
    pub method: http::Method,
    /// The path template (`/admin/identities/{id}`).
    pub path: &'static str,
    /// The area of the API.
    pub area: Area,
    /// The server that it is sent to.
    pub endpoint: Endpoint,
    /// The credentials that it accepts, of which one is enough. An operation without any is public.
    pub security: &'static [Security],
    /// Whether it may be sent again.
    pub repeat: Repeat,
    /// The parameters in path, query and headers.
    pub parameters: &'static [Parameter],
    /// The body of the request, if it has one.
    pub body: Option<Body>,
    /// The type of the response, as text.
    pub success: &'static str,
    /// Whether a redirect is a success.
    pub redirect: bool,
    /// Whether a browser visits it as a page. Then its builder has `url`.
    pub visited: bool,
    /// Its name in the layout of 2021, if it was there.
    pub legacy: Option<&'static str>,
    /// The first version of a server that has it: `Kratos 1.0.0`, `Ory Network`. `None` if Kratos 0.11, Hydra 2.0 and Keto
    /// 0.11 have it.
    pub since: Option<&'static str>,
    /// Whether every server has it, so that the call names one. Then its builder has `endpoint`.
    pub any_endpoint: bool,
    /// The paths on self-hosted servers that have it elsewhere than at [`path`](Self::path).
    pub paths_at: &'static [(Endpoint, &'static str)],
    /// Statuses of 4xx and 5xx whose body is a result and no error, such as the 403 for "denied".
    pub results: &'static [u16],
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Whether it returns a list. Then its builder has `by_page` and `by_item`.
    pub list: bool,
}

impl Operation {
    /// Whether it takes a login, consent or logout challenge of an OAuth2 provider.
    pub(crate) fn takes_challenge(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.wire.ends_with("_challenge"))
    }
}

/// A parameter of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub wire: &'static str,
    /// The name of the setter.
    pub name: &'static str,
    /// Where it goes in the request.
    pub place: Place,
    /// Whether it is required.
    pub required: bool,
    /// Whether it is a secret.
    pub secret: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The smallest value.
    pub minimum: Option<i64>,
    /// The greatest value.
    pub maximum: Option<i64>,
    /// The smallest length of a text, in characters.
    pub min_length: Option<u64>,
    /// The smallest value in the layout of 2021, if it differs.
    pub legacy_minimum: Option<i64>,
    /// The greatest value in the layout of 2021, if it differs.
    pub legacy_maximum: Option<i64>,
}

impl Parameter {
    /// The smallest and the greatest value. With `legacy`, those of the layout of 2021, if they differ.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # {
    /// let operation = ory_sdk::contract::operations().iter().find(|op| op.id == "adminListIdentities").unwrap();
    /// let per_page = operation.parameters.iter().find(|parameter| parameter.wire == "per_page").unwrap();
    /// assert_eq!(per_page.bounds(false), (Some(1), Some(1000)));
    /// assert_eq!(per_page.bounds(true), (Some(1), Some(500)));
    /// # }
    /// ```
    pub fn bounds(&self, legacy: bool) -> (Option<i64>, Option<i64>) {
        let of_legacy = |bound: Option<i64>| bound.filter(|_| legacy);
        let least = of_legacy(self.legacy_minimum).or(self.minimum);
        let most = of_legacy(self.legacy_maximum).or(self.maximum);
        (least, most)
    }

    /// Why a value is refused, if it is out of bounds.
    pub(crate) fn refuse(&self, value: &str, legacy: bool) -> Option<String> {
        let name = self.name;
        if self.min_length.is_some_and(|least| (value.chars().count() as u64) < least) {
            return Some(if value.is_empty() {
                format!("`{name}` must not be empty")
            } else {
                format!("`{name}` must have at least {} characters", self.min_length.unwrap_or_default())
            });
        }
        let (least, most) = self.bounds(legacy);
        let number: i64 = value.parse().ok()?;
        if least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most) {
            return None;
        }
        let allowed = match (least, most) {
            (Some(least), Some(most)) => format!("from {least} to {most}"),
            (Some(least), None) => format!("at least {least}"),
            (None, Some(most)) => format!("at most {most}"),
            (None, None) => return None,
        };
        Some(format!("`{name}` must be {allowed}, but is {number}"))
    }
}

/// The body of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body {
    /// The media type.
    pub content_type: &'static str,
    /// Whether it is required.
    pub required: bool,
    /// The Rust type, as text.
    pub ty: &'static str,
}
