//! Extractors: who is signed in.

use std::fmt;
use std::time::Duration;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::refusal::Refused;
use crate::sessions::{Check, Refusal, SignedIn};
use crate::web::answers::{RequestKind, error_body, missing_layer};
use crate::web::layers::Visit;
use crate::web::respond;

/// Extracts who is signed in.
///
/// ```
/// use ory_sdk::web::axum::Person;
///
/// async fn account(Person(person): Person) -> String {
///     format!("You are {}", person.identity().id)
/// }
/// ```
///
/// `Option<Person>` is for routes that are open to all: `None` if nobody is signed in, or if a second factor is still due. An
/// outage of Kratos is a 503 there too, so that nobody seems to be signed out.
#[derive(Debug, Clone)]
pub struct Person(pub SignedIn);

/// Extracts who is signed in with a second factor (`aal2`).
///
/// ```
/// use ory_sdk::web::axum::SecondFactor;
///
/// async fn keys(SecondFactor(person): SecondFactor) -> String {
///     format!("the keys of {}", person.identity().id)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct SecondFactor(pub SignedIn);

/// Extracts who is signed in, and proved it during the last `SECONDS`.
///
/// ```
/// use ory_sdk::web::axum::Recent;
///
/// async fn delete_account(Recent(person): Recent<600>) -> String {
///     format!("{} is deleted", person.identity().id)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Recent<const SECONDS: u64>(pub SignedIn);

/// Extracts the traits of whoever is signed in, as your own type.
///
/// ```
/// use ory_sdk::web::axum::Traits;
///
/// #[derive(serde::Deserialize)]
/// struct Profile {
///     email: String,
/// }
///
/// async fn account(Traits(profile): Traits<Profile>) -> String {
///     profile.email
/// }
/// ```
///
/// Traits of another form are a 500: the identity schema and your type differ. `Debug` shows the name of your type, and
/// nothing of the person.
#[derive(Clone)]
pub struct Traits<T>(pub T);

impl<T> fmt::Debug for Traits<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Traits({})", std::any::type_name::<T>())
    }
}

async fn find(parts: &mut Parts, how: Check) -> Result<SignedIn, (Option<Refusal>, Refused)> {
    let Some(visit) = parts.extensions.get::<Visit>().cloned() else {
        return Err((None, Refused::new(missing_layer(&parts.headers))));
    };
    visit.check(&parts.headers, how).await.map_err(|refusal| {
        let response = visit.answer(&refusal, RequestKind::of(&parts.headers));
        (Some(refusal), Refused::new(response))
    })
}

async fn require(parts: &mut Parts, how: Check) -> Result<SignedIn, Refused> {
    find(parts, how).await.map_err(|(_, refused)| refused)
}

impl<S: Sync> FromRequestParts<S> for Person {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        require(parts, Check::new()).await.map(Self)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Person {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Refused> {
        match find(parts, Check::new()).await {
            Ok(person) => Ok(Some(Self(person))),
            Err((Some(Refusal::Nobody | Refusal::SecondFactor { .. }), _)) => Ok(None),
            Err((_, refused)) => Err(refused),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for SecondFactor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        require(parts, Check::new().second_factor()).await.map(Self)
    }
}

impl<S: Sync, const SECONDS: u64> FromRequestParts<S> for Recent<SECONDS> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        require(parts, Check::new().signed_in_within(Duration::from_secs(SECONDS))).await.map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Traits<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let person = require(parts, Check::new()).await?;
        person.traits().map(Self).map_err(|_| {
            // The error may repeat what the person typed, so it is not told.
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            let why = "The traits of the identity have another form than this service expects.";
            Refused::new(respond::json(status, &error_body(status, None, why)))
        })
    }
}
