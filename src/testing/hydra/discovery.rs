//! The discovery document of OpenID Connect and the keys that it refers to.

use serde_json::{Value, json};

use crate::testing::http::Reply;
use crate::testing::state::State;

pub(super) fn configuration(state: &State) -> Reply {
    Reply::ok(&document(&state.url))
}

pub(super) fn keys(state: &mut State) -> Reply {
    Reply::ok(&json!({"keys": state.oauth2.keys.published()}))
}

fn document(url: &str) -> Value {
    let at = |path: &str| format!("{url}{path}");
    json!({
        "issuer": url,
        "authorization_endpoint": at("/oauth2/auth"),
        "device_authorization_endpoint": at("/oauth2/device/auth"),
        "token_endpoint": at("/oauth2/token"),
        "jwks_uri": at("/.well-known/jwks.json"),
        "revocation_endpoint": at("/oauth2/revoke"),
        "userinfo_endpoint": at("/userinfo"),
        "end_session_endpoint": at("/oauth2/sessions/logout"),
        "credentials_endpoint_draft_00": at("/credentials"),
        "subject_types_supported": ["public", "pairwise"],
        "response_types_supported":
            ["code", "code id_token", "id_token", "token id_token", "token", "token id_token code"],
        "claims_supported": ["sub"],
        "grant_types_supported": [
            "authorization_code", "implicit", "client_credentials", "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "scopes_supported": ["offline_access", "offline", "openid"],
        "token_endpoint_auth_methods_supported":
            ["client_secret_post", "client_secret_basic", "private_key_jwt", "none"],
        "userinfo_signing_alg_values_supported": ["none", "RS256"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "id_token_signed_response_alg": ["RS256"],
        "userinfo_signed_response_alg": ["RS256"],
        "request_parameter_supported": true,
        "request_uri_parameter_supported": true,
        "require_request_uri_registration": true,
        "claims_parameter_supported": false,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "request_object_signing_alg_values_supported": ["none", "RS256", "ES256"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "credentials_supported_draft_00": [{
            "format": "jwt_vc_json",
            "types": ["VerifiableCredential", "UserInfoCredential"],
            "cryptographic_binding_methods_supported": ["jwk"],
            "cryptographic_suites_supported":
                ["PS256", "RS256", "ES256", "PS384", "RS384", "ES384", "PS512", "RS512", "ES512", "EdDSA"],
        }],
    })
}
