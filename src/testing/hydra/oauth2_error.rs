//! Errors of OAuth2 (RFC 6749), each with its usual text and a hint at the end.

use std::fmt::Display;

use http::StatusCode;

use super::error::error;
use super::oauth2_reply;
use crate::testing::http::Reply;

/// The usual hint of `invalid_request`.
pub(super) const WHATEVER: &str = "Make sure that the various parameters are correct, be aware of case sensitivity and \
                                   trim your parameters. Make sure that the client you are using has exactly whitelisted \
                                   the redirect_uri you specified.";

/// An error, before it is known who is to see it: an administrator, an application, or the browser.
#[derive(Debug, Clone)]
pub(super) struct OAuth2Error {
    pub status: StatusCode,
    pub name: String,
    pub description: String,
}

/// One function for each error, which takes the hint.
macro_rules! errors {
    ($($function:ident $status:ident $text:literal;)*) => {
        impl OAuth2Error {
            $(
                pub(super) fn $function(hint: impl Display) -> Self {
                    Self::new(StatusCode::$status, stringify!($function), $text, hint)
                }
            )*
        }
    };
}

errors! {
    access_denied FORBIDDEN "The resource owner or authorization server denied the request.";
    consent_required BAD_REQUEST "The Authorization Server requires End-User consent.";
    insufficient_entropy BAD_REQUEST
        "The request used a security parameter (e.g., anti-replay, anti-csrf) with insufficient entropy.";
    invalid_client UNAUTHORIZED
        "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).";
    invalid_grant BAD_REQUEST
        "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.";
    invalid_request BAD_REQUEST
        "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.";
    invalid_scope BAD_REQUEST "The requested scope is invalid, unknown, or malformed.";
    invalid_state BAD_REQUEST
        "The state is missing or does not have enough characters and is therefore considered too weak.";
    invalid_token UNAUTHORIZED "Token expired.";
    login_required BAD_REQUEST "The Authorization Server requires End-User authentication.";
    request_forbidden FORBIDDEN "The request is not allowed.";
    request_unauthorized UNAUTHORIZED "The request could not be authorized.";
    server_error INTERNAL_SERVER_ERROR
        "The authorization server encountered an unexpected condition that prevented it from fulfilling the request.";
    unauthorized_client BAD_REQUEST "The client is not authorized to request a token using this method.";
    unsupported_response_mode BAD_REQUEST
        "The authorization server does not support obtaining a response using this response mode.";
    unsupported_response_type BAD_REQUEST
        "The authorization server does not support obtaining a token using this method.";
}

impl OAuth2Error {
    fn new(status: StatusCode, name: &str, text: &str, hint: impl Display) -> Self {
        let description = format!("{text} {hint}");
        Self { status, name: name.to_owned(), description: description.trim_end().to_owned() }
    }

    /// An error with nothing but its own text.
    pub(super) fn bare(status: StatusCode, name: &str, description: &str) -> Self {
        Self { status, name: name.to_owned(), description: description.to_owned() }
    }

    /// An error of a grant that the client does not have.
    pub(super) fn grant_not_allowed(grant: &str) -> Self {
        Self::unauthorized_client(format!("The OAuth 2.0 Client is not allowed to use authorization grant '{grant}'."))
    }

    /// An error that is no error of OAuth2.
    pub(super) fn unrecognizable(status: StatusCode) -> Self {
        Self::bare(status, "error", "The error is unrecognizable")
    }

    /// The reply to an application, which no cache may keep.
    pub(super) fn uncached(self) -> Reply {
        oauth2_reply::refuse(self.status, &self.name, &self.description)
    }

    /// The parameters of a redirect.
    pub(super) fn parameters(&self) -> Vec<(String, String)> {
        vec![("error".to_owned(), self.name.clone()), ("error_description".to_owned(), self.description.clone())]
    }
}

/// The reply to an administrator.
impl From<OAuth2Error> for Reply {
    fn from(oauth2_error: OAuth2Error) -> Self {
        error(oauth2_error.status, &oauth2_error.name, &oauth2_error.description)
    }
}
