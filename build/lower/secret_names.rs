//! Whether a text is secret by its name, or by its name and the names beside it. Ory's documents mark no secrets, so
//! nothing else tells.

use heck::ToSnakeCase;

/// A name is secret if it ends in these words.
const ENDINGS: [&[&str]; 51] = [
    // Tokens, codes and what proves possession of them.
    &["assertion"],
    &["authorization"],
    &["challenge"],
    &["ciphertext"],
    &["code"],
    &["codes"],
    &["cookie"],
    &["cookies"],
    &["credential"],
    &["credential", "draft", "00"],
    &["jwt"],
    &["c", "nonce"],
    &["proof"],
    &["signature"],
    &["token"],
    &["tokens"],
    &["token", "hint"],
    &["token", "nonce"],
    &["tokenized"],
    &["verifier"],
    // What a person types or a device stores.
    &["otp"],
    &["passcode"],
    &["passphrase"],
    &["password"],
    &["passwords"],
    &["password", "hash"],
    &["pin"],
    // What servers keep.
    &["salt"],
    &["secret"],
    &["secrets"],
    &["access", "key"],
    &["api", "key"],
    &["encryption", "key"],
    &["hmac", "key"],
    &["private", "key"],
    &["raw", "key"],
    &["secret", "key"],
    &["signing", "key"],
    &["key", "value"],
    // Headers of webhooks and mail servers hold credentials, and so do these URLs.
    &["headers"],
    &["connection", "uri"],
    &["connection", "url"],
    &["dsn"],
    &["logout", "url"],
    &["recovery", "link"],
    &["signing", "keys", "urls"],
    &["totp", "url"],
    &["uri", "complete"],
    &["verification", "link"],
    // Scripts that contain a WebAuthn challenge.
    &["onclick"],
    &["onload"],
];

/// Whole names. The forms of these methods send what the browser's authenticator returned.
const NAMES: [&str; 7] = [
    "passkey_challenge",
    "passkey_create_data",
    "passkey_login",
    "passkey_register",
    "passkey_settings_register",
    "webauthn_login",
    "webauthn_register",
];

/// Settings about secrets: `ttl_access_token` is a duration, and `include_credential` is a kind of credential.
const SETTINGS: [&str; 7] = ["include", "lifespan", "lifetime", "strategies", "strategy", "supported", "ttl"];

/// Other codes that are no secret have one of these words before `code`.
const PLAIN_CODES: [&str; 14] = [
    "area", "country", "currency", "error", "exit", "http", "language", "locale", "postal", "reason", "region",
    "response", "status", "zip",
];

/// Public by design: what PKCE (RFC 7636) shows of the verifier.
const PLAIN_CHALLENGE: [&str; 2] = ["code", "challenge"];

/// Private members of a JSON Web Key (RFC 7518).
const PRIVATE_MEMBERS: [&str; 7] = ["d", "dp", "dq", "k", "p", "q", "qi"];

/// Whether a text with this name is secret, wherever it is.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_snake_case();
    let words: Vec<&str> = name.split('_').collect();
    if words.iter().any(|word| SETTINGS.contains(word)) {
        return false;
    }
    let is_plain_code = matches!(words.as_slice(), [.., kind, "code" | "codes"] if PLAIN_CODES.contains(kind));
    if is_plain_code || words.ends_with(&PLAIN_CHALLENGE) {
        return false;
    }
    ENDINGS.iter().any(|ending| words.ends_with(ending)) || words.contains(&"secrets") || NAMES.contains(&name.as_str())
}

/// Whether the token only says where a page of a list begins.
pub fn is_page_token(name: &str) -> bool {
    name.to_snake_case().ends_with("page_token")
}

/// Whether a text of an object is secret. `has` says whether the object has a property of this name.
pub fn is_secret_in(name: &str, has: &dyn Fn(&str) -> bool) -> bool {
    match name {
        // A JSON Web Key.
        _ if PRIVATE_MEMBERS.contains(&name) => has("kty"),
        // An API key or a link has its secret here, an address or a filter what it is about.
        "value" => !["attribute", "key", "via"].into_iter().any(has),
        // A message to a person holds codes and links.
        "body" | "subject" => has("recipient"),
        // An image in a form is the QR code of a TOTP secret. A script has a public source.
        "src" => has("width") && has("height"),
        // The nonce of a script belongs to the page's Content Security Policy.
        "nonce" => !has("crossorigin"),
        // The keys that sign tokens, which may be part of the URL (`base64://`).
        "jwks_url" => has("claims_mapper_url"),
        _ => is_secret(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        for name in [
            "token",
            "accessToken",
            "X-Session-Token",
            "Cookie",
            "client_secret",
            "hashed_password",
            "code_verifier",
            "login_challenge",
            "client_assertion",
            "totp_code",
            "init_code",
            "id_token_hint",
            "apple_private_key",
            "kratos_secrets_cipher",
            "talos_secrets_hmac_current",
            "hydra_oidc_subject_identifiers_pairwise_salt",
            "web_hook_config_auth_api_key_value",
            "kratos_courier_smtp_connection_uri",
            "webauthn_login",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "token_type",
            "token_endpoint",
            "token_use",
            "token_type_hint",
            "code_challenge_methods_supported",
            "password_policy",
            "password_identifier",
            "code_challenge",
            "error_code",
            "status_code",
            "hydra_ttl_access_token",
            "hydra_strategies_access_token",
            "include_credential",
            "public_key",
            "key_id",
            "verification_uri",
            "webauthn_register_displayname",
            "cookie_domain",
            "secret_expires_at",
            "secretary",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn the_names_beside_it_tell() {
        let in_object = |name: &str, others: &[&str]| is_secret_in(name, &|other| others.contains(&other));
        assert!(in_object("d", &["kty", "d"]) && !in_object("d", &["d"]));
        assert!(in_object("value", &["id", "name"]) && !in_object("value", &["via"]));
        assert!(in_object("body", &["recipient"]) && !in_object("body", &["title"]));
        assert!(in_object("src", &["width", "height"]) && !in_object("src", &["crossorigin"]));
        assert!(in_object("nonce", &[]) && !in_object("nonce", &["crossorigin"]));
    }
}
