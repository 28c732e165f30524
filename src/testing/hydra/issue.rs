//! Writes and signs tokens.

use std::sync::Arc;

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::oauth2_error::OAuth2Error;
use crate::testing::clock::after;
use crate::testing::model::{
    ACCESS_TOKEN_SET, Grant, ID_TOKEN_SET, OAuth2Client, Token, access_token_claims, id_token_claims, left_half_hash,
    token_text,
};
use crate::testing::state::State;

/// How long tokens are valid where the client does not say.
const HOUR: TimeDelta = TimeDelta::hours(1);
const MONTH: TimeDelta = TimeDelta::days(30);

/// The lifespan of access and ID tokens under this key of a client.
pub(super) fn lifespan(client: &OAuth2Client, key: &str) -> TimeDelta {
    client.lifespan(key, HOUR)
}

/// Whole seconds until a token ends, as they are right after it was made.
pub(super) fn seconds(lifespan: TimeDelta) -> i64 {
    (lifespan - TimeDelta::nanoseconds(1)).num_seconds()
}

/// Gives a client an access token, opaque or a JWT. Also returns the seconds until its end.
pub(super) fn access_token(
    state: &mut State,
    client: &OAuth2Client,
    grant: &Arc<Grant>,
    lifespan: TimeDelta,
) -> Result<(String, i64), OAuth2Error> {
    let token = Token::new(grant, state.clock.now(), lifespan);
    let is_jwt = match client.text("access_token_strategy") {
        "" => state.oauth2.jwt_access_tokens,
        strategy => strategy == "jwt",
    };
    let text =
        if is_jwt { sign(state, ACCESS_TOKEN_SET, &access_token_claims(&state.url, &token))? } else { token_text() };
    state.oauth2.tokens.add_access(text.clone(), token);
    Ok((text, seconds(lifespan)))
}

/// Signs an ID token, which has these hashes of what comes with it.
pub(super) fn id_token(
    state: &mut State,
    grant: &Grant,
    lifespan: TimeDelta,
    hashes: &[(&str, String)],
) -> Result<String, OAuth2Error> {
    let now = state.clock.now();
    let claims = id_token_claims(&state.url, grant, now, after(now, lifespan), hashes);
    sign(state, ID_TOKEN_SET, &claims)
}

/// The tokens of a grant, as the token endpoint sends them. `prefix` is that of the client's lifespans for this grant.
pub(super) fn tokens(
    state: &mut State,
    client: &OAuth2Client,
    grant: &Arc<Grant>,
    prefix: &str,
) -> Result<Value, OAuth2Error> {
    let key = |kind: &str| format!("{prefix}_grant_{kind}_lifespan");
    let (access, expires_in) = access_token(state, client, grant, lifespan(client, &key("access_token")))?;
    let mut body = json!({
        "access_token": access,
        "expires_in": expires_in,
        "scope": grant.scope.join(" "),
        "token_type": "bearer",
    });
    let has_person = grant.authentication.is_some();
    if has_person && grant.has_scope("openid") {
        let hashes = [("at_hash", left_half_hash(&access))];
        body["id_token"] = id_token(state, grant, lifespan(client, &key("id_token")), &hashes)?.into();
    }
    if has_person && grant.is_offline() && client.allows_grant("refresh_token") {
        let lifespan = client.lifespan(&key("refresh_token"), MONTH);
        let token = Token::new(grant, state.clock.now(), lifespan);
        body["refresh_token"] = state.oauth2.tokens.add_refresh(token).into();
    }
    Ok(body)
}

/// Signs claims with the newest key of a set.
pub(super) fn sign(state: &mut State, set: &str, claims: &Value) -> Result<String, OAuth2Error> {
    let token = state.oauth2.keys.signing_key(set).and_then(|key| key.sign(claims, &Map::new()));
    token.ok_or_else(|| OAuth2Error::unrecognizable(StatusCode::INTERNAL_SERVER_ERROR))
}
