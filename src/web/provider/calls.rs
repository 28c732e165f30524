//! The calls to Hydra and Kratos. The operations are found in the contract's table by method and path, so that they work
//! with every contract.

use http::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::builder::Settings;
use super::failure::ProviderError;
use super::redirect::Redirect;
use super::requests::Accepted;
use crate::call::{CallOptions, Draft};
use crate::client::{Sending, operation_where};
use crate::contract::Operation;
use crate::error::{Error, NextStep};
use crate::input::Slot;
use crate::privacy::{Location, Secret};
use crate::response::{decode, name_only};
use crate::routing::canonical;

/// The kinds of requests that Hydra sends a browser here with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Login,
    Consent,
    Logout,
    Device,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Login, Self::Consent, Self::Logout, Self::Device];

    fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Consent => "consent",
            Self::Logout => "logout",
            Self::Device => "device",
        }
    }

    /// The parameter with the challenge.
    pub(super) fn parameter(self) -> &'static str {
        match self {
            Self::Login => "login_challenge",
            Self::Consent => "consent_challenge",
            Self::Logout => "logout_challenge",
            Self::Device => "device_challenge",
        }
    }
}

/// A request of Hydra's, or where the browser goes because it was used.
pub(super) enum Got<T> {
    Request(T),
    Used(Location),
}

impl Settings {
    /// Gets a request by its challenge.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        kind: Kind,
        challenge: &Secret,
    ) -> Result<Got<T>, ProviderError> {
        let draft = self.hydra(Method::GET, kind, "", challenge, None);
        match Sending::new(self.client.clone(), draft, decode::own_json::<T>, name_only).await {
            Ok(request) => Ok(Got::Request(request.into_body())),
            Err(error) => match error.next_step() {
                Some(NextStep::AlreadyUsed { location }) => Ok(Got::Used(location)),
                _ => Err(ProviderError::of_call(error)),
            },
        }
    }

    /// Accepts a request, and returns where the browser goes then. If somebody was faster, the browser goes to `again`.
    pub(super) async fn accept(
        &self,
        kind: Kind,
        challenge: &Secret,
        body: Option<Value>,
        again: &Location,
    ) -> Result<Redirect, ProviderError> {
        let draft = self.hydra(Method::PUT, kind, "/accept", challenge, body);
        self.decide(draft, again).await
    }

    /// Rejects a request with an error that the application gets.
    pub(super) async fn reject(
        &self,
        kind: Kind,
        challenge: &Secret,
        error: &str,
        description: &str,
        again: &Location,
    ) -> Result<Redirect, ProviderError> {
        let body = serde_json::json!({"error": error, "error_description": description, "status_code": 403});
        let draft = self.hydra(Method::PUT, kind, "/reject", challenge, Some(body));
        self.decide(draft, again).await
    }

    /// Rejects a logout, which leads nowhere.
    pub(super) async fn reject_logout(&self, challenge: &Secret) -> Result<(), ProviderError> {
        let draft = self.hydra(Method::PUT, Kind::Logout, "/reject", challenge, None);
        match Sending::new(self.client.clone(), draft, decode::empty, name_only).await {
            Ok(_) => Ok(()),
            // It was rejected before.
            Err(error) if error.is_not_found() || error.is_conflict() => Ok(()),
            Err(error) => Err(ProviderError::of_call(error)),
        }
    }

    async fn decide(&self, draft: Result<Draft, Error>, again: &Location) -> Result<Redirect, ProviderError> {
        match Sending::new(self.client.clone(), draft, decode::own_json::<Accepted>, name_only).await {
            Ok(accepted) => Redirect::to(accepted.into_body().redirect_to),
            Err(error) => match error.next_step() {
                Some(NextStep::AlreadyUsed { location }) => Redirect::to(location),
                _ if error.is_conflict() && !again.is_empty() => Redirect::to(again.clone()),
                _ => Err(ProviderError::of_call(error)),
            },
        }
    }

    fn hydra(
        &self,
        method: Method,
        kind: Kind,
        verb: &str,
        challenge: &Secret,
        body: Option<Value>,
    ) -> Result<Draft, Error> {
        let mut draft = self.draft(method, &format!("/oauth2/auth/requests/{}{verb}", kind.name()))?;
        draft.pair(kind.parameter(), challenge.expose());
        if let Some(body) = body {
            draft.json(Slot::Set(body), true);
        }
        draft.ready()
    }

    /// A call of the operation with this method and path, where administrative operations may have a prefix.
    pub(super) fn draft(&self, method: Method, path: &str) -> Result<Draft, Error> {
        let is_it = |it: &Operation| {
            let own = canonical(it.path);
            own.strip_prefix("/admin").unwrap_or(own) == path
        };
        let operation = operation_where("provider", &method, path, is_it)?;
        let mut draft = Draft::new(operation, CallOptions::default());
        draft.timeout = Some(self.timeout);
        Ok(draft)
    }
}
