//! The calls as an extractor, and the decisions as responses (feature `axum`).

use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::action::Action;
use super::auth::ActionAuth;
use super::decision::Decision;
use super::error::ActionError;
use super::password::PasswordDecision;
use super::read::LARGEST;
use super::refused::ActionRefused;
use super::token_decision::TokenDecision;
use crate::web::axum::{BodyError, read_body};

/// Authenticates before a byte of the body is read.
impl<S, T> FromRequest<S> for Action<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
    ActionAuth: FromRef<S>,
{
    type Rejection = ActionRefused;

    async fn from_request(request: Request, state: &S) -> Result<Self, ActionRefused> {
        let headers = request.headers().clone();
        ActionAuth::from_ref(state).check(&headers)?;
        let body = read_body(request, LARGEST).await.map_err(|error| match error {
            BodyError::TooLarge => ActionRefused::too_large(LARGEST),
            BodyError::Broken => ActionRefused::unreadable("the body ended before its end"),
        })?;
        Self::of_body(&headers, &body)
    }
}

macro_rules! into_response {
    ($($ty:ty),*) => {
        $(impl IntoResponse for $ty {
            fn into_response(self) -> Response {
                <$ty>::into_response(self).into_response()
            }
        })*
    };
}

into_response!(Decision, TokenDecision, PasswordDecision, ActionRefused, ActionError);
