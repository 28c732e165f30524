//! Hydra: which path is which operation, and how it refuses.

pub(super) mod clients;
pub(super) mod tokens;

use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::http::{Answer, Reply, Request};
use super::random;
use super::state::State;

/// Whether a path is Hydra's. All others are Kratos'.
pub(super) fn owns(path: &[&str]) -> bool {
    match path {
        ["admin", first, ..] => ["clients", "keys", "oauth2", "trust"].contains(first),
        [".well-known", "ory", ..] => false,
        [first, ..] => ["oauth2", ".well-known", "userinfo", "credentials"].contains(first),
        [] => false,
    }
}

pub(super) fn answer(state: &mut State, request: &Request) -> Reply {
    let reply = route(state, request).unwrap_or_else(|refusal| refusal);
    if request.method == Method::GET {
        return reply.header(header::CACHE_CONTROL, "private, no-cache, no-store, must-revalidate");
    }
    reply
}

fn route(state: &mut State, request: &Request) -> Answer {
    match (request.method.as_str(), request.path().as_slice()) {
        ("GET", ["admin", "clients"]) => clients::list(state, request),
        ("POST", ["admin", "clients"]) => clients::create(state, request),
        ("GET", ["admin", "clients", id]) => clients::get(state, id),
        ("PUT", ["admin", "clients", id]) => clients::update(state, request, id),
        ("PATCH", ["admin", "clients", id]) => clients::patch(state, request, id),
        ("DELETE", ["admin", "clients", id]) => clients::delete(state, id),
        ("POST", ["oauth2", "token"]) => tokens::issue(state, request),
        ("POST", ["oauth2", "revoke"]) => tokens::revoke(state, request),
        ("POST", ["admin", "oauth2", "introspect"]) => tokens::introspect(state, request),
        ("GET", [".well-known", "openid-configuration"]) => Ok(Reply::ok(&discovery(&state.url))),
        ("GET", [".well-known", "jwks.json"]) => Ok(Reply::ok(&json!({"keys": state.keys}))),
        _ => {
            let reason =
                "The requested route does not exist. Make sure you are using the right path, domain, and port.";
            let body = json!({"error": {"code": 404, "message": "Not Found", "reason": reason}});
            Err(Reply::json(StatusCode::NOT_FOUND, &body))
        }
    }
}

/// An error of an administrative operation.
fn error(status: StatusCode, error: &str, description: &str) -> Reply {
    let body = json!({"error": error, "error_description": description});
    Reply::text(status, "application/json", body.to_string())
}

fn not_found() -> Reply {
    error(StatusCode::NOT_FOUND, "Unable to locate the resource", "")
}

/// The JSON of a body.
fn decode(request: &Request) -> Result<Value, Reply> {
    serde_json::from_slice(&request.body).map_err(|why| malformed(&why.to_string()))
}

fn malformed(why: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, "The request was malformed or contained invalid parameters", why)
}

/// An RSA public key in form; nothing is signed with it.
pub(super) fn public_key() -> Value {
    let modulus = format!("{}A", random::letters(682));
    json!({"use": "sig", "kty": "RSA", "kid": random::id(), "alg": "RS256", "n": modulus, "e": "AQAB"})
}

fn discovery(url: &str) -> Value {
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
