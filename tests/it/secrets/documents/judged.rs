//! Which texts of Ory's documents are secret, decided name by name, place by place, independently of the build.

/// Always secret.
const SECRETS: [&str; 90] = [
    // Sessions and flows.
    "csrf_token",
    "init_code",
    "logout_token",
    "logout_url",
    "ory_session_token",
    "return_to_code",
    "session_token",
    "session_token_exchange_code",
    "token",
    "tokenized",
    // User credentials.
    "challenge",
    "ciphertext",
    "code",
    "codes",
    "hashed_password",
    "id_token_nonce",
    "lookup_secret",
    "onclick",
    "onload",
    "passkey_create_data",
    "passkey_login",
    "passkey_register",
    "passkey_settings_register",
    "password",
    "pin_proof",
    "pin_secret",
    "recovery_code",
    "recovery_link",
    "secret",
    "signature",
    "totp_code",
    "totp_url",
    "webauthn_login",
    "webauthn_register",
    // OAuth2.
    "access_token",
    "assertion",
    "c_nonce",
    "client_assertion",
    "client_secret",
    "code_verifier",
    "consent_challenge",
    "consent_verifier",
    "credential_draft_00",
    "device_challenge",
    "device_code",
    "device_verifier",
    "id_token",
    "id_token_hint",
    "initial_access_token",
    "initial_id_token",
    "initial_refresh_token",
    "jwt",
    "login_challenge",
    "login_verifier",
    "logout_challenge",
    "logout_verifier",
    "oauth2_login_challenge",
    "refresh_token",
    "registration_access_token",
    "user_code",
    "verification_uri_complete",
    // The Network: keys, invitations, webhooks, sign-in providers and settings of servers.
    "apple_private_key",
    "authorization_header_secret",
    "credential",
    // A URL with a password.
    "https_endpoint",
    "hydra_oidc_subject_identifiers_pairwise_salt",
    "hydra_secrets_cookie",
    "hydra_secrets_pagination",
    "hydra_secrets_system",
    "invite_token",
    // What a template that sees the provider's claims writes.
    "jsonnet_stderr",
    "keto_secrets_pagination",
    "kratos_courier_http_request_config_auth_api_key_value",
    "kratos_courier_http_request_config_auth_basic_auth_password",
    "kratos_courier_smtp_connection_uri",
    "kratos_secrets_cipher",
    "kratos_secrets_cookie",
    "kratos_secrets_default",
    "kratos_secrets_pagination",
    "kratos_selfservice_methods_captcha_config_cf_turnstile_byo_secret",
    "kratos_selfservice_methods_captcha_config_cf_turnstile_secret",
    "onboarding_portal_token",
    "raw_key",
    "request_config_auth_config_api_key_value",
    "request_config_auth_config_basic_auth_password",
    "talos_credentials_derived_tokens_jwt_signing_keys_urls",
    "talos_secrets_hmac_current",
    "talos_secrets_hmac_retired",
    "web_hook_config_auth_api_key_value",
    "web_hook_config_auth_basic_auth_password",
];

/// Secret if the type has all properties of the first list and none of the second.
const PLACES: [(&str, &[&str], &[&str]); 13] = [
    // JSON Web Keys.
    ("d", &["kty"], &[]),
    ("dp", &["kty"], &[]),
    ("dq", &["kty"], &[]),
    ("k", &["kty"], &[]),
    ("p", &["kty"], &[]),
    ("q", &["kty"], &[]),
    ("qi", &["kty"], &[]),
    // API keys and links, but neither addresses nor filters.
    ("value", &[], &["via", "key", "attribute"]),
    // Mails and messages to phones.
    ("body", &["recipient"], &[]),
    ("subject", &["recipient"], &[]),
    // QR codes.
    ("src", &["height", "width"], &[]),
    // The keys that sign the tokens of sessions.
    ("jwks_url", &["claims_mapper_url"], &[]),
    ("nonce", &[], &["crossorigin"]),
];

/// A name with one of these words may be a secret, so somebody has to decide.
const SUSPICIOUS: [&str; 8] = ["cipher", "hmac", "otp", "password", "pin", "private", "salt", "secret"];

/// Like `SUSPICIOUS`, if the name ends in it.
const SUSPICIOUS_ENDINGS: [&str; 20] = [
    "assertion",
    "authorization",
    "challenge",
    "code",
    "codes",
    "cookie",
    "cookies",
    "credential",
    "credentials",
    "hash",
    "headers",
    "hint",
    "jwt",
    "key",
    "keys",
    "link",
    "proof",
    "token",
    "tokens",
    "verifier",
];

/// What was decided to be no secret, though its name is suspicious. It must show, and so must the others here, which
/// only resemble secrets.
const PLAIN: [&str; 46] = [
    "access_token_strategy",
    "apple_private_key_id",
    "at_hash",
    "authorization_endpoint",
    "c_hash",
    "client_assertion_type",
    "client_key_id",
    "code_challenge",
    "code_challenge_methods_supported",
    "config_key",
    "content_hash",
    "cookie_domain",
    "device_code_request_id",
    "domain_hint",
    "error_code",
    "error_hint",
    "grant_type",
    "hydra_ttl_access_token",
    "hydra_ttl_auth_code",
    "hydra_ttl_device_user_code",
    "hydra_ttl_id_token",
    "hydra_ttl_refresh_token",
    "hydra_webfinger_jwks_broadcast_keys",
    "jwks_uri",
    "key",
    "key_id",
    "kid",
    "link",
    "login_hint",
    "password_identifier",
    "proof_type",
    "revocation_endpoint",
    "stripe_link",
    "syntax-syntax-key",
    "token_endpoint",
    "token_endpoint_auth_method",
    "token_endpoint_auth_methods_supported",
    "token_type",
    "token_type_hint",
    "token_url",
    "token_use",
    "transport_public_key",
    "ttl_access_token",
    "verification_uri",
    "webauthn_register_displayname",
    "webauthn_remove",
];

/// Settings that name a method: `.._after_password_default_browser_return_url`, `password_grant_.._lifespan`.
const PLAIN_ENDINGS: [&str; 2] = ["_default_browser_return_url", "_lifespan"];

#[derive(Debug, PartialEq, Eq)]
pub enum Judged {
    Secret,
    Plain,
    /// Nobody would take it for a secret.
    Harmless,
    Undecided,
}

/// What a text is. `others` are the properties of its type.
pub fn judge(name: &str, others: &[&str]) -> Judged {
    let there = |names: &[&str]| names.iter().all(|name| others.contains(name));
    let at_place = PLACES
        .iter()
        .any(|(of, with, without)| *of == name && there(with) && !without.iter().any(|name| others.contains(name)));
    if SECRETS.contains(&name) || at_place {
        return Judged::Secret;
    }
    if PLAIN.contains(&name) || PLAIN_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return Judged::Plain;
    }
    let words: Vec<&str> = name.split(['_', '-']).collect();
    let suspicious = words.iter().any(|word| SUSPICIOUS.contains(&word.trim_end_matches('s')));
    if suspicious || words.last().is_some_and(|last| SUSPICIOUS_ENDINGS.contains(last)) {
        return Judged::Undecided;
    }
    Judged::Harmless
}
