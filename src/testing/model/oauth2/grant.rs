//! What a client was granted.

use serde_json::{Map, Value};

use super::authorization::Authorization;
use crate::testing::clock::Time;
use crate::testing::random;

/// What the tokens of one flow have in common.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    /// The id of the consent, or of the request of a client for itself.
    pub id: String,
    pub client: String,
    /// The client itself, if there is no person.
    pub subject: String,
    pub scope: Vec<String>,
    pub audience: Vec<String>,
    pub access_claims: Map<String, Value>,
    pub id_claims: Map<String, Value>,
    /// How the person signed in, if there is one.
    pub authentication: Option<Authentication>,
}

#[derive(Debug, Clone)]
pub(crate) struct Authentication {
    /// The subject as the client sees it.
    pub identifier: String,
    pub session: String,
    pub authenticated_at: Time,
    pub requested_at: Time,
    pub nonce: String,
    pub acr: String,
    pub amr: Vec<String>,
}

impl Grant {
    /// A grant without a person.
    pub(crate) fn of_client(client: &str, subject: &str, scope: Vec<String>, audience: Vec<String>) -> Self {
        Self {
            id: random::uuid().to_string(),
            client: client.to_owned(),
            subject: subject.to_owned(),
            scope,
            audience,
            access_claims: Map::new(),
            id_claims: Map::new(),
            authentication: None,
        }
    }

    /// What a person granted. `identifier` is their subject as the client sees it.
    pub(crate) fn of_flow(flow: &Authorization, identifier: String, nonce: &str) -> Self {
        let (login, consent) = (&flow.login, &flow.consent);
        Self {
            id: consent.id.clone(),
            client: flow.client.clone(),
            subject: login.subject.clone(),
            scope: consent.scope.clone(),
            audience: consent.audience.clone(),
            access_claims: consent.access_claims.clone(),
            id_claims: consent.id_claims.clone(),
            authentication: Some(Authentication {
                identifier,
                session: login.session.clone(),
                authenticated_at: login.authenticated_at.unwrap_or(flow.requested_at),
                requested_at: flow.requested_at,
                nonce: nonce.to_owned(),
                acr: login.acr.clone(),
                amr: login.amr.clone(),
            }),
        }
    }

    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scope.iter().any(|granted| granted == scope)
    }

    /// Whether the scope asks for a refresh token.
    pub(crate) fn is_offline(&self) -> bool {
        self.has_scope("offline") || self.has_scope("offline_access")
    }
}
