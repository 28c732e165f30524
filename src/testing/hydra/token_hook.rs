//! What Hydra sends to its token hooks.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::testing::clock::{after, rfc3339};
use crate::testing::random;
use crate::testing::state::State;

/// Go's time for "never".
const NEVER: &str = "0001-01-01T00:00:00Z";

/// A request for a token that a hook may change.
#[derive(Debug, Clone)]
pub(crate) struct TokenRequest {
    pub client_id: String,
    /// Empty for client credentials.
    pub subject: String,
    pub grant_type: String,
    pub scope: Vec<String>,
    pub audience: Vec<String>,
    pub access_token_claims: Value,
    pub id_token_claims: Value,
}

/// The body of the token hook.
pub(crate) fn body(state: &State, request: &TokenRequest) -> Value {
    // With a code, Hydra leaves out what the consent granted.
    let is_code = request.grant_type == "authorization_code";
    let granted = |list: &[String]| if is_code { json!([]) } else { json!(list) };
    json!({
        "session": session(state, request),
        "request": {
            "client_id": request.client_id,
            "requested_scopes": request.scope,
            "granted_scopes": granted(&request.scope),
            "granted_audience": granted(&request.audience),
            "grant_types": [request.grant_type],
            "payload": {"grant_type": [request.grant_type]},
        },
    })
}

/// The body of the older hook for refresh tokens.
pub(crate) fn refresh_body(state: &State, request: &TokenRequest) -> Value {
    json!({
        "subject": request.subject,
        "session": session(state, request),
        "requester": {
            "client_id": request.client_id,
            "granted_scopes": request.scope,
            "granted_audience": request.audience,
            "grant_types": ["refresh_token"],
        },
        "client_id": request.client_id,
        "granted_scopes": request.scope,
        "granted_audience": request.audience,
    })
}

fn session(state: &State, request: &TokenRequest) -> Value {
    let now = state.clock.now();
    let is_person = !request.subject.is_empty();
    let time = if is_person { rfc3339(now) } else { NEVER.to_owned() };
    let mut expires_at = json!({"access_token": rfc3339(after(now, TimeDelta::hours(1)))});
    if is_person {
        expires_at["refresh_token"] = json!(rfc3339(after(now, TimeDelta::days(30))));
    }
    let headers = if is_person { json!({"extra": {"kid": random::uuid()}}) } else { json!({"extra": null}) };
    json!({
        "id_token": {
            "id_token_claims": {
                "jti": "",
                "iss": state.url,
                "sub": request.subject,
                "aud": is_person.then_some([&request.client_id]),
                "nonce": "",
                "exp": NEVER,
                "iat": rfc3339(now),
                "rat": time,
                "auth_time": time,
                "at_hash": "",
                "acr": "",
                "amr": null,
                "c_hash": "",
                "ext": if is_person { request.id_token_claims.clone() } else { Value::Null },
            },
            "headers": headers,
            "expires_at": expires_at,
            "subject": if is_person { &request.subject } else { &request.client_id },
        },
        "extra": request.access_token_claims,
        "kid": random::uuid(),
        "client_id": request.client_id,
        "consent_challenge": if is_person { random::uuid().simple().to_string() } else { String::new() },
        "exclude_not_before_claim": false,
        "allowed_top_level_claims": [],
        "mirror_top_level_claims": true,
    })
}
